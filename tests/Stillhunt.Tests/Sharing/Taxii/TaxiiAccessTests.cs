using Stillhunt.Sharing.Taxii;
using static Stillhunt.Tests.Sharing.Taxii.TaxiiFixture;

namespace Stillhunt.Tests.Sharing.Taxii;

/// <summary>The MUSTs of TAXII 2.1 (OASIS Standard, 10 June 2021) about who may do what; the number in a name is the section.</summary>
public sealed class TaxiiAccessTests : IDisposable
{
    private readonly TaxiiFixture _taxii = new();

    public void Dispose() => _taxii.Dispose();

    [Theory]
    [InlineData("/taxii2/")]
    [InlineData("/api/")]
    [InlineData("/api/collections/")]
    [InlineData("/api/collections/8f7c1b1e-2d1a-4a57-9f43-0a6f1b2c3d41/")]
    [InlineData("/api/collections/8f7c1b1e-2d1a-4a57-9f43-0a6f1b2c3d41/manifest/")]
    [InlineData("/api/collections/8f7c1b1e-2d1a-4a57-9f43-0a6f1b2c3d41/objects/")]
    [InlineData("/api/collections/8f7c1b1e-2d1a-4a57-9f43-0a6f1b2c3d41/objects/indicator--00000000-0000-4000-8000-000000000001/")]
    public void S5_Failed_authentication_is_401_with_a_challenge(string path)
    {
        var answer = _taxii.Server.Handle(new TaxiiRequest { Method = "GET", Path = path, Accept = "application/taxii+json" });
        AssertError(401, answer);
        Assert.Contains("Basic", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.Contains("Bearer", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Fact]
    public void S5_1_Without_any_collection_the_list_is_left_out() => Assert.Equal("{}", Text(_taxii.Get("/api/collections/", user: "stranger")));

    [Fact]
    public void S5_2_A_collection_says_what_this_caller_may()
    {
        var seen = Parsed(_taxii.Get($"/api/collections/{Main}/", user: "reader"));
        Assert.True((bool)seen["can_read"]!);
        Assert.False((bool)seen["can_write"]!);
        Assert.Equal(Main, (string?)seen["id"]);
        Assert.Contains("application/stix+json;version=2.1", seen["media_types"]!.AsArray().Select(type => (string?)type));
        Assert.True((bool)Parsed(_taxii.Get($"/api/collections/{Main}/"))["can_write"]!);
        Assert.Equal(200, _taxii.Get("/api/collections/campaigns/objects/").Status);
    }

    [Fact]
    public void S5_2_1_An_alias_stands_for_one_collection_of_the_root()
    {
        var aliases = Parsed(_taxii.Get("/api/collections/"))["collections"]!.AsArray().Select(item => (string?)item!["alias"]).OfType<string>().ToList();
        Assert.Equal(aliases.Distinct(), aliases);
        Assert.Equal(Text(_taxii.Get($"/api/collections/{Main}/")), Text(_taxii.Get("/api/collections/campaigns/")));
    }

    [Theory]
    [InlineData("GET", "manifest/")]
    [InlineData("GET", "objects/")]
    [InlineData("GET", "objects/indicator--00000000-0000-4000-8000-000000000001/")]
    [InlineData("GET", "objects/indicator--00000000-0000-4000-8000-000000000001/versions/")]
    public void S5_3_to_5_8_Who_may_not_read_gets_403_and_who_may_nothing_404(string method, string list)
    {
        _ = method;
        _taxii.Put(Inbox, 1);
        AssertError(403, _taxii.Get($"/api/collections/{Inbox}/{list}"));
        AssertError(404, _taxii.Get($"/api/collections/{Inbox}/{list}", user: "stranger"));
        AssertError(404, _taxii.Get($"/api/collections/00000000-0000-4000-8000-000000000000/{list}"));
    }

    [Fact]
    public void S5_5_Who_may_not_write_gets_403_and_who_may_nothing_404()
    {
        AssertError(403, _taxii.Put(Main, 1, user: "reader"));
        AssertError(404, _taxii.Put(Main, 1, user: "stranger"));
        AssertError(403, _taxii.Put(Outbox, 1));
    }

    [Fact]
    public void S5_7_To_delete_one_must_read_and_write_403_for_one_of_them_and_404_for_neither()
    {
        _taxii.Put(Main, 1);
        _taxii.Put(Inbox, 1);
        AssertError(403, _taxii.Delete(Objects + Id(1) + "/", user: "reader"));
        AssertError(403, _taxii.Delete($"/api/collections/{Inbox}/objects/{Id(1)}/"));
        AssertError(404, _taxii.Delete(Objects + Id(1) + "/", user: "stranger"));
    }
}
