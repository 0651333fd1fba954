using Stillhunt.Proving.Operators;

namespace Stillhunt.Proving;

/// <summary>A named mixture of operators and honest traffic.</summary>
public sealed record RangeScenario(string Id, string Text, IReadOnlyList<string> Cases)
{
    public const string DocumentedId = "documented";

    public static IReadOnlyList<RangeScenario> All { get; } =
    [
        new(DocumentedId, "All eight documented cases among all look-alikes and a broad honest population.", [.. CaseSheet.All.Select(c => c.Id)]),
        new("quiet", "Honest traffic only: every look-alike, no operator.", []),
        .. CaseSheet.All.Select(c => new RangeScenario(c.Id, c.Text, [c.Id])),
    ];

    public static RangeScenario Of(string id) =>
        All.FirstOrDefault(s => s.Id == id) ?? throw new ArgumentException($"There is no scenario '{id}'.");
}
