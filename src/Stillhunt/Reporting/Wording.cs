using Stillhunt.Campaigns;
using Stillhunt.Profiles;
using Stillhunt.Reporting.Text;

namespace Stillhunt.Reporting;

/// <summary>The sentences that the report, the summary and the terminal share, so that they never say two things.</summary>
public static class Wording
{
    /// <summary>A shared value names at most so many of its accounts (see SharedValue), so of a larger campaign the links are known in part.</summary>
    public const int MostListedAccounts = 400;

    public static string Headline(ScanResult result)
    {
        if (result.Campaigns.Count == 0)
        {
            return result.Suspected.Count == 0
                ? "No campaign was found."
                : $"No campaign was found; {Figures.Counted(result.Suspected.Count, "group")} of accounts "
                    + $"{(result.Suspected.Count == 1 ? "is" : "are")} suspected on weaker evidence.";
        }

        var accounts = result.Campaigns.Sum(c => (long)c.Accounts.Count);
        var extracting = result.Campaigns.Sum(c => c.ExtractingCount);
        return $"{Figures.Counted(result.Campaigns.Count, "campaign")} found: {Figures.Counted(accounts, "account")} sent "
            + $"{Figures.Counted(extracting, "extracting exchange")}.";
    }

    /// <summary>What it means that nothing was found, for a reader who would take it for an all-clear.</summary>
    public static string NothingFound(ScanResult result) =>
        "No group of accounts reached a confidence of one half on the evidence in these logs. That does not prove that nobody distils the model: "
        + $"an operator can stay below what {Figures.Counted(result.Scanned.ExchangeCount, "exchange")} {(result.Scanned.ExchangeCount == 1 ? "shows" : "show")}"
        + (result.Scanned.Missing.Count > 0 ? ", and some kinds of evidence were missing." : ".");

    /// <summary>What was done less thoroughly than it might have been, a sentence or two for each; nothing for most scans.</summary>
    public static IEnumerable<string> Shortcuts(ScannedSummary scanned)
    {
        if (scanned.SampleCap is { } cap)
        {
            yield return string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"Of each account and day at most {Figures.Counted(cap, "exchange")} {(cap == 1 ? "was" : "were")} looked at, and not {AccountDay.SampleSize}: all together would have been more than --sample lets be kept. What shows in few exchanges of an account is found less often then.");
        }

        if (scanned.SoughtOnce) yield return SoughtOnce;
    }

    /// <summary>What was lost in reading, in one sentence for each kind of loss; nothing where all was read.</summary>
    /// <param name="shown">A file's name, fit for what is written; null where names are not for the reader.</param>
    public static IEnumerable<string> Losses(ScannedSummary scanned, Func<string, string>? shown)
    {
        if (scanned.Unread is { Count: > 0 } unread)
        {
            var names = shown is null ? "" : $": {Listed(unread.Take(MostUnread).Select(input => $"{shown(input.File)} ({Spoken(input.Reason)})"))}{(unread.Count > MostUnread ? $" and {Figures.Count(unread.Count - MostUnread)} more" : "")}";
            yield return $"Not all was read, so this is a result about a part of the traffic: {Figures.Counted(unread.Count, "input")} could not be read, or not to the end{names}.";
        }

        if (scanned.MissingShardCount > 0)
            yield return $"{Figures.Counted(scanned.MissingShardCount, "shard")} of the scan {(scanned.MissingShardCount == 1 ? "is" : "are")} in none of the merged parts, so this is a result about a part of the traffic.";
    }

    private const int MostUnread = 10;

    private static string SoughtOnce { get; } = string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"Groups were sought once, and not again with the halves of the exchanges exchanged: that is left out above {Detector.MostSoughtAgain:N0} sampled exchanges, and where an answer must come soon. Chance has more part in narrow cases then.");

    /// <summary>What it means that a result does not name an account, for a reader who would take it for an all-clear.</summary>
    public static string Unlisted(ScanResult result) =>
        "A result names the accounts of its campaigns and suspected groups, those with an entitlement, and of every other cleared group the first five"
        + (result.ClearedOmittedCount > 0 ? $"; {Figures.Counted(result.ClearedOmittedCount, "more group")} {(result.ClearedOmittedCount == 1 ? "is" : "are")} not listed at all" : "")
        + ". That it does not name an account says nothing about the account.";

    /// <summary>"university class (212 accounts), 3 × carrier NAT (4,021 accounts)", entitled ones first, then the largest; the kinds pass the output's own encoder.</summary>
    public static string ClearedList(IReadOnlyList<ClearedGroup> cleared, Func<string, string> encoded) => Listed(
        ClearedKinds(cleared).Select(kind => $"{(kind.GroupCount > 1 ? $"{Figures.Count(kind.GroupCount)} × " : "")}{encoded(kind.Lookalike)} ({Figures.Counted(kind.AccountCount, "account")})"));

    /// <summary>Cleared groups by what they look like, entitled ones first, then the largest; at most twelve kinds.</summary>
    public static IEnumerable<(string Lookalike, long GroupCount, long AccountCount)> ClearedKinds(IReadOnlyList<ClearedGroup> cleared) =>
        cleared.GroupBy(group => group.Lookalike, StringComparer.Ordinal)
            .Select(kind => (kind.Key, GroupCount: kind.LongCount(), AccountCount: kind.Sum(group => group.AccountCount)))
            .OrderByDescending(kind => kind.Key == EntitledTraffic.Licensed).ThenByDescending(kind => kind.AccountCount).ThenBy(kind => kind.Key, StringComparer.Ordinal)
            .Take(12);

    /// <summary>What the accounts of one campaign did, in one sentence.</summary>
    public static string Summary(Campaign campaign)
    {
        // Below one half it must not sound like a finding.
        var found = campaign.Confidence >= 0.5;
        var who = campaign.Accounts.Count == 1
            ? "One account"
            : $"{Figures.Counted(campaign.Accounts.Count, "account")} that {(found ? "the evidence ascribes to" : "may have")} one operator";
        var part = campaign.ExchangeCount > campaign.ExtractingCount
            ? $" ({Figures.Percent((double)campaign.ExtractingCount / campaign.ExchangeCount)} of all that {(campaign.Accounts.Count == 1 ? "it" : "they")} sent)"
            : "";
        var how = campaign.Techniques.Count == 0 ? "" : ", mainly by " + Listed(campaign.Techniques.Take(2).Select(t => Spoken(t.Id)));
        var what = campaign.Capabilities.Count == 0 ? "" : ", aimed at " + Listed(campaign.Capabilities.Take(3).Select(c => Glossary.Capability(c.Id)));
        return $"{who} sent {(found ? Figures.Counted(campaign.ExtractingCount, "extracting exchange") : Figures.Counted(campaign.ExtractingCount, "exchange") + " that may extract")}{part} "
            + $"{Figures.Span(campaign.First, campaign.Last, spoken: true)}{how}{what}.";
    }

    public static string TechniqueList(Campaign campaign, int most = 3) =>
        campaign.Techniques.Count == 0
            ? "not determined"
            : string.Join(", ", campaign.Techniques.Take(most).Select(t => $"{OutputText.Terminal(t.Id, 40)} {Figures.Percent(t.Value)}"));

    /// <summary>The row that weighs most, the prior and the caps aside, with what it found and without its arithmetic; null where nothing speaks for the campaign.</summary>
    public static EvidenceRow? Strongest(Campaign campaign) =>
        campaign.Evidence.Where(row => row.Block is not ("prior" or "calibration" or Calibration.Block) && row.Bits > 0).MaxBy(row => row.Bits) is { } row ? row with { Text = EvidenceRows.Finding(row.Text) } : null;

    /// <summary>Answers that the campaign got: every answered exchange has one model, but may serve several capabilities.</summary>
    public static long Answers(Exposure exposure) =>
        exposure.ByModel.Count > 0 ? exposure.ByModel.Values.Sum() : exposure.ByCapability.Values.DefaultIfEmpty().Max();

    /// <summary>"15.2 bits: about 38,000 to 1".</summary>
    public static string Odds(double bits) => bits switch
    {
        double.NaN => "unknown",
        > 40 => "more than a million million to 1 in favour",
        >= 0 => $"about {Rounded(Math.Pow(2, bits))} to 1 in favour",
        < -40 => "more than a million million to 1 against",
        _ => $"about {Rounded(Math.Pow(2, -bits))} to 1 against",
    };

    /// <summary>"a", "a and b", "a, b and c".</summary>
    public static string Listed(IEnumerable<string> items)
    {
        var all = items.ToArray();
        return all.Length switch
        {
            0 => "",
            1 => all[0],
            _ => string.Join(", ", all[..^1]) + " and " + all[^1],
        };
    }

    /// <summary>An id of ours as words: "reasoning-elicitation" becomes "reasoning elicitation".</summary>
    public static string Spoken(string id) => OutputText.Terminal(id, 60).Replace('-', ' ').Replace('_', ' ');

    /// <summary>Two digits: odds with more would claim a precision that the weights don't have.</summary>
    private static string Rounded(double odds)
    {
        if (odds < 10)
            return odds.ToString("0.#", System.Globalization.CultureInfo.InvariantCulture);
        var unit = Math.Pow(10, Math.Floor(Math.Log10(odds)) - 1);
        return Figures.Count((long)(Math.Round(odds / unit) * unit));
    }
}
