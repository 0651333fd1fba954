using Stillhunt.Profiles;

namespace Stillhunt.Tests.Profiles;

public sealed class SeenIdsTests
{
    [Fact]
    public void An_id_is_known_for_as_many_ids_as_the_window_holds()
    {
        var seen = new SeenIds(1_000);
        Assert.True(seen.Add(7));
        for (var i = 0; i < 999; i++) Assert.True(seen.Add(Id(i)));
        Assert.False(seen.Add(7));
    }

    [Fact]
    public void An_id_is_forgotten_after_two_windows_and_memory_stays()
    {
        var seen = new SeenIds(1_000);
        seen.Add(7);
        for (var i = 0; i < 2_000; i++) seen.Add(Id(i));
        Assert.True(seen.Add(7));
        var bytes = seen.Bytes;
        for (var i = 0; i < 50_000; i++) Assert.True(seen.Add(Id(i + 10_000)));
        Assert.Equal(bytes, seen.Bytes);
    }

    [Fact]
    public void Within_the_window_it_agrees_with_a_set()
    {
        var (seen, set, random) = (new SeenIds(), new HashSet<ulong>(), new Random(4));
        for (var i = 0; i < 200_000; i++)
        {
            var id = Id(random.Next(60_000));
            Assert.Equal(set.Add(id), seen.Add(id));
        }

        Assert.True(seen.Add(0));
        Assert.False(seen.Add(0));
    }

    [Fact]
    public void The_published_bytes_hold_the_published_window() =>
        Assert.True(SeenIds.MostBytes == 2 * 8L * (SeenIds.Window / 3 * 4));

    private static ulong Id(int i) => ((ulong)i + 1) * 0x9E3779B97F4A7C15;
}
