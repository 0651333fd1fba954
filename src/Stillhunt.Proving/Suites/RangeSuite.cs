namespace Stillhunt.Proving.Suites;

/// <summary>One mixture of a suite; each seed of the suite makes a run of it.</summary>
/// <param name="Label">What a report calls it.</param>
/// <param name="Seeds">How many seeds at most; 0 = as many as the suite has.</param>
public sealed record SuiteEntry(string Label, RangeOptions Options, int Seeds = 0);

/// <summary>Mixtures that are run together, over several seeds, with one report.</summary>
/// <param name="Seeds">Seeds unless the user says otherwise.</param>
public sealed record RangeSuite(string Id, string Text, int Seeds, IReadOnlyList<SuiteEntry> Entries)
{
    private static readonly RangeOptions Plain = new();

    public static IReadOnlyList<RangeSuite> All { get; } =
    [
        new("default", "What a change is measured by: documented, awkward, quiet, each evasion once, foreign formats. Under an hour on two cores.", 3,
        [
            new("documented", Plain),
            new("awkward", Plain with { Scenario = "awkward" }),
            new("quiet", Plain with { Scenario = "quiet" }),
            new("awkward-quiet", Plain with { Scenario = "awkward-quiet" }),
            .. Evasive(seeds: 1),
            .. Formats(seeds: 1),
        ]),
        new("documented", "The eight documented cases.", 5, [new("documented", Plain)]),
        new("awkward", "Operators that hide behind honest customers, and the customers that are hardest to clear, with operators and without.", 5,
            [new("awkward", Plain with { Scenario = "awkward" }), new("awkward-quiet", Plain with { Scenario = "awkward-quiet" })]),
        new("broad", "Every case among every kind of customer.", 3, [new("broad", Plain with { Scenario = "broad" })]),
        new("quiet", "Honest traffic only, without and with the awkward customers.", 20,
            [new("quiet", Plain with { Scenario = "quiet" }), new("awkward-quiet", Plain with { Scenario = "awkward-quiet" })]),
        new("evasions", "Each evasion alone, and all together, over the documented cases.", 2,
            [.. Evasive(seeds: 0), Together(Evasions.PrivateTemplates | Evasions.DealtOnce), new("all evasions", Plain with { Evasions = EvasionNames.All })]),
        new("formats", "The documented cases as the logs of other programs.", 2, [.. Formats(seeds: 0)]),
        new("sizes", "The documented cases with other shares of the traffic, days and sizes.", 2,
        [
            .. new double[] { 2, 3, 10 }.Select(days => new SuiteEntry($"{days} days", Plain with { Days = days })),
            .. new[] { 4000, 12000 }.Select(honest => new SuiteEntry($"{honest} honest accounts", Plain with { HonestAccounts = honest })),
            new("scale 0.001", Plain with { Scale = 0.001, HonestAccounts = 4000 }),
            new("low and slow", Plain with { Evasions = Evasions.LowAndSlow }),
        ]),
        .. RangeScenario.All.Where(s => s.Cases.Count == 1).Select(s => new RangeSuite(s.Id, s.Text, 1, [new(s.Id, Plain with { Scenario = s.Id })])),
    ];

    /// <exception cref="RangeUsageException">There is no such suite.</exception>
    public static RangeSuite Of(string id) =>
        All.FirstOrDefault(s => s.Id == id) ?? throw new RangeUsageException($"There is no suite '{id}'; there are {string.Join(", ", All.Select(s => s.Id))}.");

    /// <summary>Each run with its options: every entry for every seed.</summary>
    public IEnumerable<(string Label, RangeOptions Options)> Runs(IReadOnlyList<long>? seeds)
    {
        foreach (var entry in Entries)
        {
            var most = entry.Seeds == 0 ? int.MaxValue : entry.Seeds;
            var chosen = seeds ?? [.. Enumerable.Range(1, Seeds).Select(s => (long)s)];
            foreach (var seed in chosen.Take(most)) yield return (entry.Label, entry.Options with { Seed = seed });
        }
    }

    private static IEnumerable<SuiteEntry> Evasive(int seeds) => EvasionNames.Each.Select(e => Together(e) with { Seeds = seeds });

    private static SuiteEntry Together(Evasions evasions) => new(EvasionNames.Of(evasions), Plain with { Evasions = evasions });

    private static IEnumerable<SuiteEntry> Formats(int seeds) =>
        new[] { TrafficFormat.LiteLlm, TrafficFormat.Bedrock, TrafficFormat.Otlp }
            .Select(f => new SuiteEntry("as " + f.ToString().ToLowerInvariant(), Plain with { Format = f }, seeds));
}
