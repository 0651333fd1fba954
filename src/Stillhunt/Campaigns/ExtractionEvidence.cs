using System.Globalization;
using Stillhunt.Fingerprinting;
using Stillhunt.Ingest;
using Stillhunt.Linking;
using static Stillhunt.Campaigns.EvidenceRows;

namespace Stillhunt.Campaigns;

/// <summary>What speaks for extraction, or against it.</summary>
/// <param name="examples">Ids of exchanges of a group that a reader can look up.</param>
internal sealed class ExtractionEvidence(Func<Cluster, List<string>> examples)
{
    /// <summary>
    /// No follow-up, long answers, breadth and variety are what any batch job shows, too: where prompts show no technique beyond what is usual,
    /// they count so much together; each bit of technique lets them count two more.
    /// </summary>
    public const double MostBitsOfForm = 2;

    private const double FormByTechnique = 2;

    /// <summary>... and so much where the accounts share no means either: the users of one assistant, whose steps look alike, were flagged on the range before.</summary>
    public const double MostBitsOfFormAlone = 0.5;

    /// <summary>Odds of a technique, in bits against everybody else's, up to which instructions of a business differ from a person's questions by themselves.</summary>
    private const double UsualOdds = 0.3;

    /// <summary>Wordings that show a technique from which on what the classifier says counts in full.</summary>
    private const double ManyWordings = 8;

    /// <summary>Fewer accounts that pass handles around may be one person's two.</summary>
    private const int LeastReplayAccounts = 3;

    /// <summary>Limits what the form of requests counts beside the techniques that they show.</summary>
    /// <param name="most">Bits that it counts where no technique shows.</param>
    /// <param name="text">Why, with a place for the limit.</param>
    public static void LimitForm(List<EvidenceRow> rows, double most, string text) =>
        Limit(rows, rows.FindAll(row => !IsTechnique(row) && row.Kind != "scattered"), most + (FormByTechnique * rows.Where(IsTechnique).Sum(row => Math.Max(0, row.Bits))), double.NegativeInfinity, text);

    /// <summary>Bits for techniques among the rows.</summary>
    public static double Technique(List<EvidenceRow> rows) => rows.Where(IsTechnique).Sum(row => row.Bits);

    private static bool IsTechnique(EvidenceRow row) => row.Kind is "technique" or "handle-replay";

    /// <param name="wordings">Of an account by itself; null for a group.</param>
    public IEnumerable<EvidenceRow> Rows(GroupFacts f, Cluster cluster, Wordings? wordings = null)
    {
        if (!double.IsNaN(f.AnyTechnique))
        {
            // Wording can be changed at will: where prompts are demonstrably dealt from one pool, words that the classifier does not
            // know weigh little against it. A fixed text is one sample however often it is sent: the classifier, which errs on one long
            // honest instruction in five (docs/data.md), can say little of it either way.
            // Measured as odds against everybody else's: on traffic full of long instructions the classifier sees techniques everywhere.
            var usual = double.IsNaN(f.AnyTechniqueElsewhere) ? 0.1 : f.AnyTechniqueElsewhere;
            var odds = Math.Log2(Odds(f.AnyTechnique) / Odds(usual));
            var ofOneText = Curve(odds, (-2, -1.5), (0, 0), (UsualOdds, 0), (3, 2));
            var ofMany = Curve(odds, (-3, -4), (-1, -2), (0, 0), (UsualOdds, 0), (1.5, 3), (3, 5));
            var bits = wordings is { } asked ? OfWordings(asked)
                : f.IsPutTogether || f.IsWorkList ? Math.Max(f.Pool.Interchangeability >= 0.85 ? -2 : -4, ofMany) : ofOneText;

            // Each wording is one look of the classifier's.
            double OfWordings(Wordings of) => of.IsFixed || ofMany < 0 ? ofOneText : ofMany * Math.Min(1, Math.Log2(1 + of.Showing) / Math.Log2(1 + ManyWordings));
            var named = Enumerable.Range(0, TechniqueIds.LearnedCount).Where(t => f.Techniques[t] >= 0.05).OrderByDescending(t => f.Techniques[t])
                .Select(t => string.Create(CultureInfo.InvariantCulture, $"{((Technique)t).Id()} {f.Techniques[t]:P0}"));
            yield return Row("extraction", "technique", bits, string.Create(CultureInfo.InvariantCulture,
                $"{f.AnyTechnique:P0} of the prompts read like a technique of extraction ({string.Join(", ", named)}), against {f.AnyTechniqueElsewhere:P1} of everybody else's{(wordings is { } by ? by.IsFixed ? ", all in one fixed text" : $", in {by.Showing} different wordings" : "")}."),
                f.Accounts, examples(cluster));
        }

        if (f.ReplayAccounts >= LeastReplayAccounts)
        {
            var bits = Curve(f.Replayed, (0.02, 0), (0.2, 3), (0.5, 4)) * Math.Min(1, f.ReplayAccounts / Weighing.ManyAccounts);
            yield return Row("extraction", "handle-replay", bits, string.Create(CultureInfo.InvariantCulture,
                $"{f.Replayed:P0} of the requests pass in a reasoning handle that another customer's account passed in as well: reasoning is collected under one account and read out under another."), f.ReplayAccounts, []);
        }

        if (!double.IsNaN(f.FollowUp) && !double.IsNaN(f.FollowUpElsewhere))
        {
            var ratio = f.FollowUp / Math.Max(0.05, f.FollowUpElsewhere);
            yield return Row("extraction", "no-follow-up", f.FollowUpKnown * Curve(ratio, (0.05, 2), (0.5, 0), (1, f.IsPutTogether ? -3 : -4)), string.Create(CultureInfo.InvariantCulture,
                $"{f.FollowUp:P0} of the conversations go on after the first answer, {f.FollowUpElsewhere:P0} of other accounts'."), f.Accounts, []);
        }

        if (!double.IsNaN(f.MedianOutput) && !double.IsNaN(f.MedianOutputElsewhere) && f.MedianOutputElsewhere > 0)
        {
            var ratio = f.MedianOutput / f.MedianOutputElsewhere;
            yield return Row("extraction", "long-answers", Curve(Math.Log2(ratio), (-3.5, -6), (-1, -1.5), (0, 0), (1, 2)), string.Create(CultureInfo.InvariantCulture,
                $"The median answer has {f.MedianOutput:0} tokens, {ratio:0.0} times that of everybody else, answers to requests with tools held against such answers."), null, []);
        }

        if (Breadth(f) is { } breadth) yield return breadth;
        if (!double.IsNaN(f.DistinctTurns) && f.Exchanges >= 10)
        {
            var questions = f.CountNumbers ? f.DistinctNumbers : f.DistinctQuestions;
            // What is told apart only by its numbers, or by being asked again at once, is no bounded set; nor does it show breadth, as a sensor's readings do not.
            var bits = Math.Min(Variety(questions), Math.Max(0, Variety(f.DistinctTurns)));
            var told = questions - f.DistinctTurns < ToldApart ? ""
                : string.Create(CultureInfo.InvariantCulture, $", {questions:P0} of the questions where {(f.CountNumbers ? "numbers count and " : "")}what is asked again within minutes is one");
            var taken = questions < Broad ? "a bounded set" : f.DistinctTurns < Broad ? "no bounded set" : "broad";
            yield return Row("extraction", "slot-variety", bits, string.Create(CultureInfo.InvariantCulture,
                $"{f.DistinctTurns:P0} of the prompts' last turns are different texts{told}: what is taken is {taken}."), null, []);
        }
    }

    /// <summary>Share of different texts from which on a sentence calls them broad; and by how much questions must differ from texts to be told.</summary>
    private const double Broad = 0.6, ToldApart = 0.05;

    private static double Variety(double share) => Curve(share, (0.1, -4), (0.55, -1.5), (0.8, 1));

    /// <summary>Odds of a share, kept off 0 and infinity by one in fifty.</summary>
    private static double Odds(double share) => (share + 0.02) / (1 - share + 0.02);

    /// <summary>
    /// Whoever teaches a model wants breadth. A business works through one kind of matter, a class through one assignment.
    /// </summary>
    private static EvidenceRow? Breadth(GroupFacts f) =>
        double.IsNaN(f.Narrowness) || f.Exchanges < 30 ? null : Row("extraction", "breadth", Curve(f.Narrowness, (0.1, 0.5), (0.4, 0), (0.7, -1), (1, -2.5), (1.6, -4)), string.Create(CultureInfo.InvariantCulture,
            $"What two accounts of the group ask about has {Math.Max(0, f.Narrowness):0.00} times as much in common as the questions of one customer have (0 = as broad as strangers' questions, 1 = one subject)."), f.Accounts, []);

    /// <summary>
    /// An honest job runs under one account, or under one organisation that says so. Whoever deals one list of work out to many accounts that have
    /// nothing in common has a reason. Only where the dealing is beyond doubt.
    /// </summary>
    /// <param name="operatorRows">Means and hours must speak for one hand, too: users of one application have neither in common.</param>
    public static EvidenceRow? Scattered(GroupFacts f, List<EvidenceRow> operatorRows)
    {
        var dealt = f.IsPutTogether && f.Pool.RepeatAccounts >= Weighing.ManyAccounts && f.Pool.Interchangeability >= 0.9
            && Math.Abs(f.OwnInterests) <= 0.2 && f.OwnInterestsError <= 0.1;
        // Of questions that have no wording in common the shares tell: nobody's own, and even.
        dealt |= !f.IsPool && f.EvenShares >= 1 && f.OwnInterestsError <= 0.1;
        if ((!dealt && !f.IsDealtTwice) || f.OneOrganization >= 0.3) return null;
        var besideContent = Math.Clamp(operatorRows.Where(row => row.Block is "registration" or "network" or "time").Sum(row => row.Bits) / 3, 0, 1);
        var bits = Curve(Math.Log2(f.Accounts), (4, 0), (6, 3)) * besideContent * (double.IsNaN(f.OneOrganization) ? 0.5 : 1);
        return bits <= 0 ? null : Row("extraction", "scattered", bits, string.Create(CultureInfo.InvariantCulture,
            $"One list of work is dealt out to {f.Accounts} accounts that declare no common organisation; an honest job uses one account."), f.Accounts, []);
    }
}
