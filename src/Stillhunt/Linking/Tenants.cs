using System.Runtime.InteropServices;
using Stillhunt.Fingerprinting;

namespace Stillhunt.Linking;

/// <summary>
/// The declared end users of accounts that are looked at by themselves (docs/decisions/0009): those whose requests keep to a wording of their own, which hardly anybody else of the
/// account uses, as each customer of a reseller does. The users of one application write in its wording, and made-up end users over which one operator scatters its work in the operator's: neither stands apart.
/// </summary>
internal static class Tenants
{
    /// <summary>An account that names fewer end users carries nobody in particular.</summary>
    public const int LeastEndUsers = 3;

    /// <summary>Sampled exchanges, and conversations among them, of which it can be told whether they keep to a wording.</summary>
    private const int LeastExchanges = 8, LeastThreads = 4;

    /// <summary>Share of the account's other end users that may use a phrase for it to be somebody's own; what more of them use is the account's.</summary>
    private const double Others = 0.2;

    /// <summary>Phrases of its own that come again in other conversations which an exchange must hold, and the share of exchanges that must.</summary>
    private const int LeastPhrases = 2;

    private const double Keeps = 0.5;

    /// <param name="traffic">With every account whole.</param>
    /// <param name="taken">Whether an account is judged as a whole and stays whole.</param>
    public static List<Tenant> Apart(Traffic traffic, Func<int, bool> taken, Shares shares)
    {
        var found = new List<Tenant>[shares.SliceCount];
        shares.Slices(traffic.Subjects.Count, (slice, from, to) => found[slice] = Apart(traffic, taken, from, to));
        return [.. found.SelectMany(part => part)];
    }

    private static List<Tenant> Apart(Traffic traffic, Func<int, bool> taken, int from, int to)
    {
        var found = new List<Tenant>();
        for (var s = from; s < to; s++)
        {
            var subject = traffic.Subjects[s];
            if (subject.SampleCount < LeastExchanges) continue;
            var exchanges = traffic.Exchanges.AsSpan(subject.First, subject.SampleCount);
            if (NamesSeveral(exchanges) && !taken(s)) found.AddRange(Of(s, exchanges));
        }

        return found;
    }

    /// <summary>
    /// Whether so many of the tenants use phrases of each other's, which hardly anybody else uses, that some may have one hand. A wording that all of an operator's share is what else there would be to find, and a
    /// look at all traffic is dear.
    /// </summary>
    public static bool MayHaveOneHand(Traffic traffic, IReadOnlyCollection<Tenant> tenants, int least, Shares shares)
    {
        var users = new Dictionary<uint, int>();
        foreach (var tenant in tenants)
            foreach (var phrase in tenant.Phrases) CollectionsMarshal.GetValueRefOrAddDefault(users, phrase, out _)++;
        var shared = users.Where(pair => pair.Value >= least).Select(pair => pair.Key).ToHashSet();
        if (shared.Count == 0) return false;
        var accounts = new Dictionary<uint, (int Accounts, int Last)>[shares.SliceCount];
        shares.Slices(traffic.Subjects.Count, (slice, from, to) => accounts[slice] = Holders(traffic, shared, from, to));
        return tenants.Count(tenant => tenant.Phrases.Count(phrase => shared.Contains(phrase) && accounts.Sum(own => own.GetValueOrDefault(phrase).Accounts) <= Everybodys * users[phrase]) >= LeastPhrases) >= least;
    }

    /// <summary>How many of some accounts hold each phrase.</summary>
    private static Dictionary<uint, (int Accounts, int Last)> Holders(Traffic traffic, HashSet<uint> phrases, int from, int to)
    {
        var accounts = new Dictionary<uint, (int Accounts, int Last)>();
        for (var s = from; s < to; s++)
        {
            foreach (var exchange in traffic.Exchanges.AsSpan(traffic.Subjects[s].First, traffic.Subjects[s].SampleCount))
            {
                foreach (var phrase in exchange.Prints)
                {
                    if (!phrases.Contains(phrase)) continue;
                    ref var held = ref CollectionsMarshal.GetValueRefOrAddDefault(accounts, phrase, out _);
                    if (held.Accounts == 0 || held.Last != s) held = (held.Accounts + 1, s);
                }
            }
        }

        return accounts;
    }

    /// <summary>A phrase that so many times as many accounts hold as tenants keep to it is everybody's.</summary>
    private const double Everybodys = 2;

    /// <summary>By account, as <see cref="Traffic.Lay"/> takes them.</summary>
    public static Dictionary<ulong, IReadOnlySet<uint>> ByAccount(Traffic traffic, IEnumerable<Tenant> tenants) =>
        tenants.GroupBy(tenant => traffic.Subjects[tenant.Account].Key).ToDictionary(own => own.Key, own => (IReadOnlySet<uint>)own.Select(tenant => tenant.EndUser).ToHashSet());

    /// <summary>How many end users the exchanges name.</summary>
    public static int Named(ReadOnlySpan<ExchangeFingerprint> exchanges)
    {
        var users = new HashSet<uint>();
        foreach (var exchange in exchanges)
            if (exchange.EndUser != 0) users.Add(exchange.EndUser);
        return users.Count;
    }

    private static bool NamesSeveral(ReadOnlySpan<ExchangeFingerprint> exchanges)
    {
        // Most accounts name nobody: no set is made for them.
        foreach (var exchange in exchanges)
            if (exchange.EndUser != 0) return Named(exchanges) >= LeastEndUsers;
        return false;
    }

    private static List<Tenant> Of(int account, ReadOnlySpan<ExchangeFingerprint> exchanges)
    {
        // Requests that name nobody count as one more end user.
        var of = new SortedDictionary<uint, List<ExchangeFingerprint>>();
        foreach (var exchange in exchanges)
        {
            if (!of.TryGetValue(exchange.EndUser, out var own)) of.Add(exchange.EndUser, own = []);
            own.Add(exchange);
        }

        var users = new Dictionary<uint, int>();
        foreach (var own in of.Values)
            foreach (var print in own.SelectMany(exchange => exchange.Prints).Distinct()) CollectionsMarshal.GetValueRefOrAddDefault(users, print, out _)++;
        var most = 1 + (int)(Others * (of.Count - 1));
        var tenants = new List<Tenant>();
        foreach (var (user, own) in of)
            if (user != 0 && Kept(own, print => users[print] <= most) is { } phrases) tenants.Add(new Tenant(account, user, phrases));
        return tenants;
    }

    /// <summary>The phrases of its own that it keeps to; null where it keeps to none.</summary>
    private static HashSet<uint>? Kept(List<ExchangeFingerprint> exchanges, Func<uint, bool> isOwn)
    {
        if (exchanges.Count < LeastExchanges || exchanges.Select(exchange => exchange.Thread).Distinct().Count() < LeastThreads) return null;
        var first = new Dictionary<uint, uint>();
        var kept = new HashSet<uint>();
        foreach (var exchange in exchanges)
            foreach (var print in exchange.Prints.Where(isOwn))
                if (!first.TryAdd(print, exchange.Thread) && first[print] != exchange.Thread) kept.Add(print);
        return exchanges.Count(exchange => exchange.Prints.Count(kept.Contains) >= LeastPhrases) >= Keeps * exchanges.Count ? kept : null;
    }
}

/// <summary>An end user who is looked at by himself.</summary>
/// <param name="Account">Position of the account in the traffic of whole accounts.</param>
/// <param name="Phrases">Of his own, that come again in other conversations.</param>
internal sealed record Tenant(int Account, uint EndUser, IReadOnlySet<uint> Phrases);
