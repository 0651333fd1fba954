using System.Globalization;
using Stillhunt.Linking;
using static Stillhunt.Campaigns.EvidenceRows;

namespace Stillhunt.Campaigns;

/// <summary>
/// Facts -> evidence in bits. The rows add up: prior, evidence of one operator (capped, so that it can't convict alone), evidence
/// of extraction (capped likewise), and evidence to the contrary. Break points come from the range (docs/decisions/0004).
/// </summary>
internal sealed class Weighing
{
    /// <summary>One group in a thousand that shares a skeleton or a means of payment is taken to be an extraction campaign.</summary>
    public const double PriorBits = -10;

    /// <summary>
    /// So many accounts must share before it counts in full: a handful behind one address or card are colleagues oftener than an operator, declared or
    /// not.
    /// </summary>
    public const double ManyAccounts = 12;

    /// <summary>All evidence of one operator together at most: with no evidence of extraction the odds stay even at best.</summary>
    private const double MostOperatorBits = 10;

    /// <summary>All evidence of extraction together at most: without one operator it stays under the prior.</summary>
    private const double MostExtractionBits = 8;

    private const double LeastExtractionBits = -8;

    /// <summary>
    /// Below so many accounts honest groups become commoner, by a little more than a bit at half as many and more below: an office, a team, a few users of one
    /// tool; and of many small groups that were looked at, some look like anything. On two other authors' traffic the undeclared keys of agencies, bureaus and
    /// labelling companies came to 10 to 30.
    /// </summary>
    private const double FewAccounts = 40;

    /// <summary>
    /// From so many bits against one list of work on, nothing that accounts share makes one operator of them: unrelated companies that judge with
    /// one public prompt, and tenants of one office, were flagged on the range before. Not where their means and hours show one hand nevertheless (<see cref="OneHand"/>).
    /// </summary>
    private const double OwnInterestsDeny = -1, KeptWordsDeny = -2, MostBitsDenied = 1.5;

    /// <summary>Sharing nothing of a block speaks against one operator by this much: separate means are what operators buy.</summary>
    private const double LeastInfrastructureBits = -1;

    /// <summary>What the kinds of a block, which depend on each other, count together.</summary>
    private static readonly IReadOnlyList<(string Block, double Most, double Least)> BlockCaps =
    [
        ("content", 8, double.NegativeInfinity), ("registration", 6, LeastInfrastructureBits), ("network", 5, LeastInfrastructureBits), ("client", 2, LeastInfrastructureBits), ("time", 4, double.NegativeInfinity),
    ];

    private readonly IReadOnlySet<string> _leftOut;
    private readonly OperatorEvidence _operator;
    private readonly ExtractionEvidence _extraction;
    private readonly ContraryEvidence _contrary;
    private readonly Openness _openness;

    /// <param name="exampleId">The id of an exchange where the log gave one.</param>
    /// <param name="leftOut">Of <see cref="EvidenceKinds.All"/> what may play no part.</param>
    public Weighing(Traffic traffic, SharedValues values, Func<int, string?> exampleId, IReadOnlySet<string> leftOut)
    {
        _leftOut = leftOut;
        _operator = new OperatorEvidence(traffic, values, Examples);
        _extraction = new ExtractionEvidence(Examples);
        _contrary = new ContraryEvidence(traffic);
        _openness = new Openness(values);

        List<string> Examples(Cluster cluster) => [.. cluster.Test.Select(exampleId).OfType<string>().Take(3)];
    }

    /// <summary>The rows of a group, prior first; their bits add up to the campaign's.</summary>
    public List<EvidenceRow> Rows(GroupFacts facts, Cluster cluster)
    {
        facts = Allowed(facts);
        var members = cluster.Members.Where((_, m) => cluster.Probabilities[m] >= 0.5).ToList();
        List<EvidenceRow> rows = [Row("prior", "prior", PriorBits, "Before any evidence, one such group in a thousand is taken to be one operator's extraction.", null, [])];
        if (members.Count < FewAccounts && !_leftOut.Contains("few-accounts"))
        {
            rows.Add(Row("contrary", "few-accounts", Curve(Math.Log2(members.Count / FewAccounts), (-3, -6.5), (-2, -3), (-1, -1.2), (0, 0)), string.Create(CultureInfo.InvariantCulture,
                $"The group has {members.Count} accounts only: colleagues who share a way of working are the commoner the fewer they are."), members.Count, []));
        }

        var ofOperator = Kept(_operator.Rows(facts, cluster, members));
        foreach (var (block, most, least) in BlockCaps) Cap(ofOperator, block, most, least);
        var isDenied = ofOperator.Exists(row => (row.Kind == "own-interests" && row.Bits <= OwnInterestsDeny) || (row.Kind == "kept-words" && row.Bits <= KeptWordsDeny));
        var oneHand = cluster.IsByMeans && !_leftOut.Contains(OneHand.Kind) ? OneHand.Shown(ofOperator) : 0;
        if (OneHand.Row(ofOperator, oneHand, members.Count) is { } shown) ofOperator.Add(shown);
        rows.AddRange(ofOperator);
        if (isDenied && oneHand < 1)
            Limit(rows, ofOperator, double.Lerp(MostBitsDenied, MostOperatorBits, oneHand), double.NegativeInfinity,
                "Each account has interests of its own, so what they share is a tool, a trade or an office: all evidence of one operator counts {0} bits at most.");
        else
            Limit(rows, ofOperator, MostOperatorBits, double.NegativeInfinity, "All evidence of one operator counts {0} bits at most: no single axis convicts.");

        var ofExtraction = Kept(_extraction.Rows(facts, cluster));
        if (ExtractionEvidence.Scattered(facts, ofOperator) is { } scattered) ofExtraction.AddRange(Kept([scattered]));
        // More than wording speaks for one hand: means of payment and of access in common, or work dealt out without need.
        var hasMeans = OperatorEvidence.SharesMeans(ofOperator) || ofExtraction.Exists(row => row.Kind == "scattered");
        ExtractionEvidence.LimitForm(ofExtraction, double.Lerp(ExtractionEvidence.MostBitsOfFormAlone, ExtractionEvidence.MostBitsOfForm, hasMeans ? 1 : facts.EvenShares),
            "With as little technique beyond what is usual, the form of the requests counts {0} bits at most: an honest batch job has it, too.");
        rows.AddRange(ofExtraction);
        Limit(rows, ofExtraction, MostExtractionBits, LeastExtractionBits, "All evidence of extraction counts {0} bits at most, either way.");
        if (ContraryEvidence.WordingOnly(facts, ofOperator, cluster.IsToldAnew, ExtractionEvidence.Technique(ofExtraction)) is { } only) rows.AddRange(Kept([only]));
        rows.AddRange(Kept([.. _contrary.Rows(facts, members), .. _openness.Rows(facts, members, OperatorEvidence.SharesMeans(ofOperator))]));
        return rows;
    }

    /// <summary>
    /// One account in four thousand that send much is taken to extract. All that can be seen of one account by itself adds up to 12.5 bits. On the range and two other authors' sets some 30 of 93 heavy accounts of
    /// operators reached that, and of 738 honest ones two copy-writing shops without an entitlement did, which had a declared organisation or verification to the contrary.
    /// </summary>
    private const double LonePriorBits = -12;

    /// <summary>A name is quickly declared; that several accounts declare one together is what counts.</summary>
    private const double LoneDeclared = -1;

    /// <summary>
    /// The rows of an account by itself: it has one operator anyway, so only its own work is in question, and there is no second axis to hold against it. Therefore the prior is lower, a fixed text
    /// counts as one sample of wording, and nearly all that can speak for extraction has to.
    /// </summary>
    public List<EvidenceRow> RowsOfOne(GroupFacts facts, Cluster account, Wordings wordings)
    {
        facts = Allowed(facts);
        List<EvidenceRow> rows = [Row("prior", "prior", LonePriorBits, "Before any evidence, one account in four thousand that sends so much is taken to extract. It is looked at by itself: that it has one operator is no question, so its own work must carry the finding.", null, [])];
        var work = Kept([.. _extraction.Rows(facts, account, wordings), .. OperatorEvidence.Time(facts, alone: true)]);
        ExtractionEvidence.LimitForm(work, ExtractionEvidence.MostBitsOfFormAlone,
            "With as little technique beyond what is usual, the form and the hours of the requests count {0} bits at most: an honest program has them, too.");
        rows.AddRange(work);
        if (facts.OneOrganization > 0)
            rows.AddRange(Kept([Row("contrary", "one-organisation", LoneDeclared, "The account declares an organisation: an operator who says who it is.", 1, [])]));
        rows.AddRange(Kept(_contrary.Rows(facts with { OneOrganization = double.NaN }, account.Members)));
        return rows;
    }

    /// <summary>Less the kinds that are left out.</summary>
    private List<EvidenceRow> Kept(IEnumerable<EvidenceRow> rows) => [.. rows.Where(row => !_leftOut.Contains(row.Kind))];

    /// <summary>Facts that more than one kind of evidence rests on, less what is left out.</summary>
    private GroupFacts Allowed(GroupFacts facts)
    {
        if (_leftOut.Contains("dealt-twice")) facts = facts with { Dealing = default };
        if (_leftOut.Contains("no-follow-up")) facts = facts with { CountNumbers = false };
        if (_leftOut.Contains("own-interests")) facts = facts with { OwnInterests = double.NaN };
        return _leftOut.Contains("balanced-load") ? facts with { LoadSpread = double.NaN } : facts;
    }
}
