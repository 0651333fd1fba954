using System.Globalization;
using System.Text;
using Stillhunt.Ingest;
using Stillhunt.Profiles;
using Stillhunt.Sketches;

namespace Stillhunt.Ledger;

/// <summary>
/// Recognises a replacement account of a known campaign from its first exchanges: an account that detection has not seen yet and that sends a campaign's prompts, or comes from its
/// network with its program. How sure the first is comes from whom else the prompts were seen with: the accounts in and outside the campaign that sent them when it was detected, and those met
/// since. Works batch by batch, and a batch that is not kept is taken back. For one thread.
/// </summary>
internal sealed class SuccessionTally
{
    /// <summary>Matching conversations that make a replacement, and the share of those that it had since the first of them.</summary>
    public const int LeastMatched = 3;

    private const double LeastShare = 0.5;

    /// <summary>Below as likely as not nothing is ascribed to anybody; verdicts hold for accounts from here on too.</summary>
    private const double LeastProbability = 0.5;

    /// <summary>Accounts remembered; beyond it those that were met first are forgotten, and may be met again.</summary>
    private const int MostAccounts = 100_000;

    /// <summary>Campaigns that are looked for, those seen last first: as many as sketches of one sender (<c>IntelMatcher</c>), for the same reason.</summary>
    private const int MostCampaigns = 1000;

    /// <summary>A campaign that nothing was seen of for so long is no longer looked for: as long as the longest verdict of the policies that are shipped.</summary>
    private const long KnownForMs = 30 * 86_400_000L;

    /// <summary>Phrases that a reason quotes.</summary>
    private const int MostQuoted = 3;

    private readonly Dictionary<SuccessionKey, SuccessionCount> _seen = [];
    private readonly Queue<SuccessionKey> _order = new();
    private readonly Dictionary<AccountId, int> _rowsOf = [];

    /// <summary>First turn of the conversation that an account's last exchange was of. Not kept over a restart.</summary>
    private readonly Dictionary<SuccessionKey, ulong> _conversations = [];
    private readonly Dictionary<string, (int Members, int Others)> _met = new(StringComparer.Ordinal);

    // What the batch at hand changed, as it was before.
    private readonly Dictionary<SuccessionKey, SuccessionCount?> _before = [];
    private readonly List<(string Campaign, Successor Successor)> _found = [];
    private IReadOnlyList<TrackedCampaign>? _indexed;
    private IReadOnlyList<TrackedCampaign> _campaigns = [];
    private RecipeIndex _recipes = new([]);
    private OriginIndex _origins = new([], 0);
    private Func<AccountId, bool> _isKnown = _ => false;

    /// <summary>What the batch at hand changed, to be kept together with it; null: forgotten.</summary>
    public IReadOnlyDictionary<SuccessionKey, SuccessionCount?> Changes => _before.Keys.ToDictionary(key => key, key => _seen.TryGetValue(key, out var now) ? now : (SuccessionCount?)null);

    /// <summary>Takes up what was counted before.</summary>
    public void Load(IEnumerable<(SuccessionKey Key, SuccessionCount Count)> counts)
    {
        foreach (var (key, count) in counts) Set(key, count);
        _before.Clear();
    }

    /// <summary>Begins a batch, and takes back the one before where <see cref="Keep"/> was not called.</summary>
    /// <param name="isKnown">Whether detection has seen an account.</param>
    /// <param name="accountCount">All accounts there are.</param>
    public void Begin(IReadOnlyList<TrackedCampaign> campaigns, Func<AccountId, bool> isKnown, long accountCount, long nowMs)
    {
        foreach (var (key, before) in _before.ToList()) Set(key, before);
        _before.Clear();
        _found.Clear();
        _isKnown = isKnown;
        if (ReferenceEquals(campaigns, _indexed)) return;
        _indexed = campaigns;
        _campaigns =
        [
            .. campaigns.Where(campaign => campaign is { Stands: true, Announced: true, Outcome: not ReviewOutcome.Dismissed } && nowMs - campaign.LastSeenMs < KnownForMs)
                .OrderByDescending(campaign => campaign.LastSeenMs).ThenBy(campaign => campaign.Id, StringComparer.Ordinal).Take(MostCampaigns),
        ];
        (_recipes, _origins) = (new RecipeIndex(_campaigns), new OriginIndex(_campaigns, accountCount));
    }

    /// <summary>Forgets an account that is deleted.</summary>
    public void Forget(AccountId account)
    {
        foreach (var key in _seen.Keys.Where(key => key.Account == account).ToList()) Set(key, null);
    }

    /// <summary>Looks at an exchange that is counted.</summary>
    public void Look(Exchange exchange, string source)
    {
        if (_campaigns.Count == 0) return;
        var (byPhrases, byOrigin) = (_recipes.Match(exchange), _origins.Match(exchange));
        if (byPhrases.Count + byOrigin.Count + _rowsOf.Count == 0) return;
        var account = new AccountId(source, Encoding.UTF8.GetString(exchange[ExchangeField.Account]));
        if (byPhrases.Count + byOrigin.Count == 0 && !_rowsOf.ContainsKey(account)) return;
        var conversation = ConversationOf(exchange);
        for (var i = 0; i < _campaigns.Count; i++)
        {
            var campaign = _campaigns[i];
            var key = new SuccessionKey(campaign.Id, account);
            var isKnown = _seen.TryGetValue(key, out var seen);
            var sends = byPhrases.Contains(i);
            OriginMatch? comes = null;
            foreach (var origin in byOrigin)
                if (origin.Campaign == i) comes = origin;
            if (!isKnown && !sends && comes is null) continue;
            var standing = isKnown ? seen.Standing : StandingOf(account, campaign);
            // Who else comes from there was counted by detection.
            if (standing != SuccessionStanding.Fresh) comes = null;
            if (!isKnown)
            {
                if (!sends && comes is null) continue;
                seen = Meet(standing);
            }

            // The steps of an agent say one thing again and again: a conversation counts once.
            if (_conversations.TryGetValue(key, out var last) && last == conversation) continue;
            _conversations[key] = conversation;
            seen = seen with { ExchangeCount = seen.ExchangeCount + 1, MatchedCount = seen.MatchedCount + (sends || comes is not null ? 1 : 0) };
            var counts = !seen.Counted && seen.MatchedCount >= LeastMatched && seen.MatchedCount >= LeastShare * seen.ExchangeCount;
            Set(key, seen with { Counted = seen.Counted || counts });
            if (counts && standing == SuccessionStanding.Fresh) Find(account, i, seen, sends, comes);
        }
    }

    /// <summary>The batch is kept: whom it gave away, by campaign.</summary>
    public IReadOnlyList<(string Campaign, IReadOnlyList<Successor> Successors)> Keep()
    {
        _before.Clear();
        List<(string, IReadOnlyList<Successor>)> kept = [.. _found.GroupBy(found => found.Campaign, found => found.Successor, StringComparer.Ordinal).Select(group => (group.Key, (IReadOnlyList<Successor>)[.. group]))];
        _found.Clear();
        return kept;
    }

    /// <summary>What a conversation begins with, as detection tells unnamed ones apart; a name would be the client's to choose.</summary>
    private static ulong ConversationOf(Exchange exchange)
    {
        for (var part = 0; part < exchange.PartCount; part++)
            if (exchange.RoleOf(part) == PartRole.User) return KeyedHash.Fixed.Of(exchange.TextOf(part));
        return 0;
    }

    private SuccessionStanding StandingOf(AccountId account, TrackedCampaign campaign) =>
        campaign.Members.Any(member => member.Account == account) ? SuccessionStanding.Member : _isKnown(account) ? SuccessionStanding.Other : SuccessionStanding.Fresh;

    private SuccessionCount Meet(SuccessionStanding standing)
    {
        while (_seen.Count >= MostAccounts && _order.TryDequeue(out var oldest)) Set(oldest, null);
        return new SuccessionCount(standing, 0, 0, false);
    }

    /// <summary>Takes the account for the campaign's where the sign of the exchange that decided, the surer of the two, makes that as likely as not.</summary>
    private void Find(AccountId account, int at, SuccessionCount seen, bool sends, OriginMatch? comes)
    {
        var campaign = _campaigns[at];
        var (probability, sign) = sends ? BySending(at) : (0, "");
        if (comes is { } origin && origin.Probability > probability) (probability, sign) = (origin.Probability, $"comes from where {campaign.Id} does ({origin.Text})");
        if (probability < LeastProbability) return;
        _found.Add((campaign.Id, new Successor(account, probability, new Recognition { ExchangeCount = seen.ExchangeCount, MatchedCount = seen.MatchedCount, Sign = sign })));
    }

    private (double Probability, string Sign) BySending(int at)
    {
        var campaign = _campaigns[at];
        var known = campaign.Latest.Indicators!;
        var (metMembers, metOthers) = _met.GetValueOrDefault(campaign.Id);
        // Members that are met were counted when they were detected; others are new, or counted twice, which errs on the side of those who were there before.
        var (members, others) = (Math.Max(metMembers, known.MatchingAccountCount ?? 0), metOthers + (known.MatchingElsewhereCount ?? 0));
        var phrases = string.Join(", ", _recipes.Phrases(at, MostQuoted).Select(phrase => $"“{phrase}”"));
        // Laplace's rule of succession: before anybody was met it is as likely as not.
        return ((members + 1.0) / (members + others + 2.0), string.Create(CultureInfo.InvariantCulture,
            $"holds {known.LeastPhrases} or more of the phrases of {campaign.Id} ({phrases}), as those of {members} of its accounts and of {others} others do"));
    }

    /// <summary>Changes a count, and with it how many of the campaign's and of others were met.</summary>
    private void Set(SuccessionKey key, SuccessionCount? count)
    {
        var known = _seen.TryGetValue(key, out var before);
        _before.TryAdd(key, known ? before : null);
        if (known) Add(key, before, -1);
        if (count is not { } now)
        {
            _seen.Remove(key);
            _conversations.Remove(key);
            return;
        }

        _seen[key] = now;
        if (!known) _order.Enqueue(key);
        Add(key, now, 1);
    }

    private void Add(SuccessionKey key, SuccessionCount count, int by)
    {
        var rows = _rowsOf.GetValueOrDefault(key.Account) + by;
        if (rows > 0) _rowsOf[key.Account] = rows;
        else _rowsOf.Remove(key.Account);
        if (!count.Counted) return;
        var (members, others) = _met.GetValueOrDefault(key.Campaign);
        _met[key.Campaign] = (members + (count.Standing == SuccessionStanding.Member ? by : 0), others + (count.Standing == SuccessionStanding.Other ? by : 0));
    }
}
