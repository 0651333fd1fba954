using System.Text.Json.Nodes;
using Stillhunt.Sharing;
using Stillhunt.Sharing.Formats;
using Stillhunt.Sharing.Intel;
using static Stillhunt.Tests.Sharing.ExportSample;

namespace Stillhunt.Tests.Sharing;

public sealed class FormatTests
{
    [Fact]
    public void A_MISP_event_brings_back_what_went_into_it()
    {
        var bundle = Export(Result());
        var read = MispEvent.Read(JsonNode.Parse(MispEvent.Write(bundle, "Example Lab", Now).ToJsonString())!.AsObject(), out var fault);
        Assert.Null(fault);
        Assert.Equal(Patterns(bundle).Where(pattern => !pattern.Contains("x509", StringComparison.Ordinal)), Patterns(read!).Where(pattern => !pattern.Contains("x509", StringComparison.Ordinal)));
        Assert.Equal(Objects(bundle, "indicator").Select(item => (string)item["id"]!).Order(StringComparer.Ordinal), Objects(read!, "indicator").Select(item => (string)item["id"]!).Order(StringComparer.Ordinal));
        Assert.Empty(StixSchemas.Faults(read!));
        Assert.Empty(new IntelStore().Add(read!, "misp", 1).Refused);
    }

    [Fact]
    public void A_MISP_event_is_tagged_and_unpublished()
    {
        var happened = MispEvent.Write(Export(Result()), "Example Lab", Now)["Event"]!;
        Assert.Equal("tlp:amber", (string?)happened["Tag"]![0]!["name"]);
        Assert.False((bool)happened["published"]!);
        Assert.Equal("0", (string?)happened["distribution"]);
        Assert.All(happened["Attribute"]!.AsArray(), attribute => Assert.Matches("^[0-9a-f-]{36}$", (string?)attribute!["uuid"]));
    }

    [Theory]
    [InlineData("""{"Event":{"Attribute":{}}}""")]
    [InlineData("""{"Event":{"Attribute":[1]}}""")]
    public void A_broken_event_is_refused_with_the_reason(string json)
    {
        Assert.Null(MispEvent.Read(JsonNode.Parse(json)!.AsObject(), out var fault));
        Assert.NotNull(fault);
    }

    [Fact]
    public void A_strangers_attributes_are_held_to_the_same_patterns()
    {
        var read = MispEvent.Read(JsonNode.Parse("""
            {"Event":{"info":"x","Attribute":[
            {"uuid":"00000000-0000-4000-8000-000000000001","type":"ip-dst","value":"203.0.113.9","to_ids":true,"timestamp":"1770000000"},
            {"uuid":"00000000-0000-4000-8000-000000000002","type":"ip-dst","value":"0.0.0.0/0","to_ids":true,"timestamp":"1770000000"},
            {"uuid":"00000000-0000-4000-8000-000000000003","type":"ip-dst","value":"203.0.113.10","to_ids":false},
            {"uuid":"not-one","type":"domain","value":"mail.example","to_ids":true},
            {"uuid":"00000000-0000-4000-8000-000000000004","type":"domain","value":"it's.example","to_ids":true,"timestamp":"1770000000"}]}}
            """)!.AsObject(), out _);
        Assert.Equal(["[domain-name:value = 'it\\'s.example']", "[ipv4-addr:value = '203.0.113.9']"], Patterns(read!));
    }

    [Fact]
    public void Attributes_in_objects_numbers_as_times_and_JA3_are_read_too()
    {
        var read = MispEvent.Read(JsonNode.Parse("""
            {"Event":{"info":"x","timestamp":1770000000,"Attribute":[],"Object":[{"name":"network-connection","Attribute":[
            {"uuid":"00000000-0000-4000-8000-000000000001","type":"ip-dst","value":"203.0.113.9","to_ids":true},
            {"uuid":"00000000-0000-4000-8000-000000000002","type":"ja3-fingerprint-md5","value":"E7D705A3286E19EA42F587B344EE6865","to_ids":true,"timestamp":1770000000}]}]}}
            """)!.AsObject(), out var fault);
        Assert.Null(fault);
        Assert.Equal(["[ipv4-addr:value = '203.0.113.9']", "[x509-certificate:hashes.'tls' = 'e7d705a3286e19ea42f587b344ee6865']"], Patterns(read!));
        Assert.All(Objects(read!, "indicator"), item => Assert.Equal("2026-02-02T02:40:00.000Z", (string?)item["valid_from"]));
        var campaign = Campaign();
        var ja3 = Export(Result(campaign with { Indicators = campaign.Indicators! with { Values = [.. campaign.Indicators.Values.Where(value => value.Kind == "tls").Select(value => value with { Value = "e7d705a3286e19ea42f587b344ee6865" })] } }));
        Assert.Contains(MispEvent.Write(ja3, "Example Lab", Now)["Event"]!["Attribute"]!.AsArray(), attribute => (string?)attribute!["type"] == "ja3-fingerprint-md5");
    }

    [Fact]
    public void The_table_has_a_line_for_every_indicator_and_disarms_formulas()
    {
        var campaign = Campaign();
        var hostile = campaign.Indicators!.Values.Select(value => value.Kind == "email-domain" ? value with { Kind = "client", Value = "=HYPERLINK(\"x\")" } : value);
        var bundle = Export(Result(campaign with { Indicators = campaign.Indicators with { Values = [.. hostile] } }), Request(ShareProfile.Internal) with { Key = null });
        using var to = new StringWriter();
        IndicatorCsv.Write(to, bundle);
        var lines = to.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Objects(bundle, "indicator").Count() + 1, lines.Length);
        Assert.DoesNotContain(lines, line => line.Contains(",\"=HYPERLINK", StringComparison.Ordinal));
    }

    [Fact]
    public void A_decision_list_has_addresses_and_networks_that_are_still_valid()
    {
        var list = DecisionList.Write(Export(Result()), Now);
        Assert.Equal(["2001:db8:1:2::/64", "203.0.113.0/24", "203.0.113.7"], list.Select(entry => (string)entry!["value"]!).Order(StringComparer.Ordinal));
        Assert.All(list, entry => Assert.Matches("^[0-9]+h$", (string?)entry!["duration"]));
        Assert.Empty(DecisionList.Write(Export(Result()), Now.AddDays(400)));
        Assert.Equal(list.Count, DecisionList.PlaceCount(Export(Result())));
    }

    private static List<string> Patterns(JsonObject bundle) => [.. Objects(bundle, "indicator").Select(item => (string)item["pattern"]!).Order(StringComparer.Ordinal)];
}
