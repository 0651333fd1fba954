using Stillhunt.Proving.Suites;

namespace Stillhunt.Proving;

/// <summary>
/// How one case fared. Found: some flagged campaign holds mostly accounts of the case. Pieces: flagged campaigns that hold more accounts of this case than
/// of any other. Exchange recall: extracting exchanges of flagged accounts / all of the case. Account recall counts accounts with an extracting exchange.
/// </summary>
public sealed record CaseScore(string Case, bool Found, int Pieces, double ExchangeRecall, double AccountRecall, int AccountCount, long ExtractingCount);

/// <summary>Honest accounts of one kind that stand in a flagged campaign.</summary>
public sealed record TouchedKind(string Kind, int Touched, int AccountCount);

/// <summary>A result against the truth. Shares are null where nothing was there to divide by.</summary>
public sealed record RangeReport(
    IReadOnlyList<CaseScore> Cases,
    double? ExchangeRecall,
    double? AccountPrecision,
    int FlaggedAccounts,
    int Campaigns,
    IReadOnlyList<string> FalseCampaigns,
    IReadOnlyList<TouchedKind> Touched,
    IReadOnlyList<string> UnknownAccounts,
    Reliability Reliability)
{
    public Proportion Found => new(Cases.Count(c => c.Found), Cases.Count);

    /// <summary>Accounts of which extracting exchanges are flagged, of all that have any.</summary>
    public Proportion AccountRecall => new(Cases.Sum(c => (long)Math.Round(c.AccountRecall * c.AccountCount)), Cases.Sum(c => (long)c.AccountCount));

    public Proportion Precision => new((long)Math.Round((AccountPrecision ?? 0) * FlaggedAccounts), FlaggedAccounts);

    /// <summary>Honest accounts in a flagged campaign, of all honest ones.</summary>
    public Proportion HonestFlagged => new(Touched.Sum(t => (long)t.Touched), Touched.Sum(t => (long)t.AccountCount));
}

/// <summary>Scores a <c>campaigns.json</c> against a <c>stillhunt.truth/1</c> file; both are read as the public formats say, whoever wrote them.</summary>
public static class RangeScore
{
    /// <summary>Membership and confidence from which a finding counts as flagged (DESIGN.md section 7).</summary>
    public const double Flagged = 0.5;

    /// <summary>The kind under which honest end users of a mixed account are counted.</summary>
    private const string TenantKind = "reseller-tenant";

    public static RangeReport Score(string truthPath, string campaignsJsonPath) => Score(RangeTruth.Read(truthPath), RangeResult.Read(campaignsJsonPath));

    public static RangeReport Score(RangeTruth truth, RangeResult result)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(result);
        var flagged = new Marked(truth);
        var pieces = new Dictionary<string, int>(StringComparer.Ordinal);
        var found = new HashSet<string>(StringComparer.Ordinal);
        var falseOnes = new List<string>();
        var campaigns = 0;
        foreach (var campaign in result.Campaigns.Where(c => c.Confidence >= Flagged))
        {
            var members = campaign.Members.Where(m => m.Probability >= Flagged).Select(flagged.Meant).Distinct().ToList();
            if (members.Count == 0) continue;
            campaigns++;
            var byCase = new SortedDictionary<string, int>(StringComparer.Ordinal);
            foreach (var member in members)
            {
                if (flagged.Add(member) is { Campaign: { } of, ExtractingCount: > 0 }) byCase[of] = byCase.GetValueOrDefault(of) + 1;
            }

            if (byCase.Values.Sum() * 2 < members.Count) falseOnes.Add(campaign.Id);
            if (byCase.Count == 0) continue;
            var owner = byCase.MaxBy(c => c.Value);
            pieces[owner.Key] = pieces.GetValueOrDefault(owner.Key) + 1;
            if (owner.Value * 2 > members.Count) found.Add(owner.Key);
        }

        var cases = truth.Accounts.Where(t => t.Value.Campaign is not null).GroupBy(t => t.Value.Campaign!).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => CaseOf(g.Key, [.. g], found, pieces, flagged)).ToList();
        var total = cases.Sum(c => c.ExtractingCount);
        return new RangeReport(cases, total == 0 ? null : cases.Sum(c => c.ExchangeRecall * c.ExtractingCount) / total,
            flagged.Count == 0 ? null : (double)flagged.Right / flagged.Count, flagged.Count, campaigns, falseOnes, Touched(truth, flagged), [.. flagged.Unknown],
            Reliability.Of(Membership.Of(truth, result)));
    }

    private static CaseScore CaseOf(string id, List<KeyValuePair<string, KnownAccount>> accounts, HashSet<string> found, Dictionary<string, int> pieces, Marked flagged)
    {
        var extracting = accounts.Sum(a => a.Value.ExtractingCount);
        var active = accounts.Count(a => a.Value.ExtractingCount > 0);
        var hits = accounts.Select(a => flagged.ExtractingOf(a.Key, a.Value)).ToList();
        return new CaseScore(id, found.Contains(id), pieces.GetValueOrDefault(id),
            extracting == 0 ? 0 : (double)hits.Sum() / extracting, active == 0 ? 0 : (double)hits.Count(h => h > 0) / active, active, extracting);
    }

    private static List<TouchedKind> Touched(RangeTruth truth, Marked flagged)
    {
        var touched = truth.Accounts.Where(t => t.Value.IsHonest).GroupBy(t => t.Value.Kind).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new TouchedKind(g.Key, g.Count(t => flagged.Holds(t.Key, null)), g.Count())).ToList();
        var tenants = truth.Tenants.Where(t => t.Value.IsHonest).ToList();
        if (tenants.Count > 0) touched.Add(new TouchedKind(TenantKind, tenants.Count(t => flagged.Holds(t.Key.Account, t.Key.EndUser)), tenants.Count));
        return touched;
    }

    /// <summary>The accounts and end users that a result flags.</summary>
    private sealed class Marked(RangeTruth truth)
    {
        private readonly HashSet<(string Account, string? EndUser)> _members = [];

        /// <summary>Accounts whose end users the truth tells apart.</summary>
        private readonly HashSet<string> _shared = [.. truth.Tenants.Keys.Select(tenant => tenant.Account)];

        public SortedSet<string> Unknown { get; } = new(StringComparer.Ordinal);

        public int Count => _members.Count;

        public int Right => _members.Count(m => Known(m.Account, m.EndUser) is { ExtractingCount: > 0 });

        /// <summary>Whom a result means: an end user of an account whose end users the truth does not tell apart stands for the account.</summary>
        public (string Account, string? EndUser) Meant(ResultMember member) => (member.Account, _shared.Contains(member.Account) ? member.EndUser : null);

        /// <summary>What the truth knows of it, or null.</summary>
        public KnownAccount? Add((string Account, string? EndUser) member)
        {
            _members.Add(member);
            var known = Known(member.Account, member.EndUser);
            if (known is null) Unknown.Add(member.EndUser is null ? member.Account : $"{member.Account}/{member.EndUser}");
            return known;
        }

        /// <summary>Whether it is flagged by name or with its whole account.</summary>
        public bool Holds(string account, string? endUser) => _members.Contains((account, null)) || (endUser is not null && _members.Contains((account, endUser)));

        /// <summary>The extracting exchanges of an account that the flags cover.</summary>
        public long ExtractingOf(string account, KnownAccount known)
        {
            if (_members.Contains((account, null))) return known.ExtractingCount;
            return truth.Tenants.Count == 0 ? 0
                : truth.Tenants.Where(t => t.Key.Account == account && t.Value.ExtractingCount > 0 && _members.Contains((account, t.Key.EndUser))).Sum(t => t.Value.ExtractingCount);
        }

        private KnownAccount? Known(string account, string? endUser) =>
            endUser is null ? truth.Accounts.GetValueOrDefault(account) : truth.Tenants.GetValueOrDefault((account, endUser));
    }
}
