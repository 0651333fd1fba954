using System.Reflection;
using System.Text.RegularExpressions;
using static Stillhunt.Tests.Sharing.Taxii.TaxiiFixture;

namespace Stillhunt.Tests.Sharing.Taxii;

/// <summary>The MUSTs of TAXII 2.1 (OASIS Standard, 10 June 2021) that hold for every endpoint alike, and that each section with a MUST has its test; the number in a name is the section.</summary>
public sealed partial class TaxiiEndpointTests : IDisposable
{
    private const string One = $"{Objects}indicator--00000000-0000-4000-8000-000000000001/";

    private readonly TaxiiFixture _taxii = new();

    public void Dispose() => _taxii.Dispose();

    public static TheoryData<string, string> Endpoints => new()
    {
        { "GET", "/taxii2/" }, { "GET", "/api/" }, { "GET", "/api/status/2d086da7-4bdc-4f91-900e-d77486753710/" }, { "GET", "/api/collections/" }, { "GET", $"/api/collections/{Main}/" },
        { "GET", $"/api/collections/{Main}/manifest/" }, { "GET", Objects }, { "POST", Objects }, { "GET", One }, { "DELETE", One }, { "GET", One + "versions/" },
    };

    [Theory]
    [MemberData(nameof(Endpoints))]
    public void S4_1_to_S5_8_Nobody_known_gets_401_an_unknown_media_type_406_and_each_error_is_of_the_standards_form(string method, string path)
    {
        _taxii.Put(Main, 1);
        AssertError(401, _taxii.Server.Handle(Request(method, path, "alice", []) with { User = null }));
        AssertError(406, _taxii.Server.Handle(Request(method, path, "alice", [], accept: "text/html")));
        AssertError(406, _taxii.Server.Handle(Request(method, path, "alice", [], accept: "application/taxii+json;version=2.0")));
        // Nothing was done by what was refused.
        Assert.Single(Ids(_taxii.Get(Objects)));
    }

    [Theory]
    [InlineData("manifest/")]
    [InlineData("objects/")]
    [InlineData("objects/indicator--00000000-0000-4000-8000-000000000001/")]
    [InlineData("objects/indicator--00000000-0000-4000-8000-000000000001/versions/")]
    public void S3_4_A_malformed_parameter_is_400_wherever_there_are_parameters(string list)
    {
        _taxii.Put(Main, 1);
        foreach (var (name, value) in new[] { ("limit", "0"), ("added_after", "soon"), ("next", "made-up") }) AssertError(400, _taxii.Get($"/api/collections/{Main}/{list}", (name, value)));
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public void S3_2_and_S5_7_Every_answer_says_its_media_type_deletion_too(string method, string path)
    {
        _taxii.Put(Main, 1);
        Assert.Equal("application/taxii+json;version=2.1", _taxii.Server.Handle(Request(method, path, "alice", [])).ContentType);
    }

    [Fact]
    public void S3_4_1_and_S5_8_An_object_without_modified_has_created_as_its_version_and_one_without_either_keeps_that_of_the_server()
    {
        const string Marking = "marking-definition--00000000-0000-4000-8000-000000000001", Address = "ipv4-addr--00000000-0000-4000-8000-000000000002";
        _taxii.Send(Main, $$"""{"objects":[{"type":"marking-definition","spec_version":"2.1","id":"{{Marking}}","created":"2026-01-05T00:00:00.000Z"},{"type":"ipv4-addr","spec_version":"2.1","id":"{{Address}}","value":"203.0.113.7"}]}""");
        Assert.Equal("""["2026-01-05T00:00:00.000Z"]""", Parsed(_taxii.Get($"{Objects}{Marking}/versions/"))["versions"]!.ToJsonString());
        var own = Parsed(_taxii.Get($"{Objects}{Address}/versions/"))["versions"]!.AsArray().Single()!.ToJsonString();
        _taxii.Clock.Now += TimeSpan.FromHours(5);
        _taxii.Reopen();
        Assert.Equal(own, Parsed(_taxii.Get($"{Objects}{Address}/versions/"))["versions"]!.AsArray().Single()!.ToJsonString());
        Assert.Equal([Marking], Ids(_taxii.Get(Objects, ("match[version]", "2026-01-05T00:00:00Z"))));
        Assert.Equal("{}", Text(_taxii.Get($"{Objects}{Marking}/versions/", ("match[spec_version]", "2.0"))));
    }

    [Fact]
    public void S5_7_What_was_deleted_is_in_no_list_of_the_collection()
    {
        _taxii.Put(Main, 2);
        Assert.Equal(200, _taxii.Delete(One).Status);
        Assert.Equal([Id(2)], Ids(_taxii.Get(Objects)));
        Assert.Equal([Id(2)], Ids(_taxii.Get($"/api/collections/{Main}/manifest/")));
        AssertError(404, _taxii.Get(One + "versions/"));
        AssertError(404, _taxii.Delete(One));
    }

    [Fact]
    public void S8_2_1_Discovery_stands_at_the_root_and_leads_to_a_root_that_leads_to_collections()
    {
        var root = (string)Parsed(_taxii.Get("/taxii2/"))["api_roots"]![0]!;
        Assert.Equal(200, _taxii.Get(root).Status);
        Assert.NotEmpty(Parsed(_taxii.Get(root + "collections/"))["collections"]!.AsArray());
    }

    [Theory]
    [InlineData("1.6.8")]
    [InlineData("3.2")]
    [InlineData("3.3")]
    [InlineData("3.4")]
    [InlineData("3.4.1")]
    [InlineData("3.5")]
    [InlineData("3.6.1")]
    [InlineData("3.7")]
    [InlineData("3.8")]
    [InlineData("4.1")]
    [InlineData("4.2")]
    [InlineData("4.2.1")]
    [InlineData("4.3")]
    [InlineData("5.1")]
    [InlineData("5.2")]
    [InlineData("5.2.1")]
    [InlineData("5.3")]
    [InlineData("5.5")]
    [InlineData("5.6")]
    [InlineData("5.7")]
    [InlineData("5.8")]
    [InlineData("8.2.1")]
    [InlineData("8.2.2")]
    [InlineData("8.5.1")]
    [InlineData("8.5.2")]
    public void Every_section_with_a_MUST_has_a_test_that_names_it(string section)
    {
        var named = typeof(TaxiiEndpointTests).Assembly.GetTypes().Where(type => type.Namespace == typeof(TaxiiEndpointTests).Namespace).SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Public))
            .SelectMany(test => SectionsOf().Matches(test.Name)).Select(found => found.Groups[1].Value.Replace('_', '.'));
        Assert.Contains(section, named);
    }

    [GeneratedRegex(@"(?:^|_)S([0-9](?:_[0-9])*)(?=_)")]
    private static partial Regex SectionsOf();
}
