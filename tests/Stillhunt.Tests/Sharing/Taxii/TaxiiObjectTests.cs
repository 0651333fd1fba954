using static Stillhunt.Tests.Sharing.Taxii.TaxiiFixture;

namespace Stillhunt.Tests.Sharing.Taxii;

/// <summary>The MUSTs of TAXII 2.1 (OASIS Standard, 10 June 2021) about objects: added, listed, found, deleted; the number in a name is the section.</summary>
public sealed class TaxiiObjectTests : IDisposable
{
    private readonly TaxiiFixture _taxii = new();

    public void Dispose() => _taxii.Dispose();

    [Fact]
    public void S5_3_A_manifest_has_id_date_and_version_of_every_object_and_no_next()
    {
        _taxii.Put(Main, 3);
        var manifest = Parsed(_taxii.Get($"/api/collections/{Main}/manifest/", ("limit", "2")));
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

    [Fact]
    public void S5_5_An_add_is_accepted_with_a_status()
    {
        var answer = _taxii.Put(Main, 2);
        Assert.Equal(202, answer.Status);
        var status = Parsed(answer);
        Assert.Equal(2, status["successes"]!.AsArray().Count);
        Assert.Equal(Id(1), (string?)status["successes"]![0]!["id"]);
        Assert.Equal("2026-01-01T00:00:00.000000Z", (string?)status["successes"]![0]!["version"]);
    }

    [Fact]
    public void S5_5_An_exact_duplicate_is_no_error_and_changes_nothing()
    {
        _taxii.Put(Main, 2);
        var before = Text(_taxii.Get($"/api/collections/{Main}/manifest/"));
        Assert.Equal(2, (int)Parsed(_taxii.Put(Main, 2))["success_count"]!);
        Assert.Equal(before, Text(_taxii.Get($"/api/collections/{Main}/manifest/")));
    }

    [Theory]
    [InlineData("9")]
    [InlineData("2.2")]
    [InlineData("")]
    public void S3_4_1_An_object_of_another_spec_version_is_not_taken_and_hides_none(string spec)
    {
        _taxii.Put(Main, 1);
        var status = Parsed(_taxii.Send(Main, $$"""{"objects":[{"type":"indicator","spec_version":"{{spec}}","id":"{{Id(1)}}","created":"2026-01-01T00:00:00.000Z","modified":"2026-02-01T00:00:00.000Z"}]}"""));
        Assert.Equal((0, 1), ((int)status["success_count"]!, (int)status["failure_count"]!));
        Assert.Equal("2.1", (string?)Parsed(_taxii.Get(Objects))["objects"]!.AsArray().Single()!["spec_version"]);
    }

    [Fact]
    public void S5_5_An_object_that_cannot_be_stored_fails_alone_with_the_reason()
    {
        _taxii.Put(Main, 1);
        var status = Parsed(_taxii.Send(Main, $$"""
            {"objects":[{"type":"indicator"},
            {"type":"indicator","spec_version":"2.1","id":"{{Id(1)}}","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z","name":"differs"},
            {"type":"indicator","spec_version":"2.1","id":"{{Id(9)}}","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z"}]}
            """));
        Assert.Equal((1, 2), ((int)status["success_count"]!, (int)status["failure_count"]!));
        Assert.All(status["failures"]!.AsArray(), failure => Assert.False(string.IsNullOrEmpty((string?)failure!["message"])));
    }

    [Fact]
    public void S5_5_Markings_in_a_circle_fail_alone_however_many_requests_make_it_and_everybody_reads_on()
    {
        static string Marking(int id, params int[] by) =>
            $$"""{"type":"marking-definition","spec_version":"2.1","id":"marking-definition--00000000-0000-4000-8000-{{id:d12}}","created":"2026-01-01T00:00:00.000Z","object_marking_refs":[{{string.Join(',', by.Select(one => $"\"marking-definition--00000000-0000-4000-8000-{one:d12}\""))}}]}""";
        (int, int) Sent(params string[] objects)
        {
            var status = Parsed(_taxii.Send(Main, $$"""{"objects":[{{string.Join(',', objects)}}]}"""));
            return ((int)status["success_count"]!, (int)status["failure_count"]!);
        }

        Assert.Equal((0, 1), Sent(Marking(1, 1)));
        Assert.Equal((1, 2), Sent(Marking(1, 2), Marking(2, 1), Marking(9, 8)));
        // In two requests, and over three.
        Assert.Equal((1, 0), Sent(Marking(1, 2)));
        Assert.Equal((0, 1), Sent(Marking(2, 1)));
        Assert.Equal((1, 0), Sent(Marking(2, 3)));
        Assert.Equal((1, 1), Sent(Marking(3, 1), Marking(4, 1)));
        // A chain longer than is looked at is refused too, and an ordinary marking is not.
        foreach (var first in (int[])[1000, 1750]) Assert.Equal((750, 0), Sent([.. Enumerable.Range(first, 750).Select(i => Marking(i, i + 1))]));
        Assert.Equal((0, 1), Sent(Marking(999, 1000)));
        Assert.Equal((1, 0), Sent(Marking(998, 2400)));
        Assert.NotNull(Stillhunt.Sharing.Stix.StixBundle.Read(_taxii.Get(Objects, ("match[version]", "all")).Body, Stillhunt.Sharing.Stix.StixLimits.Default, out _));
    }

    [Fact]
    public void S3_4_A_page_ends_before_it_is_too_large_for_a_reader_and_all_can_be_read()
    {
        var large = new string('x', 900_000);
        for (var i = 1; i <= 40; i++) _taxii.Send(Main, $$"""{"objects":[{"type":"note","spec_version":"2.1","id":"note--00000000-0000-4000-8000-{{i:d12}}","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z","content":"{{large}}"}]}""");
        var (read, next) = (0, (string?)null);
        do
        {
            var page = _taxii.Get(Objects, next is null ? [] : [("next", next)]);
            Assert.InRange(page.Body.Length, 1, 17 << 20);
            read += Ids(page).Count;
            next = (string?)Parsed(page)["next"];
        }
        while (next is not null);
        Assert.Equal(40, read);
    }

    [Fact]
    public void S5_6_One_object_by_its_id_and_404_for_an_unknown_one()
    {
        _taxii.Put(Main, 2);
        Assert.Equal([Id(2)], Ids(_taxii.Get(Objects + Id(2) + "/")));
        AssertError(404, _taxii.Get(Objects + Id(3) + "/"));
        Assert.Equal("{}", Text(_taxii.Get(Objects + Id(2) + "/", ("match[version]", "2020-01-01T00:00:00Z"))));
    }

    [Fact]
    public void S5_7_What_was_deleted_is_404()
    {
        _taxii.Put(Main, 2);
        Assert.Equal(200, _taxii.Delete(Objects + Id(1) + "/").Status);
        AssertError(404, _taxii.Get(Objects + Id(1) + "/"));
        AssertError(404, _taxii.Delete(Objects + Id(1) + "/"));
        Assert.Equal([Id(2)], Ids(_taxii.Get(Objects)));
    }

    [Fact]
    public void S5_7_What_was_deleted_is_404_in_every_version_of_the_specification()
    {
        _taxii.Send(Main, $$"""{"objects":[{"type":"indicator","id":"{{Id(77)}}","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z"},{"type":"indicator","spec_version":"2.1","id":"{{Id(77)}}","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-02T00:00:00.000Z"}]}""");
        Assert.Equal(200, _taxii.Delete(Objects + Id(77) + "/").Status);
        AssertError(404, _taxii.Get(Objects + Id(77) + "/"));
        _taxii.Send(Main, $$"""{"objects":[{"type":"indicator","id":"{{Id(78)}}","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z"},{"type":"indicator","spec_version":"2.1","id":"{{Id(78)}}","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-02T00:00:00.000Z"}]}""");
        Assert.Equal(200, _taxii.Delete(Objects + Id(78) + "/", ("match[spec_version]", "2.1")).Status);
        Assert.Null(Parsed(_taxii.Get(Objects + Id(78) + "/"))["objects"]!.AsArray().Single()!["spec_version"]);
    }

    [Fact]
    public void S5_6_One_object_is_filtered_by_version_and_spec_version()
    {
        var path = Objects + _taxii.PutVersions(Main, "2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z") + "/";
        Assert.Equal(2, Ids(_taxii.Get(path, ("match[version]", "all"))).Count);
        Assert.Single(Ids(_taxii.Get(path, ("match[spec_version]", "2.1"))));
        Assert.Equal("{}", Text(_taxii.Get(path, ("match[spec_version]", "2.0"))));
        Assert.Equal(2, Parsed(_taxii.Get(path + "versions/"))["versions"]!.AsArray().Count);
    }

    [Fact]
    public void S5_7_A_named_version_alone_is_deleted()
    {
        var path = Objects + _taxii.PutVersions(Main, "2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z") + "/";
        Assert.Equal(200, _taxii.Delete(path, ("match[version]", "2026-01-02T00:00:00.000Z")).Status);
        Assert.Equal("""["2026-01-01T00:00:00.000Z"]""", Parsed(_taxii.Get(path + "versions/"))["versions"]!.ToJsonString());
    }

    [Fact]
    public void S5_8_All_versions_in_the_order_of_adding()
    {
        var path = Objects + _taxii.PutVersions(Main, "2026-01-02T00:00:00.000Z", "2026-01-01T00:00:00.000Z") + "/versions/";
        Assert.Equal("""["2026-01-02T00:00:00.000Z","2026-01-01T00:00:00.000Z"]""", Parsed(_taxii.Get(path))["versions"]!.ToJsonString());
        Assert.True((bool)Parsed(_taxii.Get(path, ("limit", "1")))["more"]!);
        AssertError(404, _taxii.Get(Objects + Id(5) + "/versions/"));
    }
}
