using System.Runtime.CompilerServices;
using Stillhunt.Profiles;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Profiles;

[Collection(nameof(MeasuredAlone))]
public sealed class ByteBudgetTests(ITestOutputHelper output)
{
    [Fact]
    public void An_account_with_one_exchange_stays_within_its_budget()
    {
        const int Accounts = 5_000;
        var bytes = Retained(() =>
        {
            var (traffic, random) = (new MadeTraffic(), new Random(4));
            for (var i = 0; i < Accounts; i++)
                traffic.Send("acct-" + MadeTraffic.Number(i), MadeTraffic.Words(random, 60), id: "req-" + MadeTraffic.Number(i), ms: i, ip: "203.0.113.7", client: "client/1");
            return traffic.Finish();
        }) / Accounts;
        output.WriteLine($"{bytes} bytes");
        Assert.InRange(bytes, 300, AccountDay.SingleBytes);
    }

    [Fact]
    public void Names_of_end_user_and_key_add_their_text_once_a_day()
    {
        const int Accounts = 5_000;
        var bytes = Retained(() =>
        {
            var (traffic, random) = (new MadeTraffic(), new Random(1));
            for (var i = 0; i < 3 * Accounts; i++)
            {
                var name = MadeTraffic.Number(i % Accounts);
                traffic.Send("acct-" + name, MadeTraffic.Words(random, 60), id: "req-" + MadeTraffic.Number(i), ms: i, ip: "203.0.113.7", client: "client/1", endUser: "end-user-" + name.PadLeft(27), key: "key-" + name.PadLeft(32));
            }

            return traffic.Finish();
        }) / Accounts;
        output.WriteLine($"{bytes} bytes");
        Assert.InRange(bytes, 500, AccountDay.TypicalBytes + (2 * AccountDay.NameBytes));
    }

    [Fact]
    public void An_account_day_of_three_exchanges_stays_within_its_budget()
    {
        const int Accounts = 5_000;
        var bytes = Retained(() =>
        {
            var (traffic, random) = (new MadeTraffic(), new Random(1));
            for (var i = 0; i < 3 * Accounts; i++)
                traffic.Send("acct-" + MadeTraffic.Number(i % Accounts), MadeTraffic.Words(random, 60), id: "req-" + MadeTraffic.Number(i), ms: i, ip: "203.0.113.7", client: "client/1");
            return traffic.Finish();
        }) / Accounts;
        output.WriteLine($"{bytes} bytes");
        Assert.InRange(bytes, 500, AccountDay.TypicalBytes);
    }

    [Fact]
    public void A_full_sample_of_the_longest_prompts_stays_within_its_budget()
    {
        const int Accounts = 80;
        var bytes = Retained(() =>
        {
            var (traffic, random) = (new MadeTraffic(), new Random(2));
            for (var i = 0; i < AccountDay.SampleSize * Accounts; i++)
            {
                traffic.Send("acct-" + MadeTraffic.Number(i % Accounts), MadeTraffic.Words(random, 450), id: "req-" + MadeTraffic.Number(i), ms: i,
                    system: MadeTraffic.Words(random, 450), ip: "203.0.113.7", client: "client/1");
            }

            return traffic.Finish();
        }) / Accounts;
        output.WriteLine($"{bytes} bytes");
        Assert.InRange(bytes, AccountDay.TypicalBytes, AccountDay.MostBytes);
    }

    [Fact]
    public void Exchanges_beyond_the_sample_retain_nothing()
    {
        var (few, many) = (Busy(100), Busy(750));
        output.WriteLine($"{few} and {many} bytes");
        Assert.InRange(many, 0.8 * few, 1.2 * few);
    }

    /// <summary>Bytes of an account-day; of sixty, so that what the runtime itself does in between does not show.</summary>
    private static long Busy(int exchanges)
    {
        const int Accounts = 60;
        return Retained(() =>
        {
            var random = new Random(3);
            var prompts = Enumerable.Range(0, 50).Select(_ => MadeTraffic.Words(random, 60)).ToArray();
            var parts = new List<Snapshot>();
            for (var account = 0; account < Accounts; account++)
            {
                var traffic = new MadeTraffic();
                for (var i = 0; i < exchanges; i++)
                    traffic.Send("acct-" + MadeTraffic.Number(account), prompts[i % 50], id: MadeTraffic.Number(account) + "-" + MadeTraffic.Number(i), ms: i, ip: "203.0.113.7");
                parts.Add(traffic.Finish());
            }

            return Pipeline.Merge(parts);
        }) / Accounts;
    }

    /// <summary>The least of three: pools of the runtime that give back buffers in between add to single readings, what a snapshot retains is in all of them.</summary>
    private static long Retained(Func<Snapshot> make)
    {
        make(); // what is made once for all, such as the classifier, is no part of it
        var readings = new List<long>();
        for (var reading = 0; reading < 3; reading++) readings.Add(Reading(make));

        return readings.Min();
    }

    /// <summary>
    /// What goes when the snapshot goes, and not what came when it was made: making takes seconds, in which other tests' buffers go back too.
    /// </summary>
    private static long Reading(Func<Snapshot> make)
    {
        var held = Held(make);
        return held - Settled();
    }

    /// <summary>In a frame of its own, or the snapshot would still be held after it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long Held(Func<Snapshot> make)
    {
        var snapshot = make();
        var held = Settled();
        GC.KeepAlive(snapshot);
        return held;
    }

    private static long Settled()
    {
        long last = long.MaxValue;
        for (var round = 0; round < 6; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            var now = GC.GetTotalMemory(forceFullCollection: true);
            if (Math.Abs(now - last) < 1024) return now;
            last = now;
        }

        return last;
    }
}
