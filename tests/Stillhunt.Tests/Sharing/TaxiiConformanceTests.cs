using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Stillhunt.Sharing.Taxii;

namespace Stillhunt.Tests.Sharing;

/// <summary>The MUSTs of TAXII 2.1 (OASIS Standard, 10 June 2021), one by one; the number in a name is the section.</summary>
public sealed class TaxiiConformanceTests : IDisposable
{
    private const string Main = "8f7c1b1e-2d1a-4a57-9f43-0a6f1b2c3d41", Inbox = "8f7c1b1e-2d1a-4a57-9f43-0a6f1b2c3d42", Outbox = "8f7c1b1e-2d1a-4a57-9f43-0a6f1b2c3d43";

    private static readonly string Objects = $"/api/collections/{Main}/objects/";

    private readonly TaxiiFixture _taxii = new();

    public void Dispose() => _taxii.Dispose();

    // 1.6, 3.1 to 3.3: media types, headers, order

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
        var manifest = TaxiiFixture.Json(_taxii.Get($"/api/collections/{Main}/manifest/"))["objects"]!.AsArray();
        Assert.Equal((string?)manifest[0]!["date_added"], answer.Headers["X-TAXII-Date-Added-First"]);
        Assert.Equal((string?)manifest[list.Contains("--", StringComparison.Ordinal) ? 0 : 2]!["date_added"], answer.Headers["X-TAXII-Date-Added-Last"]);
    }

    [Fact]
    public void S3_3_Objects_and_manifest_are_in_the_order_of_adding()
    {
        _taxii.Put(Main, 50);
        var ids = Ids(_taxii.Get(Objects));
        Assert.Equal(Enumerable.Range(1, 50).Select(TaxiiFixture.Id), ids);
        var added = TaxiiFixture.Json(_taxii.Get($"/api/collections/{Main}/manifest/"))["objects"]!.AsArray().Select(item => (string)item!["date_added"]!).ToList();
        Assert.Equal(added.Order(StringComparer.Ordinal), added);
        Assert.Equal(added.Count, added.Distinct().Count());
        Assert.All(added, at => Assert.Matches(@"\.\d{6}Z$", at));
    }

    [Fact]
    public void S3_3_Collections_come_in_one_order() => Assert.Equal(_taxii.Get("/api/collections/").Body, _taxii.Get("/api/collections/").Body);

    // 3.4: filters

    [Theory]
    [InlineData("added_after", "yesterday")]
    [InlineData("added_after", "2026-03-02T00:00:00+01:00")]
    [InlineData("limit", "0")]
    [InlineData("limit", "-1")]
    [InlineData("limit", "ten")]
    [InlineData("limit", "1.5")]
    [InlineData("next", "made-up")]
    [InlineData("match[version]", "newest")]
    [InlineData("match[version]", "all,last")]
    [InlineData("match[id]", "")]
    public void S3_4_A_malformed_parameter_is_400(string name, string value)
    {
        _taxii.Put(Main, 1);
        AssertError(400, _taxii.Get(Objects, (name, value)));
    }

    [Theory]
    [InlineData("added_after", "2026-03-02T00:00:00Z")]
    [InlineData("match[type]", "indicator")]
    public void S3_4_A_parameter_that_stands_twice_is_400(string name, string value) => AssertError(400, _taxii.Get(Objects, (name, value), (name, value)));

    [Fact]
    public void S3_4_Added_after_is_strictly_after_the_servers_own_time()
    {
        _taxii.Put(Main, 5);
        var last = _taxii.Get(Objects, ("limit", "2")).Headers["X-TAXII-Date-Added-Last"];
        Assert.Equal([TaxiiFixture.Id(3), TaxiiFixture.Id(4), TaxiiFixture.Id(5)], Ids(_taxii.Get(Objects, ("added_after", last))));
        // The objects' own times lie years before.
        Assert.Equal("{}", Text(_taxii.Get(Objects, ("added_after", "2030-01-01T00:00:00Z"))));
        Assert.Equal(5, Ids(_taxii.Get(Objects, ("added_after", "2021-01-01T00:00:00.123456789Z"))).Count);
    }

    [Fact]
    public void S3_4_No_more_than_the_limit_and_all_if_all_fit()
    {
        _taxii.Put(Main, 5);
        Assert.Equal(3, Ids(_taxii.Get(Objects, ("limit", "3"))).Count);
        var all = TaxiiFixture.Json(_taxii.Get(Objects, ("limit", "5")));
        Assert.Equal(5, all["objects"]!.AsArray().Count);
        Assert.False(all.ContainsKey("more"));
        Assert.Equal(5, Ids(_taxii.Get(Objects, ("limit", "99999999"))).Count);
    }

    [Fact]
    public void S3_4_More_is_true_where_more_is()
    {
        _taxii.Put(Main, 5);
        var page = TaxiiFixture.Json(_taxii.Get(Objects, ("limit", "3")));
        Assert.True((bool)page["more"]!);
        Assert.NotNull(page["next"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void S3_5_Pages_by_next_and_by_added_after_give_every_object_once(bool byNext)
    {
        _taxii.Put(Main, 47);
        var seen = new List<string>();
        string? next = null, after = null;
        while (true)
        {
            var query = new List<(string, string)> { ("limit", "10"), ("match[type]", "indicator") };
            if (byNext && next is not null) query.Add(("next", next));
            if (!byNext && after is not null) query.Add(("added_after", after));
            var answer = _taxii.Get(Objects, [.. query]);
            seen.AddRange(Ids(answer));
            var page = TaxiiFixture.Json(answer);
            if (page["more"] is null) break;
            (next, after) = ((string)page["next"]!, answer.Headers["X-TAXII-Date-Added-Last"]);
        }

        Assert.Equal(Enumerable.Range(1, 47).Select(TaxiiFixture.Id), seen);
    }

    [Fact]
    public void AppB_Next_is_checked_against_the_query_and_gives_no_rights()
    {
        _taxii.Put(Main, 5);
        var next = (string)TaxiiFixture.Json(_taxii.Get(Objects, ("limit", "2"), ("match[type]", "indicator")))["next"]!;
        AssertError(400, _taxii.Get(Objects, ("limit", "2"), ("next", next)));
        AssertError(404, _taxii.Get($"/api/collections/{Main}/objects/", user: "stranger", query: [("limit", "2"), ("match[type]", "indicator"), ("next", next)]));
    }

    [Fact]
    public void S3_4_Several_fields_are_all_asked_for_and_several_values_are_alternatives()
    {
        _taxii.Put(Main, 5);
        Assert.Equal([TaxiiFixture.Id(2), TaxiiFixture.Id(4)], Ids(_taxii.Get(Objects, ("match[id]", $"{TaxiiFixture.Id(2)},{TaxiiFixture.Id(4)}"))));
        Assert.Equal("{}", Text(_taxii.Get(Objects, ("match[id]", TaxiiFixture.Id(2)), ("match[type]", "campaign"))));
        Assert.Equal(5, Ids(_taxii.Get(Objects, ("match[colour]", "red"))).Count);
    }

    [Theory]
    [InlineData("malware")]
    [InlineData("x-own-type")]
    [InlineData("indicator,location")]
    public void S3_4_1_A_type_never_gives_an_error(string type) => Assert.Equal(200, _taxii.Get(Objects, ("match[type]", type)).Status);

    [Fact]
    public void S3_4_1_Versions_last_by_default_first_all_and_exact()
    {
        _taxii.PutVersions(Main, "2026-01-01T00:00:00.000Z", "2026-01-03T00:00:00.000Z", "2026-01-02T00:00:00.000Z");
        Assert.Equal(["2026-01-03T00:00:00.000Z"], Modified());
        Assert.Equal(["2026-01-03T00:00:00.000Z"], Modified("last"));
        Assert.Equal(["2026-01-01T00:00:00.000Z"], Modified("first"));
        Assert.Equal(["2026-01-01T00:00:00.000Z", "2026-01-03T00:00:00.000Z"], Modified("first,last"));
        Assert.Equal(3, Modified("all").Count);
        Assert.Equal(["2026-01-02T00:00:00.000Z"], Modified("2026-01-02T00:00:00Z"));
        Assert.Equal(["2026-01-01T00:00:00.000Z"], Modified("first,2026-01-01T00:00:00.000Z"));

        List<string> Modified(string? version = null) => [.. (TaxiiFixture.Json(version is null ? _taxii.Get(Objects) : _taxii.Get(Objects, ("match[version]", version)))["objects"]?.AsArray() ?? []).Select(item => (string)item!["modified"]!)];
    }

    [Fact]
    public void S3_4_1_Only_the_latest_spec_version_unless_asked()
    {
        const string id = "indicator--00000000-0000-4000-8000-000000000077";
        _taxii.Send(Main, $$"""{"objects":[{"type":"indicator","id":"{{id}}","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z"},{"type":"indicator","spec_version":"2.1","id":"{{id}}","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-02T00:00:00.000Z"}]}""");
        Assert.Equal("2.1", (string?)TaxiiFixture.Json(_taxii.Get(Objects))["objects"]!.AsArray().Single()!["spec_version"]);
        Assert.Null(TaxiiFixture.Json(_taxii.Get(Objects, ("match[spec_version]", "2.0")))["objects"]!.AsArray().Single()!["spec_version"]);
        Assert.Equal(2, TaxiiFixture.Json(_taxii.Get(Objects, ("match[spec_version]", "2.0,2.1")))["objects"]!.AsArray().Count);
    }

    // 3.6 to 3.8: errors and envelopes

    [Fact]
    public void S3_6_1_An_error_has_a_title_and_its_status_as_a_text()
    {
        var error = TaxiiFixture.Json(_taxii.Get("/nowhere/"));
        Assert.Equal("404", (string?)error["http_status"]);
        Assert.False(string.IsNullOrEmpty((string?)error["title"]));
    }

    [Fact]
    public void S3_7_Content_is_an_envelope_and_an_empty_one_is_braces()
    {
        Assert.Equal("{}", Text(_taxii.Get(Objects)));
        Assert.DoesNotContain("X-TAXII-Date-Added-First", _taxii.Get(Objects).Headers.Keys);
        _taxii.Put(Main, 1);
        var envelope = TaxiiFixture.Json(_taxii.Get(Objects));
        Assert.All(envelope, pair => Assert.Contains(pair.Key, new[] { "more", "next", "objects" }));
    }

    [Fact]
    public void S3_7_An_object_comes_back_as_it_was_sent()
    {
        const string sent = """{"type":"note","spec_version":"2.1","id":"note--00000000-0000-4000-8000-000000000001","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z","content":"<&> é 漢 \u0001","object_refs":["note--00000000-0000-4000-8000-000000000001"],"x_number":1.50,"x_list":[{"a":null}]}""";
        _taxii.Send(Main, $$"""{"objects":[{{sent}}]}""");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(sent), TaxiiFixture.Json(_taxii.Get(Objects))["objects"]![0]));
    }

    // 4: server information

    [Fact]
    public void S4_1_Discovery_names_the_roots_and_the_default_is_one_of_them()
    {
        var answer = TaxiiFixture.Json(_taxii.Get("/taxii2/"));
        Assert.False(string.IsNullOrEmpty((string?)answer["title"]));
        Assert.Contains((string?)answer["default"], answer["api_roots"]!.AsArray().Select(root => (string?)root));
        Assert.All(answer["api_roots"]!.AsArray(), root => Assert.Matches(@"^/[^/.?]+/$", (string?)root));
    }

    [Fact]
    public void S4_2_An_API_root_says_its_versions_and_how_much_it_takes()
    {
        var answer = TaxiiFixture.Json(_taxii.Get("/api/"));
        Assert.Contains("application/taxii+json;version=2.1", answer["versions"]!.AsArray().Select(version => (string?)version));
        Assert.True((int)answer["max_content_length"]! > 0);
        Assert.False(string.IsNullOrEmpty((string?)answer["title"]));
    }

    [Fact]
    public void S4_2_1_A_body_of_the_named_length_is_not_too_large_and_one_more_byte_is()
    {
        var most = (int)TaxiiFixture.Json(_taxii.Get("/api/"))["max_content_length"]!;
        var envelope = """{"objects":[{"type":"note","id":"note--00000000-0000-4000-8000-000000000001","created":"2026-01-01T00:00:00.000Z"}]}""";
        Assert.Equal(202, _taxii.Post(Objects, envelope.PadRight(most)).Status);
        AssertError(413, _taxii.Post(Objects, envelope.PadRight(most + 1)));
    }

    [Fact]
    public void S4_3_A_status_is_kept_for_a_day_and_counts_add_up()
    {
        var status = TaxiiFixture.Json(_taxii.Put(Main, 3));
        Assert.Equal(202, _taxii.Put(Main, 1).Status);
        var path = $"/api/status/{(string)status["id"]!}/";
        var again = TaxiiFixture.Json(_taxii.Get(path));
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
        var id = (string)TaxiiFixture.Json(_taxii.Put(Main, 1))["id"]!;
        AssertError(404, _taxii.Get($"/api/status/{id}/", user: "reader"));
    }

    // 5: collections

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
        var seen = TaxiiFixture.Json(_taxii.Get($"/api/collections/{Main}/", user: "reader"));
        Assert.True((bool)seen["can_read"]!);
        Assert.False((bool)seen["can_write"]!);
        Assert.Equal(Main, (string?)seen["id"]);
        Assert.Contains("application/stix+json;version=2.1", seen["media_types"]!.AsArray().Select(type => (string?)type));
        Assert.True((bool)TaxiiFixture.Json(_taxii.Get($"/api/collections/{Main}/"))["can_write"]!);
        Assert.Equal(200, _taxii.Get("/api/collections/campaigns/objects/").Status);
    }

    [Fact]
    public void S5_3_A_manifest_has_id_date_and_version_of_every_object_and_no_next()
    {
        _taxii.Put(Main, 3);
        var manifest = TaxiiFixture.Json(_taxii.Get($"/api/collections/{Main}/manifest/", ("limit", "2")));
        Assert.True((bool)manifest["more"]!);
        Assert.Null(manifest["next"]);
        Assert.All(manifest["objects"]!.AsArray(), item =>
        {
            Assert.NotNull(item!["id"]);
            Assert.NotNull(item["date_added"]);
            Assert.Equal("2026-01-01T00:00:00.000Z", (string?)item["version"]);
        });
        Assert.Equal("{}", Text(_taxii.Get($"/api/collections/{Main}/manifest/", ("match[type]", "malware"))));
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
    public void S5_5_An_add_is_accepted_with_a_status()
    {
        var answer = _taxii.Put(Main, 2);
        Assert.Equal(202, answer.Status);
        var status = TaxiiFixture.Json(answer);
        Assert.Equal(2, status["successes"]!.AsArray().Count);
        Assert.Equal(TaxiiFixture.Id(1), (string?)status["successes"]![0]!["id"]);
        Assert.Equal("2026-01-01T00:00:00.000000Z", (string?)status["successes"]![0]!["version"]);
    }

    [Fact]
    public void S5_5_An_exact_duplicate_is_no_error_and_changes_nothing()
    {
        _taxii.Put(Main, 2);
        var before = Text(_taxii.Get($"/api/collections/{Main}/manifest/"));
        Assert.Equal(2, (int)TaxiiFixture.Json(_taxii.Put(Main, 2))["success_count"]!);
        Assert.Equal(before, Text(_taxii.Get($"/api/collections/{Main}/manifest/")));
    }

    [Fact]
    public void S5_5_An_object_that_cannot_be_stored_fails_alone_with_the_reason()
    {
        _taxii.Put(Main, 1);
        var status = TaxiiFixture.Json(_taxii.Send(Main, $$"""
            {"objects":[{"type":"indicator"},
            {"type":"indicator","spec_version":"2.1","id":"{{TaxiiFixture.Id(1)}}","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z","name":"differs"},
            {"type":"indicator","spec_version":"2.1","id":"{{TaxiiFixture.Id(9)}}","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z"}]}
            """));
        Assert.Equal((1, 2), ((int)status["success_count"]!, (int)status["failure_count"]!));
        Assert.All(status["failures"]!.AsArray(), failure => Assert.False(string.IsNullOrEmpty((string?)failure!["message"])));
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

    [Fact]
    public void S5_6_One_object_by_its_id_and_404_for_an_unknown_one()
    {
        _taxii.Put(Main, 2);
        Assert.Equal([TaxiiFixture.Id(2)], Ids(_taxii.Get(Objects + TaxiiFixture.Id(2) + "/")));
        AssertError(404, _taxii.Get(Objects + TaxiiFixture.Id(3) + "/"));
        Assert.Equal("{}", Text(_taxii.Get(Objects + TaxiiFixture.Id(2) + "/", ("match[version]", "2020-01-01T00:00:00Z"))));
    }

    [Fact]
    public void S5_7_What_was_deleted_is_404()
    {
        _taxii.Put(Main, 2);
        Assert.Equal(200, _taxii.Delete(Objects + TaxiiFixture.Id(1) + "/").Status);
        AssertError(404, _taxii.Get(Objects + TaxiiFixture.Id(1) + "/"));
        AssertError(404, _taxii.Delete(Objects + TaxiiFixture.Id(1) + "/"));
        Assert.Equal([TaxiiFixture.Id(2)], Ids(_taxii.Get(Objects)));
    }

    [Fact]
    public void S5_7_A_named_version_alone_is_deleted()
    {
        var path = Objects + _taxii.PutVersions(Main, "2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z") + "/";
        Assert.Equal(200, _taxii.Delete(path, ("match[version]", "2026-01-02T00:00:00.000Z")).Status);
        Assert.Equal("""["2026-01-01T00:00:00.000Z"]""", TaxiiFixture.Json(_taxii.Get(path + "versions/"))["versions"]!.ToJsonString());
    }

    [Fact]
    public void S5_7_To_delete_one_must_read_and_write_403_for_one_of_them_and_404_for_neither()
    {
        _taxii.Put(Main, 1);
        _taxii.Put(Inbox, 1);
        AssertError(403, _taxii.Delete(Objects + TaxiiFixture.Id(1) + "/", user: "reader"));
        AssertError(403, _taxii.Delete($"/api/collections/{Inbox}/objects/{TaxiiFixture.Id(1)}/"));
        AssertError(404, _taxii.Delete(Objects + TaxiiFixture.Id(1) + "/", user: "stranger"));
    }

    [Fact]
    public void S5_8_All_versions_in_the_order_of_adding()
    {
        var path = Objects + _taxii.PutVersions(Main, "2026-01-02T00:00:00.000Z", "2026-01-01T00:00:00.000Z") + "/versions/";
        Assert.Equal("""["2026-01-02T00:00:00.000Z","2026-01-01T00:00:00.000Z"]""", TaxiiFixture.Json(_taxii.Get(path))["versions"]!.ToJsonString());
        Assert.True((bool)TaxiiFixture.Json(_taxii.Get(path, ("limit", "1")))["more"]!);
        AssertError(404, _taxii.Get(Objects + TaxiiFixture.Id(5) + "/versions/"));
    }

    [Theory]
    [InlineData("/taxii2")]
    [InlineData("/api")]
    [InlineData("/api/collections")]
    [InlineData("/api/collections//")]
    [InlineData("/other/")]
    [InlineData("/")]
    [InlineData("")]
    public void A_path_ends_with_a_slash_and_any_other_is_404(string path) => AssertError(404, _taxii.Get(path));

    [Fact]
    public void Another_method_is_405() => AssertError(405, _taxii.Server.Handle(TaxiiFixture.Request("PUT", Objects, "alice", [])));

    // The store

    [Fact]
    public void Times_of_adding_rise_even_where_the_clock_stands_or_goes_back()
    {
        _taxii.Put(Main, 3);
        _taxii.Clock.Now -= TimeSpan.FromDays(1);
        _taxii.PutVersions(Main, "2026-01-05T00:00:00.000Z");
        var added = TaxiiFixture.Json(_taxii.Get($"/api/collections/{Main}/manifest/"))["objects"]!.AsArray().Select(item => (string)item!["date_added"]!).ToList();
        Assert.Equal(added.Distinct().Order(StringComparer.Ordinal), added);
    }

    [Fact]
    public void A_server_that_is_started_again_holds_the_same_and_goes_on_behind_what_was_deleted()
    {
        _taxii.Put(Main, 3);
        var status = (string)TaxiiFixture.Json(_taxii.Put(Inbox, 1))["id"]!;
        _taxii.Delete(Objects + TaxiiFixture.Id(3) + "/");
        var before = Text(_taxii.Get($"/api/collections/{Main}/manifest/"));
        _taxii.Reopen();
        Assert.Equal(before, Text(_taxii.Get($"/api/collections/{Main}/manifest/")));
        Assert.Equal(200, _taxii.Get($"/api/status/{status}/").Status);
        _taxii.Put(Main, 3);
        Assert.Equal([TaxiiFixture.Id(1), TaxiiFixture.Id(2), TaxiiFixture.Id(3)], Ids(_taxii.Get(Objects)));
        var added = TaxiiFixture.Json(_taxii.Get($"/api/collections/{Main}/manifest/"))["objects"]!.AsArray().Select(item => (string)item!["date_added"]!).ToList();
        Assert.Equal(added.Distinct().Order(StringComparer.Ordinal), added);
    }

    private static List<string> Ids(TaxiiResponse answer) => [.. (JsonNode.Parse(answer.Body)!["objects"]?.AsArray() ?? []).Select(item => (string)item!["id"]!)];

    private static string Text(TaxiiResponse answer) => Encoding.UTF8.GetString(answer.Body);

    private static void AssertError(int status, TaxiiResponse answer)
    {
        Assert.Equal(status, answer.Status);
        Assert.Equal("application/taxii+json;version=2.1", answer.ContentType);
        var error = JsonNode.Parse(answer.Body)!;
        Assert.Equal(status.ToString(CultureInfo.InvariantCulture), (string?)error["http_status"]);
        Assert.False(string.IsNullOrEmpty((string?)error["title"]));
    }
}
