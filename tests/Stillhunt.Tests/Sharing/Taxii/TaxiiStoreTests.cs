using static Stillhunt.Tests.Sharing.Taxii.TaxiiFixture;

namespace Stillhunt.Tests.Sharing.Taxii;

/// <summary>What a server keeps holds whatever its clock does and however often it is started.</summary>
public sealed class TaxiiStoreTests : IDisposable
{
    private readonly TaxiiFixture _taxii = new();

    public void Dispose() => _taxii.Dispose();

    [Fact]
    public void Times_of_adding_rise_even_where_the_clock_stands_or_goes_back()
    {
        _taxii.Put(Main, 3);
        _taxii.Clock.Now -= TimeSpan.FromDays(1);
        _taxii.PutVersions(Main, "2026-01-05T00:00:00.000Z");
        var added = Parsed(_taxii.Get($"/api/collections/{Main}/manifest/"))["objects"]!.AsArray().Select(item => (string)item!["date_added"]!).ToList();
        Assert.Equal(added.Distinct().Order(StringComparer.Ordinal), added);
    }

    [Fact]
    public void A_server_that_is_started_again_holds_the_same_and_goes_on_behind_what_was_deleted()
    {
        _taxii.Put(Main, 3);
        var status = (string)Parsed(_taxii.Put(Inbox, 1))["id"]!;
        _taxii.Delete(Objects + Id(3) + "/");
        var before = Text(_taxii.Get($"/api/collections/{Main}/manifest/"));
        _taxii.Reopen();
        Assert.Equal(before, Text(_taxii.Get($"/api/collections/{Main}/manifest/")));
        Assert.Equal(200, _taxii.Get($"/api/status/{status}/").Status);
        _taxii.Put(Main, 3);
        Assert.Equal([Id(1), Id(2), Id(3)], Ids(_taxii.Get(Objects)));
        var added = Parsed(_taxii.Get($"/api/collections/{Main}/manifest/"))["objects"]!.AsArray().Select(item => (string)item!["date_added"]!).ToList();
        Assert.Equal(added.Distinct().Order(StringComparer.Ordinal), added);
    }
}
