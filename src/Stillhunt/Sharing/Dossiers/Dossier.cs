using System.Globalization;
using Stillhunt.Campaigns;
using Stillhunt.Profiles;
using Stillhunt.Reporting;
using static Stillhunt.Sharing.Dossiers.DossierPart;

namespace Stillhunt.Sharing.Dossiers;

/// <summary>
/// One campaign as a document that is printed and filed: what happened, how it is known, how sure, how each figure was counted, and what it rests on.
/// Written once as parts, so that the HTML and the Markdown never say two things.
/// </summary>
public static class Dossier
{
    private const int MostAccounts = 5000, MostSkeletons = 12, MostExamples = 3;

    internal static List<DossierPart> Parts(ScanResult result, Campaign campaign, DossierContext context)
    {
        var writing = new Writing(result, campaign, context);
        return [.. writing.Summary(), .. writing.Timeline(), .. writing.Scale(), .. writing.Techniques(), .. writing.Factors(), .. writing.Contrary(), .. writing.Method(), .. writing.Custody(), .. writing.Accounts()];
    }

    private sealed class Writing(ScanResult result, Campaign campaign, DossierContext context)
    {
        private readonly ShareProfile _profile = context.Audience.Profile;
        private readonly Redaction _redaction = new(context.Audience.Profile, campaign.Indicators);

        public IEnumerable<DossierPart> Summary()
        {
            yield return new Heading(1, context.Audience.Title);
            yield return new Paragraph($"{context.Producer}. Marked TLP:{_profile.Tlp.ToUpperInvariant()}. {(campaign.Confidence >= Detector.Flagged ? "" : "Suspected only: the confidence is below one half. ")}It names no person and no company: who is behind the accounts is not known from traffic.");
            yield return new Heading(2, "In short");
            yield return new Paragraph($"{Count(campaign.Accounts.Count, "account")} that the evidence ascribes to one operator sent {Count(campaign.ExtractingCount, "extracting exchange")} between {Time(campaign.First)} and {Time(campaign.Last)}. "
                + $"The probability that this is one operator's extraction is stated as {Figures.Probability(campaign.Confidence)} ({Figures.Bits(campaign.Bits)} bits, {Wording.Odds(campaign.Bits)}).");
            yield return new Paragraph("A probability is not a proof. It rests on a stated prior and on weights that were set on made-up traffic; see Method and error.");
        }

        public IEnumerable<DossierPart> Timeline()
        {
            yield return new Heading(2, "Timeline");
            if (campaign.Days.Count == 0) yield return new Paragraph("Days were not recorded.");
            else yield return new Table(["Day (UTC)", "Extracting exchanges", "Accounts active"], [.. campaign.Days.Select(day => (IReadOnlyList<string>)[day.Day, Number(day.ExtractingCount), Number(day.AccountCount)])]);
        }

        public IEnumerable<DossierPart> Scale()
        {
            var exposure = campaign.Exposure;
            yield return new Heading(2, "Scale and exposure");
            yield return new Table(["Measure", "Value", "How it was counted"],
            [
                ["Accounts", Number(campaign.Accounts.Count), "accounts whose own probability to be the operator's is at least one half"],
                ["Exchanges of these accounts", Number(campaign.ExchangeCount), HasUsers ? "every record of the log, refused ones included; of end users scaled up from the sample" : "every record of the log, refused ones included; exact"],
                ["Extracting exchanges", Number(campaign.ExtractingCount), $"scaled up from a sample by hash of at most {(campaign.Evidence.Any(row => row.Kind == CloseFinding.Kind) ? AccountDay.CloseSampleSize : AccountDay.SampleSize)} exchanges for each account and day"],
                ["Answers obtained", Number(Wording.Answers(exposure)), "extracting exchanges with a status below 400, scaled up from the same sample"],
                ["Output tokens", Tokens(exposure.OutputTokens), "as the log counted them, of answered extracting exchanges"],
                ["Reasoning tokens", Tokens(exposure.ReasoningTokens), "as the log counted them, of answered extracting exchanges"],
            ]);
            var taken = exposure.ByCapability.Where(pair => _profile.Identities || TechniqueNames.Capabilities.Contains(pair.Key)).OrderByDescending(pair => pair.Value).ToList();
            if (taken.Count > 0) yield return new Table(["Capability", "Answers"], [.. taken.Select(pair => (IReadOnlyList<string>)[Wording.Spoken(pair.Key), Number(pair.Value)])]);
            if (_profile.Identities && exposure.ByModel.Count > 0) yield return new Table(["Model", "Answers"], [.. exposure.ByModel.OrderByDescending(pair => pair.Value).Select(pair => (IReadOnlyList<string>)[pair.Key, Number(pair.Value)])]);
        }

        public IEnumerable<DossierPart> Techniques()
        {
            yield return new Heading(2, "Techniques");
            var known = campaign.Techniques.Where(share => TechniqueNames.All.Contains(share.Id)).ToList();
            if (known.Count == 0) yield return new Paragraph("Not determined.");
            else yield return new Table(["Technique", "Share of extracting exchanges", "What it does"], [.. known.Select(share => (IReadOnlyList<string>)[Wording.Spoken(share.Id), Figures.Percent(share.Value), Glossary.Technique(share.Id) ?? ""])]);
            var skeletons = campaign.Families.Select(family => _redaction.Skeleton(family.Skeleton)).Where(skeleton => skeleton.Length > 0 && skeleton != Redaction.Slot).Distinct(StringComparer.Ordinal).Take(MostSkeletons).ToList();
            if (skeletons.Count == 0) yield break;
            yield return new Paragraph(_profile.LeastOwners == 0 ? "Skeletons of the prompts; ‹…› stands for what changes." : string.Create(CultureInfo.InvariantCulture,
                $"Skeletons of the prompts; ‹…› stands for what changes, and for every word that fewer than {_profile.LeastOwners} unlinked customers use."));
            yield return new Items(skeletons);
        }

        public IEnumerable<DossierPart> Factors()
        {
            yield return new Heading(2, "Evidence by factor");
            yield return new Paragraph("The order is that of H.R. 8283 as introduced on 15 April 2026, section 3(11)(B), a bill and not law. A factor is a reason to look, never proof. A figure is set against everybody else in the same log, whom each sentence names.");
            foreach (var factor in Factor.All)
            {
                yield return new Heading(3, $"{factor.Clause} {factor.Name}");
                foreach (var text in Measured(factor)) yield return new Paragraph(text);
                var rows = factor.RowsOf(campaign).ToList();
                if (rows.Count > 0) yield return new Items([.. rows.Select(Row)]);
                else if (factor.Needs.FirstOrDefault(result.Scanned.Missing.Contains) is { } missing) yield return new Paragraph($"Unknown: {Glossary.Absence(missing)}.");
                else if (!Measured(factor).Any()) yield return new Paragraph("Not observed.");
                yield return new Paragraph($"Honest twin: {factor.Twin}.");
            }
        }

        private IEnumerable<string> Measured(Factor factor)
        {
            switch (factor.Name)
            {
                case "Volume":
                    var days = Math.Max(1, Figures.Days(campaign.First, campaign.Last));
                    yield return string.Create(CultureInfo.InvariantCulture, $"{Count(campaign.ExtractingCount, "extracting exchange")} over {Figures.Counted(days, "day")}, {Number(campaign.ExtractingCount / Math.Max(1, campaign.Accounts.Count))} an account.");
                    break;
                case "Concentration on specific capabilities" when campaign.Capabilities.Any(share => TechniqueNames.Capabilities.Contains(share.Id)):
                    yield return "Shares of the extracting exchanges: " + Wording.Listed(campaign.Capabilities.Where(share => TechniqueNames.Capabilities.Contains(share.Id)).Take(5).Select(share => $"{Glossary.Capability(share.Id)} {Figures.Percent(share.Value)}")) + ".";
                    break;
                case "Correlation with another model's development":
                    yield return $"First seen {Time(campaign.First)}, last seen {Time(campaign.Last)}. Whether these dates fit a public launch is for a human to compare; the program does not know any.";
                    break;
            }
        }

        public IEnumerable<DossierPart> Contrary()
        {
            yield return new Heading(2, "What speaks against it");
            var rows = campaign.Evidence.Where(row => row.Block is not ("prior" or "calibration" or Calibration.Block) && row.Bits < 0).ToList();
            if (rows.Count == 0) yield return new Paragraph("No evidence to the contrary was found.");
            else yield return new Items([.. rows.Select(Row)]);
            yield return new Paragraph("Use within the terms, under a permitted exception or with the owner's authorisation is no attack (section 3(11)(C)). A licence is not visible in traffic: before this document is used, it must be checked that none of the accounts had one.");
        }

        public IEnumerable<DossierPart> Method()
        {
            yield return new Heading(2, "Method and error");
            yield return new Paragraph("Stillhunt asks of every finding how much likelier it is if one operator is behind the accounts than if they are independent, in bits: one bit doubles the odds. The sum starts with a prior of one campaign in a thousand groups; blocks of evidence are capped; evidence of one operator alone, or of extraction alone, cannot reach even odds. Last, the sum is brought to what such sums were worth on labelled traffic of other authors.");
            yield return new Table(["Row", "Bits", "Finding"], [.. campaign.Evidence.Select(row => (IReadOnlyList<string>)[_redaction.Sentence(Glossary.Block(row.Block)), Figures.Bits(row.Bits), _redaction.Sentence(row.Text)]), ["Sum", Figures.Bits(campaign.Evidence.Sum(row => row.Bits)), $"confidence = 1 / (1 + 2^-bits) = {Figures.Probability(campaign.Confidence)}"]]);
            if (!EvidenceSum.Agrees(campaign)) yield return new Paragraph("WARNING: the rows do not add up to what the result states. Do not use this document before that is explained.");
            yield return new Paragraph(MeasuredError.Text);
            yield return new Paragraph(result.Scanned.Missing.Count == 0 ? "All kinds of field were logged." : "Not logged, hence unknown and counted neither for nor against: " + Wording.Listed(result.Scanned.Missing.Select(field => _profile.Identities ? field : _redaction.Sentence(field))) + ".");
            if (result.Scanned.LeftOut is { } leftOut) yield return new Paragraph($"Left out at the user's wish, in grouping and in weighing: {Wording.Listed(leftOut.Where(EvidenceKinds.All.Contains))}.");
            foreach (var loss in Wording.Losses(result.Scanned, _profile.Identities ? name => name : null)) yield return new Paragraph(loss);
            foreach (var shortcut in Wording.Shortcuts(result.Scanned)) yield return new Paragraph(shortcut);
            yield return new Paragraph($"Read: {Count(result.Scanned.ExchangeCount, "exchange")} of {Count(result.Scanned.AccountCount, "account")}; {Count(result.Scanned.Rejected.Values.Sum(), "record")} refused, {Count(result.Scanned.DuplicateCount, "duplicate")} not counted.");
        }

        public IEnumerable<DossierPart> Custody()
        {
            yield return new Heading(2, "Inputs and chain of custody");
            yield return new Paragraph("The same logs, the same version and the same key give the same result, byte for byte. SHA-256 of what this document was made of:");
            yield return new Table(["Role", "File", "Bytes", "SHA-256"], [.. context.Inputs.Select((input, at) => (IReadOnlyList<string>)
                [input.Role, _profile.Identities ? input.Name : string.Create(CultureInfo.InvariantCulture, $"file {at + 1}"), Figures.Count(input.Bytes), input.Sha256])]);
            yield return new Table(["Step", "When (UTC)", "By whom", "Signature"],
            [
                [$"Written by Stillhunt {context.ToolVersion}", Figures.Time(context.Written.ToString("O", CultureInfo.InvariantCulture)), context.Author ?? "", ""],
                ["Checked against the log", "", "", ""], ["Handed over", "", "", ""], ["Received", "", "", ""],
            ]);
        }

        public IEnumerable<DossierPart> Accounts()
        {
            if (!_profile.Identities)
            {
                yield return new Paragraph("Accounts, exchanges and customers are not named here. They can be had from the producer by whoever has a right to them.");
                yield break;
            }

            yield return new Heading(2, "Accounts");
            var ordered = campaign.Accounts.OrderByDescending(account => account.Probability).ThenBy(account => account.Id, StringComparer.Ordinal).ToList();
            yield return new Table(["Account", .. WithUsers(["End user"]), "Source", "Probability", "Extracting", "All exchanges"], [.. ordered.Take(MostAccounts).Select(account => (IReadOnlyList<string>)
                [account.Id, .. WithUsers([account.EndUser ?? "the whole account"]), account.Source, Figures.Probability(account.Probability), Number(account.ExtractingCount), Number(account.ExchangeCount)])]);
            if (HasUsers) yield return new Paragraph("Where an end user is named, the exchanges are his; the account is that of the customer whom he uses it through, and nothing is said of the account's other end users.");
            if (ordered.Count > MostAccounts) yield return new Paragraph($"{Figures.Counted(ordered.Count - MostAccounts, "more account")} in campaigns.json.");
        }

        private bool HasUsers => campaign.Accounts.Any(account => account.EndUser is not null);

        private string[] WithUsers(string[] cells) => HasUsers ? cells : [];

        private string Row(EvidenceRow row)
        {
            var examples = _profile.Identities && row.Examples.Count > 0 ? $" Exchanges: {string.Join(", ", row.Examples.Take(MostExamples))}." : "";
            return $"{Figures.Bits(row.Bits)} bits: {_redaction.Sentence(row.Text)}{examples}";
        }

        private string Time(string time) => _profile.Identities ? Figures.Time(time)
            : DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var exact) ? Figures.Time(_profile.Time(exact).ToString("O", CultureInfo.InvariantCulture)) : "an unknown time";

        private string Number(long number) => Figures.Count(_profile.Count(number));

        private string Count(long number, string noun) => Figures.Counted(_profile.Count(number), noun);

        private string Tokens(long? number) => number is { } known ? Number(known) : "not logged";
    }
}
