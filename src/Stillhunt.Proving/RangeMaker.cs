using Stillhunt.Proving.Duels;
using Stillhunt.Proving.Honest;
using Stillhunt.Proving.Operators;
using Stillhunt.Proving.Suites;
using Stillhunt.Proving.Work;

namespace Stillhunt.Proving;

/// <summary>Makes labelled traffic: streams it in time order, then tells who was who.</summary>
public static class RangeMaker
{
    /// <summary>Honest exchanges for each extracting one, where the number of honest accounts is not given.</summary>
    private const double HonestRatio = 3;

    private const int FewestHonestAccounts = 800;

    /// <param name="extracted">Told of each extracting exchange, in the order of the traffic, by id and campaign; or null.</param>
    /// <param name="watch">Looks at each exchange while it is made, or null.</param>
    public static RangeRun Make(RangeOptions options, TrafficWriter writer, Action<string, string>? extracted = null, TrafficWatch? watch = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(writer);
        options.Validate();
        var world = World(options, watch, null);
        var lanes = world.Lanes();
        new Passage(lanes, writer, world.StartMs, world.EndMs).Run(extracted is null ? null : (id, campaign) => extracted($"req_{id:x16}", campaign));
        return new RangeRun(world, lanes, writer);
    }

    /// <summary>Everybody, before time begins.</summary>
    internal static Simulation World(RangeOptions options, TrafficWatch? watch, DuelGate? gate)
    {
        var world = new Simulation(options, watch, gate);
        var scenario = RangeScenario.Of(options.Scenario);
        var app = Population.Enter(world, options.HonestAccounts ?? HonestAccountsFor(scenario, options), scenario.Awkward);
        var cases = new Cases(world, app);
        foreach (var caseId in scenario.Cases) cases.Enter(caseId);
        return world;
    }

    private static int HonestAccountsFor(RangeScenario scenario, RangeOptions options)
    {
        var extracting = CaseSheet.All.Where(c => scenario.Cases.Contains(c.Id)).Sum(c => (double)c.ExchangesAt(options.Scale));
        var perAccount = Population.ExchangesPerAccount * options.Days / 5;
        return scenario.Cases.Count == 0 ? 2500 : (int)Math.Max(FewestHonestAccounts, HonestRatio * extracting / perAccount);
    }
}
