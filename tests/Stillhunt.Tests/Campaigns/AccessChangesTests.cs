using Stillhunt.Campaigns;

namespace Stillhunt.Tests.Campaigns;

public sealed class AccessChangesTests
{
    [Fact]
    public void A_slow_drift_is_told_though_no_day_leaps_and_what_stays_changed_is_told_once()
    {
        // Three points a day: never five from one day to the next.
        var drift = Told(0.02, 0.05, 0.08, 0.11, 0.14, 0.17, 0.20, 0.23);
        Assert.Equal("On 2026-03-04 the share of the model m was 11.0 %, against 5.0 % in the 3 days before.", Assert.Single(Told(0.02, 0.05, 0.08, 0.11)));
        Assert.Single(drift);
        Assert.Single(Told(0.02, 0.02, 0.30, 0.30, 0.30, 0.30));
        // It went, came back, and went again.
        Assert.Equal(2, Told(0.30, 0.02, 0.30, 0.02).Count(text => text.Contains("was 2.0", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_day_of_hardly_any_traffic_changes_nothing()
    {
        Assert.Empty(AccessChanges.Of("the model", [Day(1, 10_000, 0.1), Day(2, 199, 0.9), Day(3, 10_000, 0.1)]));
        Assert.Empty(AccessChanges.Of("the model", [Day(1, 199, 0.1), Day(2, 10_000, 0.9)]));
    }

    [Fact]
    public void The_largest_changes_come_first_and_no_more_than_can_be_read()
    {
        var told = AccessChanges.Largest(Enumerable.Range(1, 40).Select(i => ((double)i, $"change {i}")));
        Assert.Equal(("change 40", 12), (told[0], told.Count));
    }

    private static List<string> Told(params double[] shares) => [.. AccessChanges.Of("the model", [.. shares.Select((share, i) => Day(i + 1, 1000, share))]).Select(change => change.Text)];

    private static DayShares Day(int day, double weight, double share) => new($"2026-03-{day:00}", weight, new Dictionary<string, double> { ["m"] = share });
}
