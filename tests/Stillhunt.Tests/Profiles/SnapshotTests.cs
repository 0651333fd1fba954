using Stillhunt.Ingest;
using Stillhunt.Profiles;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Profiles;

public sealed class SnapshotTests
{
    [Fact]
    public void Absorbing_is_commutative_and_associative()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            Snapshot A() => Made(3 * seed);
            Snapshot B() => Made((3 * seed) + 1);
            Snapshot C() => Made((3 * seed) + 2);
            var left = Pipeline.Merge([Pipeline.Merge([A(), B()]), C()]);
            var right = Pipeline.Merge([A(), Pipeline.Merge([B(), C()])]);
            var back = Pipeline.Merge([C(), B(), A()]);
            Assert.Equal(ScannedRange.Part(left), ScannedRange.Part(right));
            Assert.Equal(ScannedRange.Part(left), ScannedRange.Part(back));
        }
    }

    [Fact]
    public void Absorbing_a_part_twice_changes_nothing()
    {
        var state = Pipeline.Merge([Made(1), Made(2)]);
        var before = ScannedRange.Part(state);
        Assert.False(state.Absorb(Made(2)));
        Assert.Equal(before, ScannedRange.Part(state));
    }

    [Fact]
    public void Absorbing_leaves_the_part_as_it_was()
    {
        var part = Made(1);
        var before = ScannedRange.Part(part);
        var state = Pipeline.Merge([part, Made(2)]);
        state.Absorb(Made(3));
        Assert.Equal(before, ScannedRange.Part(part));
    }

    [Fact]
    public void Parts_add_up_to_what_one_observer_counts()
    {
        var whole = new MadeTraffic();
        var parts = new[] { new MadeTraffic(), new MadeTraffic() };
        var random = new Random(9);
        for (var i = 0; i < 400; i++)
        {
            var (account, prompt, id, ms) = ("acct-" + MadeTraffic.Number(random.Next(3)), MadeTraffic.Words(random, 12), MadeTraffic.Number(i), random.NextInt64(3 * 86_400_000L));
            whole.Send(account, prompt, id, ms, outputTokens: i);
            parts[random.Next(2)].Send(account, prompt, id, ms, outputTokens: i);
        }

        var one = whole.Finish();
        var merged = Pipeline.Merge(parts.Select(part => part.Finish()));
        foreach (var (key, profile) in one.Accounts)
        {
            var other = merged.Accounts[key];
            Assert.Equal(profile.Id, other.Id);
            Assert.Equal(profile.Days.Keys, other.Days.Keys);
            foreach (var (number, day) in profile.Days)
            {
                var same = other.Days[number];
                Assert.Equal(day.Sample.Select(print => print.Id), same.Sample.Select(print => print.Id));
                Assert.Equal((day.ExchangeCount, day.PromptCount, day.OutputTokens, day.FirstMs, day.LastMs), (same.ExchangeCount, same.PromptCount, same.OutputTokens, same.FirstMs, same.LastMs));
                Assert.Equal(day.Hours, same.Hours);
            }
        }
    }

    private static Snapshot Made(int seed)
    {
        var random = new Random(seed);
        var traffic = new MadeTraffic("eu", "us");
        for (var i = random.Next(1, 120); i > 0; i--)
        {
            traffic.Send("acct-" + MadeTraffic.Number(random.Next(3)), random.Next(5) == 0 ? null : MadeTraffic.Words(random, 10),
                id: MadeTraffic.Number(seed) + "-" + MadeTraffic.Number(random.Next(150)), ms: random.NextInt64(2 * 86_400_000L), file: random.Next(2),
                ip: random.Next(3) == 0 ? null : "203.0.113." + MadeTraffic.Number(random.Next(9)), client: "client/" + MadeTraffic.Number(random.Next(5)));
        }

        return traffic.Finish();
    }
}
