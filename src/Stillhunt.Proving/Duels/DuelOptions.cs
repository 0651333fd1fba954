using Stillhunt.Proving.Operators;

namespace Stillhunt.Proving.Duels;

/// <summary>A duel: which traffic, and what the operators do against what is done to them.</summary>
public sealed record DuelOptions
{
    /// <summary>Cases whose accounts belong to somebody else, who would have to react as well.</summary>
    private static readonly string[] OnBorrowedAccounts = ["shared-pool", "reseller-tenant"];

    public RangeOptions Range { get; init; } = new();

    /// <summary>Default: all that there are.</summary>
    public Moves Moves { get; init; } = MoveNames.All;

    /// <summary>Days of honest traffic before the first operator starts. Default 1.</summary>
    public double QuietDays { get; init; } = 1;

    /// <summary>Accounts that an operator can buy beyond its first ones, as a multiple of those. Default 3.</summary>
    public double Purse { get; init; } = 3;

    /// <summary>How often the log is handed over and verdicts are looked at anew. Default 15 minutes.</summary>
    public TimeSpan Step { get; init; } = TimeSpan.FromMinutes(15);

    /// <exception cref="RangeUsageException">With all faults at once.</exception>
    public void Validate()
    {
        Range.Validate();
        var faults = new List<string>();
        if (Range.Format != TrafficFormat.Native) faults.Add("A duel is fought over native logs, which come with an accounts file.");
        if (!(QuietDays >= 0 && QuietDays < Range.Days)) faults.Add("The quiet days must not be negative, and fewer than the days.");
        if (!(Purse is >= 0 and <= 100)) faults.Add("The purse must lie between 0 and 100.");
        if (Step < TimeSpan.FromMinutes(1) || Step > TimeSpan.FromDays(1)) faults.Add("A step must last between a minute and a day.");
        var borrowed = RangeScenario.Of(Range.Scenario).Cases.Intersect(OnBorrowedAccounts).ToList();
        if (borrowed.Count > 0) faults.Add($"The operators of {string.Join(" and ", borrowed)} have no accounts of their own to replace; name another scenario or one case, such as {CaseSheet.All[0].Id}.");
        if (faults.Count > 0) throw new RangeUsageException(string.Join(" ", faults));
    }
}
