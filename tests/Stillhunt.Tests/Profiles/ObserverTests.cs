using Stillhunt.Profiles;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Profiles;

public sealed class ObserverTests
{
    [Fact]
    public void An_id_that_comes_again_in_its_source_counts_once_and_the_first_wins()
    {
        var seen = new MadeTraffic().Send("first", "hello", id: "x").Send("second", "hello again", id: "x").Send("first", "hello", id: "x").Finish();
        Assert.Equal("first", Assert.Single(seen.Accounts.Values).Id.Id);
        Assert.Equal(1, seen.Accounts.Values.Single().Days.Values.Single().ExchangeCount);
        Assert.Equal(2, seen.DuplicateCount);
    }

    [Fact]
    public void The_same_id_in_another_source_counts()
    {
        var seen = new MadeTraffic("eu", "us").Send("a", "hello", id: "x", file: 0).Send("a", "hello", id: "x", file: 1).Finish();
        Assert.Equal(["eu", "us"], seen.Accounts.Values.Select(account => account.Id.Source).Order());
        Assert.Equal(0, seen.DuplicateCount);
    }

    [Fact]
    public void Two_files_of_one_source_share_their_ids()
    {
        var seen = new MadeTraffic("eu", "eu").Send("a", "hello", id: "x", file: 0).Send("a", "hello", id: "x", file: 1).Finish();
        Assert.Equal(1, seen.DuplicateCount);
    }

    [Fact]
    public void Records_without_an_id_all_count_and_a_sample_holds_those_that_differ()
    {
        var seen = new MadeTraffic().Send("a", "hello").Send("a", "hello").Send("a", "hello again").Finish();
        var day = seen.Accounts.Values.Single().Days.Values.Single();
        Assert.Equal((3, 2), (day.ExchangeCount, day.Sample.Count));
        Assert.Equal(0, seen.DuplicateCount);
    }

    [Fact]
    public void A_kind_of_field_that_no_record_held_is_not_present()
    {
        var seen = new MadeTraffic().Send("a", null, id: "x", ip: "203.0.113.7").Finish();
        Assert.Equal(["ip"], seen.Present.Keys);
    }
}
