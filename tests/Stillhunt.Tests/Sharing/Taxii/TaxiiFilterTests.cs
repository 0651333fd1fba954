using static Stillhunt.Tests.Sharing.Taxii.TaxiiFixture;

namespace Stillhunt.Tests.Sharing.Taxii;

/// <summary>The MUSTs of TAXII 2.1 (OASIS Standard, 10 June 2021) about filters and pages; the number in a name is the section.</summary>
public sealed class TaxiiFilterTests : IDisposable
{
    private readonly TaxiiFixture _taxii = new();

    public void Dispose() => _taxii.Dispose();

    [Theory]
    [InlineData("added_after", "yesterday")]
    [InlineData("added_after", "2026-03-02T00:00:00+01:00")]
    [InlineData("limit", "0")]
    [InlineData("limit", "00000000000000000000000000")]
    [InlineData("limit", "+99999999999999999999")]
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
        Assert.Equal([Id(3), Id(4), Id(5)], Ids(_taxii.Get(Objects, ("added_after", last))));
        // The objects' own times lie years before.
        Assert.Equal("{}", Text(_taxii.Get(Objects, ("added_after", "2030-01-01T00:00:00Z"))));
        Assert.Equal(5, Ids(_taxii.Get(Objects, ("added_after", "2021-01-01T00:00:00.123456789Z"))).Count);
    }

    [Fact]
    public void S3_4_No_more_than_the_limit_and_all_if_all_fit()
    {
        _taxii.Put(Main, 5);
        Assert.Equal(3, Ids(_taxii.Get(Objects, ("limit", "3"))).Count);
        var all = Parsed(_taxii.Get(Objects, ("limit", "5")));
        Assert.Equal(5, all["objects"]!.AsArray().Count);
        Assert.False(all.ContainsKey("more"));
        Assert.Equal(5, Ids(_taxii.Get(Objects, ("limit", "99999999"))).Count);
        Assert.Equal(5, Ids(_taxii.Get(Objects, ("limit", "99999999999999999999"))).Count);
        Assert.Single(Ids(_taxii.Get(Objects, ("limit", "00000000000000000000000001"))));
    }

    [Fact]
    public void S3_4_More_is_true_where_more_is()
    {
        _taxii.Put(Main, 5);
        var page = Parsed(_taxii.Get(Objects, ("limit", "3")));
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
            var page = Parsed(answer);
            if (page["more"] is null) break;
            (next, after) = ((string)page["next"]!, answer.Headers["X-TAXII-Date-Added-Last"]);
        }

        Assert.Equal(Enumerable.Range(1, 47).Select(Id), seen);
    }

    [Fact]
    public void AppB_Next_is_checked_against_the_query_and_gives_no_rights()
    {
        _taxii.Put(Main, 5);
        var next = (string)Parsed(_taxii.Get(Objects, ("limit", "2"), ("match[type]", "indicator")))["next"]!;
        AssertError(400, _taxii.Get(Objects, ("limit", "2"), ("next", next)));
        AssertError(404, _taxii.Get($"/api/collections/{Main}/objects/", user: "stranger", query: [("limit", "2"), ("match[type]", "indicator"), ("next", next)]));
    }

    [Fact]
    public void S3_4_Several_fields_are_all_asked_for_and_several_values_are_alternatives()
    {
        _taxii.Put(Main, 5);
        Assert.Equal([Id(2), Id(4)], Ids(_taxii.Get(Objects, ("match[id]", $"{Id(2)},{Id(4)}"))));
        Assert.Equal("{}", Text(_taxii.Get(Objects, ("match[id]", Id(2)), ("match[type]", "campaign"))));
        Assert.Equal(5, Ids(_taxii.Get(Objects, ("match[colour]", "red"))).Count);
    }

    [Fact]
    public void S3_8_Names_are_exact_in_case_so_another_case_is_another_parameter()
    {
        _taxii.Put(Main, 3);
        Assert.Equal(3, Ids(_taxii.Get(Objects, ("Limit", "1"), ("MATCH[id]", Id(2)))).Count);
        Assert.Equal(400, _taxii.Get(Objects, ("match[version]", "LAST")).Status);
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

        List<string> Modified(string? version = null) => [.. (Parsed(version is null ? _taxii.Get(Objects) : _taxii.Get(Objects, ("match[version]", version)))["objects"]?.AsArray() ?? []).Select(item => (string)item!["modified"]!)];
    }

    [Fact]
    public void S3_4_1_Only_the_latest_spec_version_unless_asked()
    {
        const string id = "indicator--00000000-0000-4000-8000-000000000077";
        _taxii.Send(Main, $$"""{"objects":[{"type":"indicator","id":"{{id}}","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z"},{"type":"indicator","spec_version":"2.1","id":"{{id}}","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-02T00:00:00.000Z"}]}""");
        Assert.Equal("2.1", (string?)Parsed(_taxii.Get(Objects))["objects"]!.AsArray().Single()!["spec_version"]);
        Assert.Null(Parsed(_taxii.Get(Objects, ("match[spec_version]", "2.0")))["objects"]!.AsArray().Single()!["spec_version"]);
        Assert.Equal(2, Parsed(_taxii.Get(Objects, ("match[spec_version]", "2.0,2.1")))["objects"]!.AsArray().Count);
    }
}
