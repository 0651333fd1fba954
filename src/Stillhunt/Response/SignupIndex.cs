using System.Globalization;
using Stillhunt.Campaigns;
using Stillhunt.Ingest;
using Stillhunt.Ledger;

namespace Stillhunt.Response;

/// <summary>What an applicant shares with a known campaign.</summary>
/// <param name="Score">P(the applicant is that campaign's operator), from prior and evidence; 0 where no campaign is known.</param>
/// <param name="Campaign">The campaign that it is most like, or null.</param>
/// <param name="Reasons">Prior and evidence; their bits add up to the score.</param>
public sealed record SignupFinding(double Score, string? Campaign, IReadOnlyList<string> Reasons);

/// <summary>
/// What accounts of known campaigns have in common in their registration, laid out for quick questions about applicants. A shared value weighs
/// log2(how common it is in the campaign / how common among everybody else), so that what half of all customers have weighs nothing. Only accounts that the last detection held
/// count: who was taken for the campaign's for an hour would otherwise speak against his own firm for good. What is shared is shared with a campaign that may be none, so the score is at
/// most its confidence times the mean probability of these accounts.
/// </summary>
public sealed class SignupIndex
{
    /// <summary>One applicant in a thousand: the prior of detection (0004-evidence-in-bits).</summary>
    private const double PriorBits = -10;

    /// <summary>One kind of value can be borrowed; no single one convicts (law 4 of the design).</summary>
    private const double MostBits = 7;

    /// <summary>Accounts of a campaign that must share a value before it is the campaign's.</summary>
    private const int LeastHolders = 2;

    /// <summary>With the kinds of evidence that each is.</summary>
    private static readonly (string Name, string[] Evidence, Func<AccountRecord, string?> Of)[] Kinds =
    [
        ("payment method", ["payment"], record => record.Payment),
        ("phone number", ["phone"], record => record.Phone),
        // Domain and pattern of one address are one fact.
        ("mail domain and pattern", ["email-domain", "email-shape"], record => record.EmailDomain is null ? null : $"{record.EmailDomain} {record.EmailShape}"),
        ("referrer", ["referrer"], record => record.Referrer),
        ("hour of creation", ["created"], record => record.CreatedMs is { } at ? (at / 3_600_000).ToString(CultureInfo.InvariantCulture) : null),
        ("organisation", ["one-organisation"], record => record.Organization),
    ];

    private readonly Dictionary<string, int>[] _everybody;
    private readonly List<(TrackedCampaign Campaign, double Sure, int Size, Dictionary<string, int>[] Values)> _campaigns;
    private readonly int _count;

    private SignupIndex(Dictionary<string, int>[] everybody, List<(TrackedCampaign, double, int, Dictionary<string, int>[])> campaigns, int count) => (_everybody, _campaigns, _count) = (everybody, campaigns, count);

    public static SignupIndex Empty { get; } = new([.. Kinds.Select(_ => new Dictionary<string, int>())], [], 0);

    /// <param name="leaveOut">Kinds of evidence (<see cref="EvidenceKinds.All"/>) that may play no part; null for none.</param>
    public static SignupIndex Build(IEnumerable<AccountRecord> records, IReadOnlyList<TrackedCampaign> campaigns, IReadOnlySet<string>? leaveOut = null)
    {
        ArgumentNullException.ThrowIfNull(records);
        var used = Array.ConvertAll(Kinds, kind => leaveOut is null || !leaveOut.Overlaps(kind.Evidence));
        var everybody = Counts();
        var byId = new Dictionary<string, AccountRecord>(StringComparer.Ordinal);
        foreach (var record in records)
        {
            byId[record.Account] = record;
            Count(everybody, record, used);
        }

        var known = new List<(TrackedCampaign, double, int, Dictionary<string, int>[])>();
        foreach (var campaign in campaigns.Where(campaign => campaign.Stands && campaign.Outcome != ReviewOutcome.Dismissed && campaign.Confidence >= Detector.Flagged))
        {
            var values = Counts();
            var (size, probabilities) = (0, 0.0);
            foreach (var member in campaign.Members.Where(member => member.Current && member.Probability >= Detector.Flagged && member.EndUser is null))
            {
                if (!byId.TryGetValue(member.Id, out var record)) continue;
                Count(values, record, used);
                size++;
                probabilities += member.Probability;
            }

            if (size >= LeastHolders) known.Add((campaign, campaign.Confidence * probabilities / size, size, values));
        }

        return new SignupIndex(everybody, known, byId.Count);
    }

    public SignupFinding Score(AccountRecord applicant)
    {
        ArgumentNullException.ThrowIfNull(applicant);
        var best = new SignupFinding(0, null, []);
        foreach (var (campaign, sure, size, values) in _campaigns)
        {
            var bits = PriorBits;
            var reasons = new List<string> { string.Create(CultureInfo.InvariantCulture, $"{PriorBits:+0.0;-0.0} bits: before any evidence one applicant in a thousand is taken to be an operator's.") };
            for (var k = 0; k < Kinds.Length; k++)
            {
                if (Kinds[k].Of(applicant) is not { Length: > 0 } value || !values[k].TryGetValue(value, out var holders) || holders < LeastHolders) continue;
                var others = _everybody[k].GetValueOrDefault(value) - holders;
                var weight = Math.Min(MostBits, Math.Log2((holders + 0.5) / (size + 1) / ((others + 0.5) / (_count - size + 1))));
                if (weight <= 0) continue;
                bits += weight;
                reasons.Add(string.Create(CultureInfo.InvariantCulture, $"+{weight:0.0} bits: the {Kinds[k].Name} is that of {holders} accounts of {campaign.Id}, and of {others} others."));
            }

            var alike = 1 / (1 + Math.Pow(2, -bits));
            if (reasons.Count == 1 || alike * sure <= best.Score) continue;
            if (sure < 1) reasons.Add(string.Create(CultureInfo.InvariantCulture, $"{LogOdds(alike * sure) - bits:+0.0;-0.0} bits: that {campaign.Id} is one operator's, and these accounts its, is itself {sure:P0} sure."));
            best = new SignupFinding(alike * sure, campaign.Id, reasons);
        }

        return best;
    }

    private static double LogOdds(double probability) => Math.Log2(probability / (1 - probability));

    private static Dictionary<string, int>[] Counts() => [.. Kinds.Select(_ => new Dictionary<string, int>(StringComparer.Ordinal))];

    private static void Count(Dictionary<string, int>[] counts, AccountRecord record, bool[] used)
    {
        for (var k = 0; k < Kinds.Length; k++)
            if (used[k] && Kinds[k].Of(record) is { Length: > 0 } value) counts[k][value] = counts[k].GetValueOrDefault(value) + 1;
    }
}
