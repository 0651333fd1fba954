using Stillhunt.Linking;
using static Stillhunt.Campaigns.EvidenceRows;

namespace Stillhunt.Campaigns;

/// <summary>
/// What each account asks for itself speaks against one hand, because what strangers have in common is a tool, a trade or an office. None of these makes their programs run round the clock, with even loads and in step. A group that cards, phones or addresses have
/// put together, and nothing that was asked, and whose hours show one hand as well, therefore has one; a subject of its own for each account is a template or a project that it was given (docs/decisions/0026).
/// </summary>
internal static class OneHand
{
    /// <summary>The kind of its row.</summary>
    public const string Kind = "one-hand";

    /// <summary>
    /// Bits of means, after their blocks' caps, and of hours from which on they begin to show one hand, and from which on they do. Groups of operators with templates of their own by one card or address came out at 1.9 to 4 bits of these and 3.9 to 4 of hours (the range, seeds 1401 and 1402).
    /// </summary>
    private const double SomeMeans = 0.75, PlainMeans = 1.75, SomeSteps = 2, PlainSteps = 3.5;

    /// <summary>What neighbours do not share: unrelated programs in one cloud, which run round the clock, have networks and patterns of mail addresses in common (the range, awkward-quiet, seed 604).</summary>
    private static readonly string[] Means = [.. new[] { ValueKind.Payment, ValueKind.Phone, ValueKind.Ip }.Select(kind => kind.Id())];

    /// <summary>How far means and hours show one hand, 0 to 1.</summary>
    /// <param name="rows">Evidence of one operator, blocks capped.</param>
    public static double Shown(List<EvidenceRow> rows) =>
        Curve(rows.Where(row => Means.Contains(row.Kind)).Sum(row => Math.Max(0, row.Bits)), (SomeMeans, 0), (PlainMeans, 1))
            * Curve(rows.Where(row => row.Block == "time").Sum(row => row.Bits), (SomeSteps, 0), (PlainSteps, 1));

    /// <summary>Takes back, as far as one hand is shown, what subjects and words of each account's own said against it; null where they said nothing.</summary>
    public static EvidenceRow? Row(List<EvidenceRow> rows, double shown, int accounts)
    {
        var back = Round(-shown * rows.Where(IsOwn).Sum(row => row.Bits));
        return back <= 0 ? null : EvidenceRows.Row("content", Kind, back,
            $"Means of payment or access have put the {accounts} accounts together, and nothing that they asked; their hours and loads show one hand as well. What each account has for itself is then a template or a part of the work that it was given.", accounts, []);
    }

    private static bool IsOwn(EvidenceRow row) => row.Kind is "own-interests" or "kept-words" && row.Bits < 0;
}
