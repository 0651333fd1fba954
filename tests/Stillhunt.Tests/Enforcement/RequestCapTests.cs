using Stillhunt.Profiles;
using Stillhunt.Server.Enforcement;

namespace Stillhunt.Tests.Enforcement;

public sealed class RequestCapTests
{
    private static readonly AccountId Account = new("default", "a1");

    private readonly SetClock _clock = new();

    [Fact]
    public void Whoever_waits_as_long_as_was_said_is_let_through_and_not_before()
    {
        var cap = new RequestCap(_clock);
        foreach (var (limit, apart) in new[] { (1L, 0.0), (2L, 0.3), (30L, 0.01), (30L, 0.05), (7L, 0.9) })
        {
            var account = new AccountId("default", $"{limit}-{apart}");
            for (var n = 0; n < 200; n++)
            {
                _clock.Now += TimeSpan.FromHours(apart);
                if (cap.Take(account, limit) is not { } wait) continue;
                Assert.InRange(wait, TimeSpan.FromTicks(1), TimeSpan.FromHours(2));
                _clock.Now += wait - TimeSpan.FromSeconds(1);
                if (wait > TimeSpan.FromSeconds(1)) Assert.NotNull(cap.Take(account, limit));
                _clock.Now += TimeSpan.FromSeconds(2);
                Assert.Null(cap.Take(account, limit));
            }
        }
    }

    [Fact]
    public void No_hour_holds_twice_the_limit_and_a_steady_rate_below_it_is_never_refused()
    {
        var cap = new RequestCap(_clock);
        var let = new List<DateTimeOffset>();
        for (var minute = 0; minute < 600; minute++)
        {
            _clock.Now += TimeSpan.FromMinutes(1);
            for (var n = 0; n < 10; n++)
                if (cap.Take(Account, 30) is null) let.Add(_clock.Now);
        }

        foreach (var at in let) Assert.InRange(let.Count(other => other > at - TimeSpan.FromHours(1) && other <= at), 1, 59);
        Assert.InRange(let.Count, 30 * 9, 30 * 11);

        var steady = new AccountId("default", "steady");
        for (var n = 0; n < 300; n++)
        {
            _clock.Now += TimeSpan.FromMinutes(2.1);
            Assert.Null(cap.Take(steady, 30));
        }
    }

    [Fact]
    public void A_limit_of_nothing_lets_nothing_through_and_accounts_do_not_count_for_each_other()
    {
        var cap = new RequestCap(_clock);
        Assert.NotNull(cap.Take(Account, 0));
        Assert.Null(cap.Take(Account, 1));
        Assert.NotNull(cap.Take(Account, 1));
        Assert.Null(cap.Take(new AccountId("other", "a1"), 1));
    }

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch.AddYears(56);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
