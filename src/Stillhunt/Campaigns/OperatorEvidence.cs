using System.Globalization;
using Stillhunt.Linking;
using static Stillhunt.Campaigns.EvidenceRows;

namespace Stillhunt.Campaigns;

/// <summary>What speaks for one operator, or against one: wording and items, means, hours, and how accounts move together.</summary>
/// <param name="examples">Ids of exchanges of a group that a reader can look up.</param>
internal sealed class OperatorEvidence(Traffic traffic, SharedValues values, Func<Cluster, List<string>> examples)
{
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

    /// <summary>Where nobody declares an organisation, one address or network may be an office: it counts less.</summary>
    private const double UndeclaredNetwork = 0.4;

    /// <summary>Whether means of payment and of access that the accounts have in common speak for one hand.</summary>
    public static bool SharesMeans(List<EvidenceRow> rows) => rows.Where(row => row.Block is "registration" or "network").Sum(row => row.Bits) > 0;

    /// <summary>The rows, not scaled yet.</summary>
    /// <param name="members">The likely ones.</param>
    public List<EvidenceRow> Rows(GroupFacts facts, Cluster cluster, List<int> members)
    {
        var handles = Handles(members);
        return
        [
            .. Content(facts, cluster, arePassedOn: handles?.Bits >= EnoughPassedOn),
            .. Enum.GetValues<ValueKind>().Select(kind => kind == ValueKind.ReasoningRef ? handles : Shared(kind, members, facts.IsPutTogether)).OfType<EvidenceRow>(),
            .. Time(facts),
            .. Steps(facts),
        ];
    }

    /// <param name="arePassedOn">Whether reasoning handles go from account to account: then they have one hand, whatever else tells them apart.</param>
    private IEnumerable<EvidenceRow> Content(GroupFacts f, Cluster cluster, bool arePassedOn)
    {
        var shown = examples(cluster);
        if (f.IsPool)
        {
            var bits = Curve(f.Pool.Interchangeability, (0.5, -4), (0.75, 0), (0.9, 3), (0.97, 5)) * Math.Min(1, f.Pool.RepeatAccounts / 12.0);
            if (bits > 0) bits *= f.Freedom;
            yield return Row("content", "shared-pool", bits, string.Create(CultureInfo.InvariantCulture,
                $"{f.Accounts} accounts build their prompts from one pool of phrases ({f.Pool.UnitsPerConversation:0.0} in a prompt, {f.Pool.Variety:P0} of the combinations different); each uses {f.Pool.Interchangeability:0.00} times as many as chance draws would give (1 = one operator's workers, 0.8 or less = people's habits)."),
                f.Accounts, shown);
        }

        var goneOutTwice = 0.0;
        if (f.Dealing is { Lift: > 2 } dealing)
        {
            goneOutTwice = Curve(Math.Log2(dealing.Lift), (1, 0), (3, 3), (5, 6)) * Math.Min(1, dealing.Accounts / Weighing.ManyAccounts)
                * Math.Clamp(dealing.Accounts / (double)cluster.Tested.Count / GroupFacts.MostDeal, 0, 1) * Math.Min(1, dealing.Hours / GroupFacts.ManyHours);
            yield return Row("content", "dealt-twice", goneOutTwice, string.Create(CultureInfo.InvariantCulture,
                $"{dealing.Times} times a rare item went out under two of the accounts within {dealing.Minutes:0} minutes, where chance would give {dealing.Expected:0.0} ({dealing.Hours} different hours, {dealing.Accounts} of {cluster.Tested.Count} accounts): whoever deals out one list asks again under another account."),
                dealing.Accounts, shown);
        }

        if (!f.IsWorkList && f.InterestAccounts >= 5 && !double.IsNaN(f.OwnInterests))
        {
            var bits = Math.Clamp(OneList.Bits(f.OwnInterests, f.OwnInterestsError), LeastInterestBits, f.IsPutTogether ? MostInterestBits : MostInterestBitsOfFixed);
            // Templates that each account has for itself look like interests. What is left without them can't speak for one list, but it can't speak against it either.
            var withoutTemplates = bits < 0 && !f.HasCommonPool && !double.IsNaN(f.OwnItems) ? Math.Clamp(OneList.Bits(f.OwnItems, f.OwnItemsError), LeastInterestBits, 0) : bits;
            yield return Row("content", "own-interests", arePassedOn ? Math.Max(bits, 0) : Math.Max(bits, withoutTemplates), string.Create(CultureInfo.InvariantCulture,
                $"What one account asks about is {Math.Clamp(f.OwnInterests, 0, 2):0.00} times as much its own as with other customers (1 = people with interests, 0 = items dealt out of one list to all of them){(withoutTemplates > bits ? string.Create(CultureInfo.InvariantCulture, $", {Math.Clamp(f.OwnItems, 0, 2):0.00} times without the template that each has for itself") : "")}{(arePassedOn && bits < 0 ? Overruled : "")}."),
                f.InterestAccounts, shown);
        }

        if (!f.IsWorkList && !double.IsNaN(f.Kept.Share))
        {
            var against = Math.Clamp(Dealt.Bits(f.Kept.Share, f.Kept.Error), LeastKeptBits, 0);
            // What goes out twice comes off one list, whatever else tells the accounts apart: a template, a language, or a part of the list for each.
            yield return Row("content", "kept-words", goneOutTwice >= EnoughGoneOutTwice || arePassedOn ? 0 : against, string.Create(CultureInfo.InvariantCulture,
                $"Of the words that come back in what {f.Kept.Accounts} accounts ask, an account keeps {Math.Max(0, f.Kept.Share):P1} to itself beyond chance (0 = items dealt out of one list to any of them; customers with work of their own 3 % and more){(arePassedOn && against < 0 ? Overruled : "")}."),
                f.Kept.Accounts, []);
        }
    }

    /// <summary>
    /// Words kept by operators' workers, and by unrelated customers. On the range and in three other authors' traffic 97 of 100 groups of operators whose accounts have no template each came out at 0.019 or less (three of the seven that
    /// were above 0.022 deal twice), half of the range's honest groups at 0.02 and more, companies with one public template at 0.06 and more (docs/decisions/0017).
    /// </summary>
    private static readonly NormalOdds Dealt = new(new(0, 0.007), new(0.05, 0.025), Stray: 0.03);

    /// <summary>It speaks against one operator only: firms and their staff work off one list, too. Bits of dealing from which on it doesn't.</summary>
    private const double LeastKeptBits = -5, EnoughGoneOutTwice = 0.5;

    /// <summary>
    /// Own interests of operators' workers against those of customers. Some operators deal by topic, or give each worker a project of its own: three
    /// in a hundred are looked for among people's values.
    /// </summary>
    private static readonly NormalOdds OneList = new(new(0, 0.1), new(0.8, 0.5), Stray: 0.03);

    private const double MostInterestBits = 4, MostInterestBitsOfFixed = 3.5, LeastInterestBits = -5;

    private EvidenceRow? Shared(ValueKind kind, List<int> members, bool isPutTogether)
    {
        var shared = GroupLikelihood.Of(values, kind, members);
        if (shared.Known < 2) return null;

        var text = shared.Sharing == 0
            ? string.Create(CultureInfo.InvariantCulture, $"None of {shared.Known} accounts shares {kind.Words()} with another of the group.")
            : string.Create(CultureInfo.InvariantCulture,
                $"{shared.Sharing} of {shared.Known} accounts share {kind.Words()} with another of the group: {shared.Values.Count} {(shared.Values.Count == 1 ? "value" : "values")}, rare among everybody else; the most common is held by {shared.Values[0].Count} of them.");
        // Capped first, then scaled: however rare what three colleagues share, it makes no operator of the fifty strangers beside them.
        var most = kind switch
        {
            ValueKind.Payment or ValueKind.Phone => MostBitsOfKind,
            ValueKind.EmailDomain or ValueKind.EmailShape or ValueKind.Referrer or ValueKind.Asn => MostBitsOfTrade,
            _ => MostBitsOfCommonKind,
        };
        var bits = Math.Min(shared.Bits, most) * shared.Part * Math.Min(1, members.Count / Weighing.ManyAccounts);

        if (kind.Block() == "network" && bits > 0 && members.TrueForAll(member => traffic.Subjects[member].Organization is null)) bits *= UndeclaredNetwork;

        // One text, one client: that is an application, whoever uses it.
        if (kind.Block() == "client" && bits > 0 && !isPutTogether) bits /= 2;
        if (shared.Sharing > 0 && Round(bits) == 0) text += " That weighs nothing: strangers share as much by chance.";
        return Row(kind.Block(), kind.Id(), bits, text, shared.Sharing == 0 ? shared.Known : shared.Sharing, []);
    }

    /// <summary>
    /// Bits of handles that are passed on from which on subjects of their own say nothing against one hand: half of the accounts, at least. Whose hidden reasoning is read out under another's account is no stranger to him.
    /// </summary>
    private const double EnoughPassedOn = 3;

    private const string Overruled = "; that weighs nothing, as reasoning handles go from account to account";

    /// <summary>Whether rows of a group say that reasoning handles go from account to account, among half of its accounts at least; what a cap left of their bits does not matter.</summary>
    public static bool ArePassedOn(IEnumerable<EvidenceRow> rows, int accounts) => rows.Any(row => row.Kind == ValueKind.ReasoningRef.Id() && row.Bits > 0 && 2 * row.AccountCount >= accounts);

    /// <summary>One handle that many accounts pass in may be what a client sends by mistake; so many different ones are passed on.</summary>
    private const double SeveralHandles = 5;

    /// <summary>Handles are passed in within one account by rights: that a group passes none around says nothing.</summary>
    private EvidenceRow? Handles(List<int> members)
    {
        var passed = PassedHandles.Of(values, members);
        if (passed.Sharing == 0) return null;
        var part = passed.Sharing / (double)members.Select(values.OwnerOf).Distinct().Count();
        var bits = Math.Min(passed.Bits, MostBitsOfKind) * part * Math.Min(1, members.Count / Weighing.ManyAccounts) * Math.Min(1, (passed.Handles - 1) / (SeveralHandles - 1));
        return Row(ValueKind.ReasoningRef.Block(), ValueKind.ReasoningRef.Id(), bits, string.Create(CultureInfo.InvariantCulture,
            $"{passed.Sharing} of {passed.Owners} customers who pass in reasoning handles pass in each other's: {passed.Handles} of {passed.All} handles came in under more than one of them; {(double.IsNaN(passed.Elsewhere) ? "nobody else passes any in" : string.Create(CultureInfo.InvariantCulture, $"of everybody else's {passed.Elsewhere:P1} came in under more than one"))}."), passed.Sharing, []);
    }

    /// <summary>
    /// How much hours cluster. Whoever began this morning has sent in the morning only: that speaks for one hand if it is spread nevertheless, and for people only where the accounts were there for days. Null if it can't be told.
    /// </summary>
    private static double? Hours(GroupFacts f, bool alone) => double.IsNaN(f.Daytime) || !(f.DaytimeElsewhere > 0.05) ? null
        : alone || OfHours(f.Daytime / f.DaytimeElsewhere) >= 0 ? f.Daytime
        : double.IsNaN(f.TellingDaytime) ? null : f.TellingDaytime;

    private static double OfHours(double ratio) => Curve(ratio, (0.2, 2.5), (0.6, 1), (0.9, -0.5), (1.1, -1), (1.5, -2.5));

    /// <param name="alone">An account by itself must show that its hours are spread, however new it is: nearly all that can be seen of it has to agree.</param>
    public static IEnumerable<EvidenceRow> Time(GroupFacts f, bool alone = false)
    {
        if (Hours(f, alone) is { } hours)
        {
            yield return Row("time", "daytime", OfHours(hours / f.DaytimeElsewhere), string.Create(CultureInfo.InvariantCulture,
                $"Hours cluster in the day {hours / f.DaytimeElsewhere:0.00} times as much as other accounts' ({hours:0.00} against {f.DaytimeElsewhere:0.00}; 0 = round the clock)."), null, []);
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
}
