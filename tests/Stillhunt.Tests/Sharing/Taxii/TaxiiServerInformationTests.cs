using static Stillhunt.Tests.Sharing.Taxii.TaxiiFixture;

namespace Stillhunt.Tests.Sharing.Taxii;

/// <summary>The MUSTs of TAXII 2.1 (OASIS Standard, 10 June 2021) about what a server says of itself and of what it was sent; the number in a name is the section.</summary>
public sealed class TaxiiServerInformationTests : IDisposable
{
    private readonly TaxiiFixture _taxii = new();

    public void Dispose() => _taxii.Dispose();

    [Fact]
    public void S4_1_Discovery_names_the_roots_and_the_default_is_one_of_them()
    {
        var answer = Parsed(_taxii.Get("/taxii2/"));
        Assert.False(string.IsNullOrEmpty((string?)answer["title"]));
        Assert.Contains((string?)answer["default"], answer["api_roots"]!.AsArray().Select(root => (string?)root));
        Assert.All(answer["api_roots"]!.AsArray(), root => Assert.Matches(@"^/[^/.?]+/$", (string?)root));
    }

    [Fact]
    public void S4_2_An_API_root_says_its_versions_and_how_much_it_takes()
    {
        var answer = Parsed(_taxii.Get("/api/"));
        Assert.Contains("application/taxii+json;version=2.1", answer["versions"]!.AsArray().Select(version => (string?)version));
        Assert.True((int)answer["max_content_length"]! > 0);
        Assert.False(string.IsNullOrEmpty((string?)answer["title"]));
    }

    [Fact]
    public void S4_2_1_A_body_of_the_named_length_is_not_too_large_and_one_more_byte_is()
    {
        var most = (int)Parsed(_taxii.Get("/api/"))["max_content_length"]!;
        var envelope = """{"objects":[{"type":"note","id":"note--00000000-0000-4000-8000-000000000001","created":"2026-01-01T00:00:00.000Z"}]}""";
        Assert.Equal(202, _taxii.Post(Objects, envelope.PadRight(most)).Status);
        AssertError(413, _taxii.Post(Objects, envelope.PadRight(most + 1)));
    }

    [Fact]
    public void S4_3_A_status_is_kept_for_a_day_and_counts_add_up()
    {
        var status = Parsed(_taxii.Put(Main, 3));
        Assert.Equal(202, _taxii.Put(Main, 1).Status);
        var path = $"/api/status/{(string)status["id"]!}/";
        var again = Parsed(_taxii.Get(path));
        Assert.Equal(status.ToJsonString(), again.ToJsonString());
        Assert.Equal((int)again["total_count"]!, (int)again["success_count"]! + (int)again["failure_count"]! + (int)again["pending_count"]!);
        Assert.Equal("complete", (string?)again["status"]);
        _taxii.Clock.Now += TimeSpan.FromHours(24);
        Assert.Equal(200, _taxii.Get(path).Status);
        _taxii.Clock.Now += TimeSpan.FromHours(25);
        AssertError(404, _taxii.Get(path));
        AssertError(404, _taxii.Get("/api/status/2d086da7-4bdc-4f91-900e-d77486753710/"));
    }

    [Fact]
    public void S4_3_A_status_is_shown_to_its_maker_only()
    {
        var id = (string)Parsed(_taxii.Put(Main, 1))["id"]!;
        AssertError(404, _taxii.Get($"/api/status/{id}/", user: "reader"));
    }
}
