using System.Globalization;
using Stillhunt.Campaigns;
using Stillhunt.Reporting;

namespace Stillhunt.Sharing.Intel;

/// <summary>
/// What others' indicators matched, as one more row of a campaign's evidence. The row names who sent them, is capped, and stands only beside evidence of one operator and of
/// extraction: a group that is not at least suspected without it is none with it. It lifts a suspected group over the line only where two senders agree whom the provider trusts more than
/// somebody unknown: one that was fooled, or that lies, ranks a group and flags nobody. Without matches a campaign is the same, byte for byte.
/// </summary>
public static class IntelEvidence
{
    public const string Block = "intelligence", Kind = "intelligence";

    /// <summary>Bits of one campaign at most: what one sender's matches of one account are worth at most. A campaign is suspected from -3.2 bits on, so that it may be flagged by them.</summary>
    public const double MostBits = 4;

    /// <summary>Senders who must agree on a group for it to be flagged with what they share. bench/poisoning.sh: with one, an attacker flags whom the own scan half believes in.</summary>
    private const int LeastWitnesses = 2;

    /// <summary>How far one sender lifts a group: to just below even odds, where it is the first to be looked at.</summary>
    private const double JustBelow = -0.01;

    /// <summary>Accounts that must match: one is met by chance.</summary>
    private const int LeastAccounts = 2;

    /// <summary>The result with the matches, as rows where they are evidence; campaigns stand where their confidence puts them.</summary>
    public static ScanResult Add(ScanResult result, IntelResult intel)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(intel);
        var matches = intel.Accounts.Where(match => match.Bits > 0).ToDictionary(match => (match.Source, match.Id));
        if (matches.Count == 0) return result with { Intel = intel };
        List<Campaign> all = [.. result.Campaigns.Concat(result.Suspected).Select(campaign => Add(campaign, matches))];
        // As detection orders them.
        var ordered = all.OrderByDescending(campaign => campaign.Bits).ThenByDescending(campaign => campaign.ExtractingCount).ThenBy(campaign => campaign.Id, StringComparer.Ordinal);
        return result with
        {
            Intel = intel, Campaigns = [.. ordered.Where(campaign => campaign.Confidence >= Detector.Flagged)], Suspected = [.. ordered.Where(campaign => campaign.Confidence < Detector.Flagged)],
        };
    }

    private const string NotAgreed = " No two trusted senders agree, so this flags nobody.";

    private static Campaign Add(Campaign campaign, Dictionary<(string Source, string Id), IntelMatch> matches)
    {
        // What an account matches is not that of one end user.
        var own = campaign.Accounts.Where(account => account.EndUser is null).Select(account => matches.GetValueOrDefault((account.Source, account.Id))).OfType<IntelMatch>().ToList();
        if (own.Count < LeastAccounts) return campaign;
        // What only a part of the accounts matches speaks for that part, as with values that a part shares.
        var bits = Math.Round(Math.Min(MostBits, own.Average(match => match.Bits)) * own.Count / campaign.Accounts.Count, 2, MidpointRounding.AwayFromZero);
        var agreed = own.SelectMany(match => match.Witnesses).GroupBy(sender => sender, StringComparer.Ordinal).Count(accounts => accounts.Count() >= LeastAccounts) >= LeastWitnesses;
        var held = !agreed && campaign.Bits < 0 && campaign.Bits + bits > JustBelow;
        if (held) bits = Math.Round(JustBelow - campaign.Bits, 2, MidpointRounding.AwayFromZero);
        if (bits <= 0) return campaign;
        var senders = own.SelectMany(match => match.Senders).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var row = new EvidenceRow
        {
            Block = Block, Kind = Kind, Bits = bits, AccountCount = own.Count, Examples = [],
            Text = string.Create(CultureInfo.InvariantCulture, $"{own.Count} of {Figures.Counted(campaign.Accounts.Count, "account")} match what others share of operators known to them: {Wording.Listed(senders)}.{(held ? NotAgreed : "")}"),
        };
        var sum = Math.Round(campaign.Bits + bits, 2, MidpointRounding.AwayFromZero);
        return campaign with
        {
            Evidence = [.. campaign.Evidence, row], Bits = sum, Confidence = Calibration.Confidence(sum),
        };
    }
}
