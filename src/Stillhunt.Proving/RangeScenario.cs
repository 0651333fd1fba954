using Stillhunt.Proving.Operators;

namespace Stillhunt.Proving;

/// <summary>A named mixture of operators and honest traffic.</summary>
/// <param name="Awkward">Whether the honest customers that are hardest to clear are among the others.</param>
public sealed record RangeScenario(string Id, string Text, IReadOnlyList<string> Cases, bool Awkward = false)
{
    public const string DocumentedId = "documented";

    public static IReadOnlyList<RangeScenario> All { get; } =
    [
        new(DocumentedId, "All eight documented cases among all look-alikes and a broad honest population.", [.. CaseSheet.Documented.Select(c => c.Id)]),
        new("quiet", "Honest traffic only: every look-alike, no operator.", []),
        new("awkward", "Operators that hide behind honest customers, and the honest customers that are hardest to clear.", [.. CaseSheet.Awkward.Select(c => c.Id)], Awkward: true),
        new("awkward-quiet", "Honest traffic only, with the customers that are hardest to clear.", [], Awkward: true),
        new("broad", "Every case, documented and awkward, among every kind of honest customer.", [.. CaseSheet.All.Select(c => c.Id)], Awkward: true),
        .. CaseSheet.Documented.Select(c => new RangeScenario(c.Id, c.Text, [c.Id])),
        .. CaseSheet.Awkward.Select(c => new RangeScenario(c.Id, c.Text, [c.Id], Awkward: true)),
    ];

    public static RangeScenario Of(string id) =>
        All.FirstOrDefault(s => s.Id == id) ?? throw new ArgumentException($"There is no scenario '{id}'.");
}
