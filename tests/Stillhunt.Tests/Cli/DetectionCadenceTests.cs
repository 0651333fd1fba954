using Stillhunt.Cli.Duels;

namespace Stillhunt.Tests.Cli;

/// <summary>When the service of a duel detects.</summary>
public sealed class DetectionCadenceTests
{
    private const long Quarter = 15 * 60_000;

    [Fact]
    public void Without_growth_detections_are_as_far_apart_as_they_may_be()
    {
        var cadence = new DetectionCadence(TimeSpan.FromHours(3), double.PositiveInfinity);
        Assert.Equal([12, 24], Due(cadence, step => new TrafficCount(step * 1000, step * 100), 30));
    }

    [Fact]
    public void Growth_by_the_share_brings_a_detection_on_and_so_does_growth_of_what_asks_for_a_technique()
    {
        Assert.Equal([0, 5], Due(new DetectionCadence(TimeSpan.FromDays(1), 0.25), step => new TrafficCount(10_000 + step * 500, 0), 10));
        // Extraction among much honest traffic: the whole grew by a twentieth, what asks by a quarter.
        Assert.Equal([0, 3], Due(new DetectionCadence(TimeSpan.FromDays(1), 0.25), step => new TrafficCount(10_000 + step * 200, 2_000 + step * 200), 5));
    }

    [Fact]
    public void A_share_of_nothing_asks_for_something_new()
    {
        var cadence = new DetectionCadence(TimeSpan.FromDays(1), 0);
        Assert.Equal([0, 4, 5], Due(cadence, step => new TrafficCount(Math.Max(10, step == 4 ? 11 : step), step > 4 ? 1 : 0), 6));
    }

    [Fact]
    public void The_number_of_detections_grows_with_the_logarithm_of_the_traffic()
    {
        int Count(int steps) => Due(new DetectionCadence(TimeSpan.FromDays(1000), 0.1), step => new TrafficCount(100 + step * 100, 0), steps).Count;
        Assert.InRange(Count(10_000) - Count(1_000), 20, 25);
    }

    /// <summary>Steps of a quarter of an hour after which the cadence detects.</summary>
    private static List<int> Due(DetectionCadence cadence, Func<int, TrafficCount> kept, int steps) =>
        [.. Enumerable.Range(0, steps).Where(step => cadence.IsDue((step + 1) * Quarter, kept(step)))];
}
