using Stillhunt.Server.Detection;

namespace Stillhunt.Tests.Server;

public sealed class LowPriorityTests
{
    [Fact]
    public void A_thread_gives_way_from_where_its_process_stands_and_not_to_a_fixed_place()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Nice values of threads are Linux's.");
        var (before, after, most) = (0, 0, 0);
        var thread = new Thread(() =>
        {
            before = LowPriority.Nice();
            Assert.True(LowPriority.ForThisThread(3));
            Assert.True(LowPriority.ForThisThread(4));
            after = LowPriority.Nice();
            Assert.True(LowPriority.ForThisThread(40));
            most = LowPriority.Nice();
        });
        thread.Start();
        thread.Join();
        Assert.Equal(Math.Min(19, before + 7), after);
        Assert.Equal(19, most);
    }
}
