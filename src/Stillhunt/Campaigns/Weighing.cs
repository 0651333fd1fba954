using System.Globalization;
using Stillhunt.Fingerprinting;
using Stillhunt.Ingest;
using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>
/// Facts -> evidence in bits. The rows add up: prior, evidence of one operator (capped, so that it can't convict alone), evidence
/// of extraction (capped likewise), and evidence to the contrary. Break points come from the range (docs/decisions/0004).
/// </summary>
internal sealed class Weighing(Traffic traffic, SharedValues values, Func<int, string?> exampleId, IReadOnlySet<string> leftOut)
{
    /// <summary>One group in a thousand that shares a skeleton or a means of payment is taken to be an extraction campaign.</summary>
    public const double PriorBits = -10;

    /// <summary>All evidence of one operator together at most: with no evidence of extraction the odds stay even at best.</summary>
    private const double MostOperatorBits = 10;

    /// <summary>All evidence of extraction together at most: without one operator it stays under the prior.</summary>
    private const double MostExtractionBits = 8;

    private const double LeastExtractionBits = -8;

    /// <summary>
    /// One kind alone counts this much; less where a gateway, an employer or a fashion can make strangers alike, as with patterns of mail
    /// addresses, networks and clients.
    /// </summary>
    private const double MostBitsOfKind = 6, MostBitsOfCommonKind = 3.5;

    /// <summary>
    /// Kinds that strangers of one trade share: a school's mail domain, a pattern of service addresses, a course's referrer, the cloud in which all
    /// their programs run.
    /// </summary>
    private const double MostBitsOfTrade = 1.5;

    /// <summary>
    /// So many accounts must share before it counts in full: a handful behind one address or card are colleagues oftener than an operator, declared or
    /// not.
    /// </summary>
    private const double ManyAccounts = 12;

    /// <summary>
    /// Below so many accounts honest groups become commoner, by a little more than a bit at half as many and more below: an office, a team, a few users of one
    /// tool; and of many small groups that were looked at, some look like anything. On two other authors' traffic the undeclared keys of agencies, bureaus and
    /// labelling companies came to 10 to 30.
    /// </summary>
    private const double FewAccounts = 40;

    /// <summary>Where nobody declares an organisation, one address or network may be an office: it counts less.</summary>
    private const double UndeclaredNetwork = 0.4;

    /// <summary>
    /// No follow-up, long answers, breadth and variety are what any batch job shows, too: where prompts show no technique beyond what is usual,
    /// they count so much together; each bit of technique lets them count two more.
    /// </summary>
    private const double MostBitsOfForm = 2, FormByTechnique = 2;

    /// <summary>Odds of a technique, in bits against everybody else's, up to which instructions of a business differ from a person's questions by themselves.</summary>
    private const double UsualOdds = 0.3;

    /// <summary>... and so much where the accounts share no means either: the users of one assistant, whose steps look alike, were flagged on the range before.</summary>
    private const double MostBitsOfFormAlone = 0.5;

    /// <summary>
    /// From so many bits against one list of work on, nothing that accounts share makes one operator of them: unrelated companies that judge with
    /// one public prompt, and tenants of one office, were flagged on the range before.
    /// </summary>
    private const double OwnInterestsDeny = -1, MostBitsDenied = 1.5;

    /// <summary>Sharing nothing of a block speaks against one operator by this much: separate means are what operators buy.</summary>
    private const double LeastInfrastructureBits = -1;

    private static readonly IReadOnlyDictionary<string, double> BlockCaps = new Dictionary<string, double>
    {
        ["content"] = 8, ["registration"] = 6, ["network"] = 5, ["client"] = 2, ["time"] = 4,
    };

    private readonly Openness _openness = new(values);

    /// <summary>Share of all accounts with a record that are verified.</summary>
    private readonly double _verified = traffic.Subjects.Count(s => s.Record?.Verified == true) / (double)Math.Max(1, traffic.Subjects.Count(s => s.Record is not null));

    /// <summary>The rows of a group, prior first; their bits add up to the campaign's.</summary>
    public List<EvidenceRow> Rows(GroupFacts facts, Cluster cluster)
    {
        var members = cluster.Members.Where((_, m) => cluster.Probabilities[m] >= 0.5).ToList();
        var rows = new List<EvidenceRow>
        {
            Row("prior", "prior", PriorBits, "Before any evidence, one such group in a thousand is taken to be one operator's extraction.", null, []),
        };
        if (members.Count < FewAccounts && !leftOut.Contains("few-accounts"))
        {
            rows.Add(Row("contrary", "few-accounts", Curve(Math.Log2(members.Count / FewAccounts), (-3, -6.5), (-2, -3), (-1, -1.2), (0, 0)), string.Create(CultureInfo.InvariantCulture,
                $"The group has {members.Count} accounts only: colleagues who share a way of working are the commoner the fewer they are."), members.Count, []));
        }

        var operatorRows = new List<EvidenceRow>();
        operatorRows.AddRange(Content(facts, cluster));
        foreach (var kind in Enum.GetValues<ValueKind>())
        {
            if (Shared(kind, members, Freedom(facts)) is { } row) operatorRows.Add(row);
        }

        operatorRows.AddRange(Time(facts));
        operatorRows.AddRange(Steps(facts));
        operatorRows.RemoveAll(IsLeftOut);
        Cap(operatorRows);
        rows.AddRange(operatorRows);
        if (operatorRows.Exists(row => row.Kind == "own-interests" && row.Bits <= OwnInterestsDeny))
            Limit(rows, operatorRows, MostBitsDenied, double.NegativeInfinity,
                "Each account has interests of its own, so what they share is a tool, a trade or an office: all evidence of one operator counts {0} bits at most.");
        else
            Limit(rows, operatorRows, MostOperatorBits, double.NegativeInfinity, "All evidence of one operator counts {0} bits at most: no single axis convicts.");
        var extractionRows = Extraction(facts, cluster).ToList();
        if (Scattered(facts, operatorRows) is { } scattered) extractionRows.Add(scattered);
        extractionRows.RemoveAll(IsLeftOut);
        var techniques = extractionRows.Where(IsTechnique).Sum(row => Math.Max(0, row.Bits));
        Limit(extractionRows, [.. extractionRows.Where(row => !IsTechnique(row) && row.Kind != "scattered")],
            (HasMeans(operatorRows, extractionRows) ? MostBitsOfForm : MostBitsOfFormAlone) + (FormByTechnique * techniques), double.NegativeInfinity,
            "With as little technique beyond what is usual, the form of the requests counts {0} bits at most: an honest batch job has it, too.");
        rows.AddRange(extractionRows);
        Limit(rows, extractionRows, MostExtractionBits, LeastExtractionBits, "All evidence of extraction counts {0} bits at most, either way.");
        if (WordingOnly(facts, operatorRows) is { } only && !IsLeftOut(only)) rows.Add(only);
        rows.AddRange(Contrary(facts, members).Concat(_openness.Rows(facts, members, SharesMeans(operatorRows))).Where(row => !IsLeftOut(row)));
        return rows;
    }

    /// <summary>
    /// One account in four thousand that send much is taken to extract. All that can be seen of one account by itself adds up to 12.5 bits. On the range and two other authors' sets some 30 of 93 heavy accounts of
    /// operators reached that, and of 738 honest ones two copy-writing shops without an entitlement did, which had a declared organisation or verification to the contrary.
    /// </summary>
    public const double LonePriorBits = -12;

    /// <summary>Wordings that show a technique from which on what the classifier says counts in full.</summary>
    private const double ManyWordings = 8;

    /// <summary>
    /// The rows of an account by itself: it has one operator anyway, so only its own work is in question, and there is no second axis to hold against it. Therefore the prior is lower, a fixed text
    /// counts as one sample of wording, and nearly all that can speak for extraction has to.
    /// </summary>
    public List<EvidenceRow> RowsOfOne(GroupFacts facts, Cluster account, Wordings wordings)
    {
        List<EvidenceRow> rows = [Row("prior", "prior", LonePriorBits, "Before any evidence, one account in four thousand that sends so much is taken to extract. It is looked at by itself: that it has one operator is no question, so its own work must carry the finding.", null, [])];
        var work = Extraction(facts, account, wordings).Concat(Time(facts)).Where(row => !IsLeftOut(row)).ToList();
        var techniques = work.Where(IsTechnique).Sum(row => Math.Max(0, row.Bits));
        rows.AddRange(work);
        Limit(rows, [.. work.Where(row => !IsTechnique(row))], MostBitsOfFormAlone + (FormByTechnique * techniques), double.NegativeInfinity,
            "With as little technique beyond what is usual, the form and the hours of the requests count {0} bits at most: an honest program has them, too.");
        if (facts.OneOrganization > 0 && !leftOut.Contains("one-organisation"))
            rows.Add(Row("contrary", "one-organisation", LoneDeclared, "The account declares an organisation: an operator who says who it is.", 1, []));
        rows.AddRange(Contrary(facts with { OneOrganization = double.NaN }, account.Members).Where(row => !IsLeftOut(row)));
        return rows;
    }

    /// <summary>A name is quickly declared; that several accounts declare one together is what counts.</summary>
    private const double LoneDeclared = -1;

    private static bool IsTechnique(EvidenceRow row) => row.Kind is "technique" or "handle-replay";

    private bool IsLeftOut(EvidenceRow row) => leftOut.Contains(row.Kind);

    private static bool SharesMeans(List<EvidenceRow> operatorRows) => operatorRows.Where(row => row.Block is "registration" or "network").Sum(row => row.Bits) > 0;

    /// <summary>Whether more than wording speaks for one hand: means of payment and of access in common, or work dealt out without need.</summary>
    private static bool HasMeans(List<EvidenceRow> operatorRows, List<EvidenceRow> extractionRows) =>
        SharesMeans(operatorRows) || extractionRows.Exists(row => row.Kind == "scattered");

    /// <summary>People come back with another turn, a harvest does not.</summary>
    internal static bool IsPeoples(GroupFacts f) => f.FollowUp >= 0.8 * f.FollowUpElsewhere;

    private IEnumerable<EvidenceRow> Content(GroupFacts f, Cluster cluster)
    {
        var examples = Examples(cluster);
        if (IsPool(f))
        {
            var bits = Curve(f.Pool.Interchangeability, (0.5, -4), (0.75, 0), (0.9, 3), (0.97, 5)) * Math.Min(1, f.Pool.RepeatAccounts / 12.0);
            if (bits > 0) bits *= Freedom(f);
            yield return Row("content", "shared-pool", bits, string.Create(CultureInfo.InvariantCulture,
                $"{f.Accounts} accounts build their prompts from one pool of phrases ({f.Pool.UnitsPerConversation:0.0} in a prompt, {f.Pool.Variety:P0} of the combinations different); each uses {f.Pool.Interchangeability:0.00} times as many as chance draws would give (1 = one operator's workers, 0.8 or less = people's habits)."),
                f.Accounts, examples);
        }

        if (f.Dealing is { Lift: > 2 } dealing)
        {
            var bits = Curve(Math.Log2(dealing.Lift), (1, 0), (3, 3), (5, 6)) * Math.Min(1, dealing.Accounts / ManyAccounts)
                * Math.Clamp(dealing.Accounts / (double)cluster.Tested.Count / MostDeal, 0, 1) * Math.Min(1, dealing.Hours / ManyHours);
            yield return Row("content", "dealt-twice", bits, string.Create(CultureInfo.InvariantCulture,
                $"{dealing.Times} times a rare item went out under two of the accounts within {dealing.Minutes:0} minutes, where chance would give {dealing.Expected:0.0} ({dealing.Hours} different hours, {dealing.Accounts} of {cluster.Tested.Count} accounts): whoever deals out one list asks again under another account."),
                dealing.Accounts, examples);
        }

        if (!f.IsWorkList && f.InterestAccounts >= 5 && !double.IsNaN(f.OwnInterests))
        {
            var bits = Math.Clamp(OneList.Bits(f.OwnInterests, f.OwnInterestsError), LeastInterestBits, Freedom(f) >= Free ? MostInterestBits : MostInterestBitsOfFixed);
            // Templates that each account has for itself look like interests. What is left without them can't speak for one list, but it can't speak against it either.
            var withoutTemplates = bits < 0 && !HasCommonPool(f) && !double.IsNaN(f.OwnItems) ? Math.Clamp(OneList.Bits(f.OwnItems, f.OwnItemsError), LeastInterestBits, 0) : bits;
            yield return Row("content", "own-interests", Math.Max(bits, withoutTemplates), string.Create(CultureInfo.InvariantCulture,
                $"What one account asks about is {Math.Clamp(f.OwnInterests, 0, 2):0.00} times as much its own as with other customers (1 = people with interests, 0 = items dealt out of one list to all of them){(withoutTemplates > bits ? string.Create(CultureInfo.InvariantCulture, $", {Math.Clamp(f.OwnItems, 0, 2):0.00} times without the template that each has for itself") : "")}."),
                f.InterestAccounts, examples);
        }
    }

    /// <summary>
    /// Own interests of operators' workers against those of customers. Some operators deal by topic, or give each worker a project of its own: three
    /// in a hundred are looked for among people's values.
    /// </summary>
    private static readonly NormalOdds OneList = new(new(0, 0.1), new(0.8, 0.5), Stray: 0.03);

    private const double MostInterestBits = 4, MostInterestBitsOfFixed = 3.5, LeastInterestBits = -5;

    /// <summary>Odds of a share, kept off 0 and infinity by one in fifty.</summary>
    private static double Odds(double share) => (share + 0.02) / (1 - share + 0.02);

    /// <summary>
    /// How far the prompts recombine phrases at all, 0 to 1: of a fixed text everybody uses all, and is interchangeable for no reason.
    /// </summary>
    private static double Freedom(GroupFacts f) =>
        !IsPool(f) ? 0 : Math.Clamp((f.Pool.Room - 0.2) / 0.4, 0, 1) * Math.Clamp((f.Pool.Variety - 0.1) / 0.4, 0, 1);

    /// <summary>From this freedom on prompts are put together, and are no fixed text.</summary>
    private const double Free = 0.4;

    /// <summary>Whether the prompts recombine phrases at all, so that interchangeability means something.</summary>
    private static bool IsPool(GroupFacts f) =>
        f.Pool.RepeatAccounts >= 3 && f.Pool.UnitsPerConversation >= 1.5 && f.Pool.Variety >= 0.03 && !double.IsNaN(f.Pool.Interchangeability);

    /// <summary>Whether the accounts draw on one pool: then templates of their own explain nothing.</summary>
    private static bool HasCommonPool(GroupFacts f) => IsPool(f) && f.Pool.Interchangeability >= CommonPool;

    private const double CommonPool = 0.75;

    private EvidenceRow? Shared(ValueKind kind, List<int> members, double freedom)
    {
        var shared = GroupLikelihood.Of(values, kind, members);
        if (shared.Known < 2) return null;

        // Handles are passed in within one account by rights: that a group passes none around says nothing.
        if (kind == ValueKind.ReasoningRef && shared.Sharing == 0) return null;
        var text = shared.Sharing == 0
            ? string.Create(CultureInfo.InvariantCulture, $"None of {shared.Known} accounts shares {kind.Words()} with another of the group.")
            : string.Create(CultureInfo.InvariantCulture,
                $"{shared.Sharing} of {shared.Known} accounts share {kind.Words()} with another of the group: {shared.Values.Count} {(shared.Values.Count == 1 ? "value" : "values")}, rare among everybody else; the most common is held by {shared.Values[0].Count} of them.");
        // Capped first, then scaled: however rare what three colleagues share, it makes no operator of the fifty strangers beside them.
        var most = kind switch
        {
            ValueKind.Payment or ValueKind.Phone or ValueKind.ReasoningRef => MostBitsOfKind,
            ValueKind.EmailDomain or ValueKind.EmailShape or ValueKind.Referrer or ValueKind.Asn => MostBitsOfTrade,
            _ => MostBitsOfCommonKind,
        };
        var bits = Math.Min(shared.Bits, most) * shared.Part * Math.Min(1, members.Count / ManyAccounts);

        if (kind.Block() == "network" && bits > 0 && members.TrueForAll(member => traffic.Subjects[member].Organization is null)) bits *= UndeclaredNetwork;

        // One text, one client: that is an application, whoever uses it.
        if (kind.Block() == "client" && bits > 0 && freedom < Free) bits /= 2;
        if (shared.Sharing > 0 && Round(bits) == 0) text += " That weighs nothing: strangers share as much by chance.";
        return Row(kind.Block(), kind.Id(), bits, text, shared.Sharing == 0 ? shared.Known : shared.Sharing, []);
    }

    private static IEnumerable<EvidenceRow> Time(GroupFacts f)
    {
        if (!double.IsNaN(f.Daytime) && f.DaytimeElsewhere > 0.05)
        {
            var ratio = f.Daytime / f.DaytimeElsewhere;
            yield return Row("time", "daytime", Curve(ratio, (0.2, 2.5), (0.6, 1), (0.9, -0.5), (1.1, -1), (1.5, -2.5)), string.Create(CultureInfo.InvariantCulture,
                $"Hours cluster in the day {ratio:0.00} times as much as other accounts' ({f.Daytime:0.00} against {f.DaytimeElsewhere:0.00}; 0 = round the clock)."), null, []);
        }

        if (!double.IsNaN(f.LoadSpread) && f.LoadSpreadElsewhere > 0.1 && f.Accounts >= 5)
        {
            var ratio = f.LoadSpread / f.LoadSpreadElsewhere;
            yield return Row("time", "balanced-load", Curve(ratio, (0.2, 2), (0.5, 1), (0.8, 0), (1.2, -0.5)), string.Create(CultureInfo.InvariantCulture,
                $"The accounts' volumes differ {ratio:0.00} times as much as other accounts' (0 = loads balanced by one hand)."), f.Accounts, []);
        }
    }

    private static IEnumerable<EvidenceRow> Steps(GroupFacts f)
    {
        if (!double.IsNaN(f.Lockstep) && f.Lockstep > 0)
        {
            yield return Row("time", "lockstep", Curve(Math.Log2(f.Lockstep), (-1, -0.5), (0, 0), (1, 0.5), (3, 2.5), (4, 4)), string.Create(CultureInfo.InvariantCulture,
                $"Hour by hour the accounts move together {f.Lockstep:0.0} times as much as other accounts of their volume (1 = what the time of day does to everybody)."),
                f.Accounts, []);
        }

        var (ends, followed, expected) = f.Succession;
        if (ends >= 3 && followed > expected)
        {
            var bits = Math.Min(2.5, followed * Math.Log2(followed / Math.Max(0.5, expected)) / 2);
            yield return Row("time", "hand-over", bits, string.Create(CultureInfo.InvariantCulture,
                $"{followed} of {ends} accounts that ended were followed by another's start within twelve hours; chance would give {expected:0.0}."), followed, []);
        }
    }

    /// <summary>Fewer accounts that pass handles around may be one person's two.</summary>
    private const int LeastReplayAccounts = 3;

    /// <param name="wordings">Of an account by itself; null for a group.</param>
    private IEnumerable<EvidenceRow> Extraction(GroupFacts f, Cluster cluster, Wordings? wordings = null)
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
                : Freedom(f) >= Free || f.IsWorkList ? Math.Max(f.Pool.Interchangeability >= 0.85 ? -2 : -4, ofMany) : ofOneText;

            // Each wording is one look of the classifier's.
            double OfWordings(Wordings of) => of.IsFixed || ofMany < 0 ? ofOneText : ofMany * Math.Min(1, Math.Log2(1 + of.Showing) / Math.Log2(1 + ManyWordings));
            var named = Enumerable.Range(0, TechniqueIds.LearnedCount).Where(t => f.Techniques[t] >= 0.05).OrderByDescending(t => f.Techniques[t])
                .Select(t => string.Create(CultureInfo.InvariantCulture, $"{((Technique)t).Id()} {f.Techniques[t]:P0}"));
            yield return Row("extraction", "technique", bits, string.Create(CultureInfo.InvariantCulture,
                $"{f.AnyTechnique:P0} of the prompts read like a technique of extraction ({string.Join(", ", named)}), against {f.AnyTechniqueElsewhere:P1} of everybody else's{(wordings is { } by ? by.IsFixed ? ", all in one fixed text" : $", in {by.Showing} different wordings" : "")}."),
                f.Accounts, Examples(cluster));
        }

        if (f.ReplayAccounts >= LeastReplayAccounts)
        {
            var bits = Curve(f.Replayed, (0.02, 0), (0.2, 3), (0.5, 4)) * Math.Min(1, f.ReplayAccounts / ManyAccounts);
            yield return Row("extraction", "handle-replay", bits, string.Create(CultureInfo.InvariantCulture,
                $"{f.Replayed:P0} of the requests pass in a reasoning handle that another customer's account passed in as well: reasoning is collected under one account and read out under another."), f.ReplayAccounts, []);
        }

        if (!double.IsNaN(f.FollowUp) && !double.IsNaN(f.FollowUpElsewhere))
        {
            var ratio = f.FollowUp / Math.Max(0.05, f.FollowUpElsewhere);
            yield return Row("extraction", "no-follow-up", f.FollowUpKnown * Curve(ratio, (0.05, 2), (0.5, 0), (1, Freedom(f) >= Free ? -3 : -4)), string.Create(CultureInfo.InvariantCulture,
                $"{f.FollowUp:P0} of the conversations go on after the first answer, {f.FollowUpElsewhere:P0} of other accounts'."), f.Accounts, []);
        }

        if (!double.IsNaN(f.MedianOutput) && !double.IsNaN(f.MedianOutputElsewhere) && f.MedianOutputElsewhere > 0)
        {
            var ratio = f.MedianOutput / f.MedianOutputElsewhere;
            yield return Row("extraction", "long-answers", Curve(Math.Log2(ratio), (-3.5, -6), (-1, -1.5), (0, 0), (1, 2)), string.Create(CultureInfo.InvariantCulture,
                $"The median answer has {f.MedianOutput:0} tokens, {ratio:0.0} times that of everybody else."), null, []);
        }

        if (Breadth(f) is { } breadth) yield return breadth;
        if (!double.IsNaN(f.DistinctTurns) && f.Exchanges >= 10)
        {
            yield return Row("extraction", "slot-variety", Curve(f.DistinctTurns, (0.1, -4), (0.55, -1.5), (0.8, 1)), string.Create(CultureInfo.InvariantCulture,
                $"{f.DistinctTurns:P0} of the prompts' last turns are different texts: what is taken is {(f.DistinctTurns >= 0.6 ? "broad" : "a bounded set")}."), null, []);
        }
    }

    /// <summary>
    /// Whoever teaches a model wants breadth. A business works through one kind of matter, a class through one assignment.
    /// </summary>
    private static EvidenceRow? Breadth(GroupFacts f) =>
        double.IsNaN(f.Narrowness) || f.Exchanges < 30 ? null : Row("extraction", "breadth", Curve(f.Narrowness, (0.1, 0.5), (0.4, 0), (0.7, -1), (1, -2.5), (1.6, -4)), string.Create(CultureInfo.InvariantCulture,
            $"What two accounts of the group ask about has {Math.Max(0, f.Narrowness):0.00} times as much in common as the questions of one customer have (0 = as broad as strangers' questions, 1 = one subject)."), f.Accounts, []);

    /// <summary>Share of a group's accounts from which on dealing counts in full: each has few items that came back.</summary>
    private const double MostDeal = 0.5;

    /// <summary>Hours from which on it does: a class, an examination or a team before a deadline puts the same questions within one or two.</summary>
    private const double ManyHours = 8;

    /// <summary>
    /// Whether it is beyond doubt that one list is dealt out to many accounts. On the range and on a second author's traffic most operators came out at 10 to 390 times what chance gives, two operators
    /// between each other at 0.2 to 4; on the third author's, operators who never ask twice at 0.4 to 1.3 (docs/decisions/0008).
    /// </summary>
    private bool IsDealtTwice(GroupFacts f) =>
        !leftOut.Contains("dealt-twice") && f.Dealing.Lift >= 8 && f.Dealing.Accounts >= Math.Max(ManyAccounts, MostDeal * f.Accounts) && f.Dealing.Hours >= ManyHours;

    /// <summary>
    /// An honest job runs under one account, or under one organisation that says so. Whoever deals one list of work out to many accounts that have
    /// nothing in common has a reason. Only where the dealing is beyond doubt.
    /// </summary>
    /// <param name="operatorRows">Means and hours must speak for one hand, too: users of one application have neither in common.</param>
    private EvidenceRow? Scattered(GroupFacts f, List<EvidenceRow> operatorRows)
    {
        var dealt = Freedom(f) >= Free && f.Pool.RepeatAccounts >= ManyAccounts && f.Pool.Interchangeability >= 0.9
            && Math.Abs(f.OwnInterests) <= 0.2 && f.OwnInterestsError <= 0.1;
        if ((!dealt && !IsDealtTwice(f)) || f.OneOrganization >= 0.3) return null;
        var besideContent = Math.Clamp(operatorRows.Where(row => row.Block is "registration" or "network" or "time").Sum(row => row.Bits) / 3, 0, 1);
        var bits = Curve(Math.Log2(f.Accounts), (4, 0), (6, 3)) * besideContent * (double.IsNaN(f.OneOrganization) ? 0.5 : 1);
        return bits <= 0 ? null : Row("extraction", "scattered", bits, string.Create(CultureInfo.InvariantCulture,
            $"One list of work is dealt out to {f.Accounts} accounts that declare no common organisation; an honest job uses one account."), f.Accounts, []);
    }

    /// <summary>
    /// Bots, scripts and pipelines that strangers put together from one tutorial have wording and topics in common as workers of one list have. Where cards and addresses are known and none is shared, and
    /// nothing goes out twice within minutes, wording is one observation, however many of its sides agree; only large groups make up for it.
    /// </summary>
    private static EvidenceRow? WordingOnly(GroupFacts f, List<EvidenceRow> operatorRows)
    {
        var means = operatorRows.Where(row => row.Block is "registration" or "network").Sum(row => row.Bits);
        var others = operatorRows.Where(row => row.Kind is "dealt-twice" or "reasoning-handle").Sum(row => row.Bits);
        var bits = Curve(Math.Log2(f.Accounts), (5.6, MostWordingOnly), (6.2, 0));
        return means >= 0 || others >= LeastBesideWording || bits >= 0 ? null : Row("contrary", "wording-only", bits,
            $"The {f.Accounts} accounts share no means of payment or access, and hardly an item goes out under two of them within minutes: nothing but wording and habits speaks for one hand.", f.Accounts, []);
    }

    /// <summary>Measured on a fourth author's traffic, whose small bots came out as groups of 11 to 30 accounts; of operators so small most share means or deal twice.</summary>
    private const double MostWordingOnly = -2, LeastBesideWording = 0.5;

    private IEnumerable<EvidenceRow> Contrary(GroupFacts f, List<int> members)
    {
        if (f.ReRun >= 0.05)
        {
            yield return Row("contrary", "re-run", Curve(f.ReRun, (0.05, 0), (0.15, -2.5), (0.3, -4), (0.5, -5)), string.Create(CultureInfo.InvariantCulture,
                $"{f.ReRun:P0} of the prompts were put word for word to more than one model, as evaluations do."), null, []);
        }

        // Of a fixed text nothing but its use tells whose it is. What is dealt out by one hand is no tool of many people.
        if (IsPeoples(f) && !IsDealtTwice(f))
        {
            yield return Row("contrary", "people", f.FollowUpKnown * (Freedom(f) >= Free ? -2 : -4), string.Create(CultureInfo.InvariantCulture,
                $"{f.FollowUp:P0} of the conversations go on as much as other accounts' do ({f.FollowUpElsewhere:P0}): people use it as a tool."), f.Accounts, []);
        }

        if (f.OneOrganization >= 0.6)
        {
            yield return Row("contrary", "one-organisation", Curve(f.OneOrganization, (0.6, -2), (0.95, -5)), string.Create(CultureInfo.InvariantCulture,
                $"{f.OneOrganization:P0} of the accounts are declared by one organisation: an operator who says who it is."), members.Count, []);
        }

        var records = members.Select(m => traffic.Subjects[m].Record).OfType<AccountRecord>().ToList();
        if (records.Count == 0) yield break;
        var verified = records.Count(record => record.Verified == true) / (double)records.Count;
        if (verified > _verified)
        {
            yield return Row("contrary", "verified", -Math.Min(1.5, 2 * (verified - _verified)), string.Create(CultureInfo.InvariantCulture,
                $"{verified:P0} of the accounts are verified, {_verified:P0} of all; verification can be bought, so this weighs little."), records.Count, []);
        }

        var programme = records.Count(record => record.Program is "research" or "education") / (double)records.Count;
        var confirmed = records.Count(record => record.Program is "research" or "education" && record.Verified == true) / (double)records.Count;
        if (programme >= 0.5)
        {
            yield return Row("contrary", "programme", confirmed >= 0.5 ? -4 : -2, string.Create(CultureInfo.InvariantCulture,
                $"{programme:P0} of the accounts are members of a research or education programme, {confirmed:P0} verified ones."), records.Count, []);
        }
    }

    /// <summary>Scales the rows of a block to its caps, upward and downward: kinds within a block depend on each other. Each row says what it came to before.</summary>
    private static void Cap(List<EvidenceRow> rows)
    {
        foreach (var (block, most) in BlockCaps)
        {
            Scale(block, row => row.Bits > 0, most);
            if (block is not ("content" or "time")) Scale(block, row => row.Bits < 0, LeastInfrastructureBits);
        }

        void Scale(string block, Func<EvidenceRow, bool> side, double limit)
        {
            var sum = rows.Where(row => row.Block == block && side(row)).Sum(row => row.Bits);
            if (Math.Abs(sum) <= Math.Abs(limit)) return;
            for (var i = 0; i < rows.Count; i++)
                if (rows[i].Block == block && side(rows[i])) rows[i] = rows[i] with { Bits = Round(rows[i].Bits * limit / sum), Text = rows[i].Text + Scaled(rows[i].Bits, sum, limit) };
        }
    }

    private const string Alone = " Alone ";

    /// <summary>What a row found, without the scaling.</summary>
    internal static string Finding(string text) => text.LastIndexOf(Alone, StringComparison.Ordinal) is var at and > 0 ? text[..at] : text;

    /// <summary>The scaling in words, so that a reader can redo it: bits × limit / sum (of those of its block that point the same way). Short, as it stands in many rows.</summary>
    private static string Scaled(double bits, double sum, double limit) => string.Create(CultureInfo.InvariantCulture,
        $"{Alone}{bits:+0.00;-0.00}; its block {sum:+0.00;-0.00}, which counts {limit:+0.##;-0.##} at most.");

    private static void Limit(List<EvidenceRow> rows, List<EvidenceRow> of, double most, double least, string text)
    {
        var sum = of.Sum(row => row.Bits);
        var limited = Math.Clamp(sum, least, most);
        if (limited != sum)
            rows.Add(Row("calibration", "cap", limited - sum, string.Format(CultureInfo.InvariantCulture, text, Math.Abs(limited)), null, []));
    }

    private List<string> Examples(Cluster cluster) =>
        [.. cluster.Test.Select(exampleId).OfType<string>().Take(3)];

    internal static EvidenceRow Row(string block, string kind, double bits, string text, long? accounts, IReadOnlyList<string> examples) =>
        new() { Block = block, Kind = kind, Bits = Round(bits), Text = text, AccountCount = accounts, Examples = examples };

    internal static double Round(double bits) => Math.Round(bits, 2, MidpointRounding.AwayFromZero);

    /// <summary>Piecewise linear through the points, flat beyond the ends.</summary>
    internal static double Curve(double x, params ReadOnlySpan<(double X, double Y)> points)
    {
        if (x <= points[0].X) return points[0].Y;
        for (var i = 1; i < points.Length; i++)
        {
            if (x > points[i].X) continue;
            var t = (x - points[i - 1].X) / (points[i].X - points[i - 1].X);
            return points[i - 1].Y + (t * (points[i].Y - points[i - 1].Y));
        }

        return points[^1].Y;
    }
}
