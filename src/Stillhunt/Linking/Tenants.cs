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
    /// <returns>By account, the end users.</returns>
    public static Dictionary<ulong, IReadOnlySet<uint>> Apart(Traffic traffic, Func<int, bool> taken)
    {
        var found = new Dictionary<ulong, IReadOnlySet<uint>>();
        for (var s = 0; s < traffic.Subjects.Count; s++)
        {
            var subject = traffic.Subjects[s];
            if (subject.SampleCount < LeastExchanges) continue;
            var exchanges = traffic.Exchanges.AsSpan(subject.First, subject.SampleCount);
            if (!NamesSeveral(exchanges) || taken(s)) continue;
            var apart = Of(exchanges);
            if (apart.Count > 0) found.Add(subject.Key, apart);
        }

        return found;
    }

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

    private static HashSet<uint> Of(ReadOnlySpan<ExchangeFingerprint> exchanges)
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
        return [.. of.Where(pair => pair.Key != 0 && KeepsToItsOwn(pair.Value, print => users[print] <= most)).Select(pair => pair.Key)];
    }

    private static bool KeepsToItsOwn(List<ExchangeFingerprint> exchanges, Func<uint, bool> isOwn)
    {
        if (exchanges.Count < LeastExchanges) return false;
        var threads = new Dictionary<uint, HashSet<uint>>();
        foreach (var exchange in exchanges)
        {
            foreach (var print in exchange.Prints.Where(isOwn))
            {
                if (!threads.TryGetValue(print, out var own)) threads.Add(print, own = []);
                own.Add(exchange.Thread);
            }
        }

        return exchanges.Select(exchange => exchange.Thread).Distinct().Count() >= LeastThreads
            && exchanges.Count(exchange => exchange.Prints.Count(print => threads.TryGetValue(print, out var own) && own.Count > 1) >= LeastPhrases) >= Keeps * exchanges.Count;
    }
}
