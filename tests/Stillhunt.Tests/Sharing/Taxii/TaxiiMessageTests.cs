using System.Text.Json.Nodes;
using static Stillhunt.Tests.Sharing.Taxii.TaxiiFixture;

namespace Stillhunt.Tests.Sharing.Taxii;

/// <summary>The MUSTs of TAXII 2.1 (OASIS Standard, 10 June 2021) about media types, headers, errors and envelopes; the number in a name is the section.</summary>
public sealed class TaxiiMessageTests : IDisposable
{
    private readonly TaxiiFixture _taxii = new();

    public void Dispose() => _taxii.Dispose();

    [Theory]
    [InlineData("application/taxii+json;version=2.1")]
    [InlineData("application/taxii+json; version=2.1")]
    [InlineData("application/taxii+json")]
    [InlineData("text/html, application/taxii+json;version=2.1;q=0.5")]
    [InlineData("*/*")]
    public void S1_6_8_Both_forms_of_the_media_type_are_accepted_and_the_newest_version_is_answered(string accept)
    {
        var answer = _taxii.Get("/taxii2/", accept: accept);
        Assert.Equal(200, answer.Status);
        Assert.Equal("application/taxii+json;version=2.1", answer.ContentType);
    }

    [Theory]
    [InlineData("application/taxii+json;version=2.0")]
    [InlineData("application/taxii+json;version=3.0")]
    [InlineData("application/json")]
    [InlineData("text/html")]
    public void S1_6_8_What_cannot_be_answered_in_an_accepted_type_is_406(string accept) => AssertError(406, _taxii.Get("/taxii2/", accept: accept));

    [Theory]
    [InlineData("manifest/")]
    [InlineData("objects/")]
    [InlineData("objects/indicator--00000000-0000-4000-8000-000000000001/")]
    [InlineData("objects/indicator--00000000-0000-4000-8000-000000000001/versions/")]
    public void S3_2_First_and_last_date_added_stand_in_the_headers_of_lists(string list)
    {
        _taxii.Put(Main, 3);
        var answer = _taxii.Get($"/api/collections/{Main}/{list}");
        var manifest = Parsed(_taxii.Get($"/api/collections/{Main}/manifest/"))["objects"]!.AsArray();
        Assert.Equal((string?)manifest[0]!["date_added"], answer.Headers["X-TAXII-Date-Added-First"]);
        Assert.Equal((string?)manifest[list.Contains("--", StringComparison.Ordinal) ? 0 : 2]!["date_added"], answer.Headers["X-TAXII-Date-Added-Last"]);
    }

    [Fact]
    public void S3_3_Objects_and_manifest_are_in_the_order_of_adding()
    {
        _taxii.Put(Main, 50);
        var ids = Ids(_taxii.Get(Objects));
        Assert.Equal(Enumerable.Range(1, 50).Select(Id), ids);
        var added = Parsed(_taxii.Get($"/api/collections/{Main}/manifest/"))["objects"]!.AsArray().Select(item => (string)item!["date_added"]!).ToList();
        Assert.Equal(added.Order(StringComparer.Ordinal), added);
        Assert.Equal(added.Count, added.Distinct().Count());
        Assert.All(added, at => Assert.Matches(@"\.\d{6}Z$", at));
    }

    [Fact]
    public void S3_3_Collections_come_in_one_order() => Assert.Equal(_taxii.Get("/api/collections/").Body, _taxii.Get("/api/collections/").Body);

    [Fact]
    public void S3_6_1_An_error_has_a_title_and_its_status_as_a_text()
    {
        var error = Parsed(_taxii.Get("/nowhere/"));
        Assert.Equal("404", (string?)error["http_status"]);
        Assert.False(string.IsNullOrEmpty((string?)error["title"]));
    }

    [Fact]
    public void S3_7_Content_is_an_envelope_and_an_empty_one_is_braces()
    {
        Assert.Equal("{}", Text(_taxii.Get(Objects)));
        Assert.DoesNotContain("X-TAXII-Date-Added-First", _taxii.Get(Objects).Headers.Keys);
        _taxii.Put(Main, 1);
        var envelope = Parsed(_taxii.Get(Objects));
        Assert.All(envelope, pair => Assert.Contains(pair.Key, new[] { "more", "next", "objects" }));
    }

    [Fact]
    public void S3_7_An_object_comes_back_as_it_was_sent()
    {
        const string sent = """{"type":"note","spec_version":"2.1","id":"note--00000000-0000-4000-8000-000000000001","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z","content":"<&> é 漢 \u0001","object_refs":["note--00000000-0000-4000-8000-000000000001"],"x_number":1.50,"x_list":[{"a":null}]}""";
        _taxii.Send(Main, $$"""{"objects":[{{sent}}]}""");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(sent), Parsed(_taxii.Get(Objects))["objects"]![0]));
    }

    [Theory]
    [InlineData("application/json", 415)]
    [InlineData("application/taxii+json;version=2.0", 415)]
    [InlineData("application/stix+json;version=2.1", 415)]
    [InlineData("application/taxii+json;version=2.1", 202)]
    [InlineData("application/taxii+json", 202)]
    public void S5_5_The_content_type_is_ours_in_both_forms(string type, int status) =>
        Assert.Equal(status, _taxii.Post(Objects, """{"objects":[{"type":"note","id":"note--00000000-0000-4000-8000-000000000001","created":"2026-01-01T00:00:00.000Z"}]}""", contentType: type).Status);

    [Theory]
    [InlineData("no json")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"objects":[]}""")]
    [InlineData("""{"objects":{}}""")]
    [InlineData("""{"type":"bundle","id":"bundle--00000000-0000-4000-8000-000000000001","objects":[{"type":"note","id":"note--00000000-0000-4000-8000-000000000001"}]}""")]
    public void S5_5_What_is_no_envelope_is_422(string body) => AssertError(422, _taxii.Post(Objects, body));

    [Theory]
    [InlineData("/taxii2")]
    [InlineData("/api")]
    [InlineData("/api/collections")]
    [InlineData("/api/collections//")]
    [InlineData("/other/")]
    [InlineData("/")]
    [InlineData("")]
    public void A_path_ends_with_a_slash_and_any_other_is_404(string path) => AssertError(404, _taxii.Get(path));

    [Theory]
    [InlineData(Objects, "GET, POST")]
    [InlineData(Objects + "indicator--00000000-0000-4000-8000-000000000001/", "GET, DELETE")]
    [InlineData("/api/collections/", "GET")]
    [InlineData("/taxii2/", "GET")]
    public void Another_method_is_405_and_the_answer_names_those_that_are_served(string path, string allowed)
    {
        var answer = _taxii.Server.Handle(Request("PUT", path, "alice", []));
        AssertError(405, answer);
        Assert.Equal(allowed, answer.Headers["Allow"]);
    }
}
