using Stillhunt.Profiles;
using Stillhunt.Server;
using Stillhunt.Server.Detection;
using Stillhunt.Sketches;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Server;

public sealed class ArrivalsTests
{
    [Fact]
    public void Names_that_only_a_deleted_account_showed_leave_the_memory_with_it()
    {
        var (arrivals, state) = (new Arrivals(), new Snapshot());
        arrivals.Add(new MadeTraffic().Send("gone", "p", "x", client: "UA-gone", organization: "ACME", model: "m-gone").Send("gone", "p", "y", client: "UA-all")
            .Send("stays", "p", "z", client: "UA-all", organization: "Other").Finish());
        arrivals.Delete(AccountHash.Of(KeyedHash.Fixed, new AccountId("default", "gone")));
        Assert.True(arrivals.TakeUp(batch => state.Absorb(batch), state));
        Assert.Equal(["Other", "UA-all"], state.Names.Values.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Names_leave_the_memory_with_the_days_that_showed_them()
    {
        var state = new MadeTraffic().Send("a", "p", "x", client: "UA-old", organization: "Old").Send("a", "p", "y", ms: 10 * 86_400_000L, client: "UA-new", organization: "New").Finish();
        state.Forget((int)(MadeTraffic.Start / 86_400_000) + 5);
        Assert.Equal(["New", "UA-new"], state.Names.Values.Order(StringComparer.Ordinal));
    }
}
