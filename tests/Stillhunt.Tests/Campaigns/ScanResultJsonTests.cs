using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stillhunt.Campaigns;
using Stillhunt.Tests.Reporting;

namespace Stillhunt.Tests.Campaigns;

public sealed class ScanResultJsonTests
{
    [Fact]
    public void What_was_written_is_read()
    {
        var text = Written();
        using var again = new MemoryStream();
        ScanResultJson.Write(again, ScanResultJson.Read(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(text, Encoding.UTF8.GetString(again.ToArray()));
        Assert.NotNull(ScanResultJson.Read(Encoding.UTF8.GetBytes("\uFEFF" + text)));
    }

    [Theory]
    [InlineData("scanned", "scanned")]
    [InlineData("campaigns", "campaigns")]
    [InlineData("campaigns.0", "campaigns[0]")]
    [InlineData("campaigns.0.exposure", "campaigns[0].exposure")]
    [InlineData("campaigns.0.accounts.1", "campaigns[0].accounts[1]")]
    [InlineData("campaigns.0.accounts.1.id", "campaigns[0].accounts[1].id")]
    [InlineData("campaigns.0.evidence.0.examples", "campaigns[0].evidence[0].examples")]
    [InlineData("access.days.0", "access.days[0]")]
    public void Null_where_a_value_belongs_is_refused_with_its_place(string path, string told)
    {
        var root = JsonNode.Parse(Written())!;
        var steps = path.Split('.');
        var parent = steps[..^1].Aggregate(root, (node, step) => int.TryParse(step, out var at) ? node[at]! : node[step]!);
        if (int.TryParse(steps[^1], out var last)) parent[last] = null;
        else parent[steps[^1]] = null;
        var fault = Assert.Throws<JsonException>(() => ScanResultJson.Read(Encoding.UTF8.GetBytes(root.ToJsonString())));
        Assert.Contains(told, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Stillhunt.", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.5)]
    public void A_confidence_or_probability_outside_of_0_to_1_is_refused(double wrong)
    {
        var root = JsonNode.Parse(Written())!;
        root["campaigns"]![0]!["confidence"] = wrong;
        Assert.Contains("campaigns[0].confidence", Assert.Throws<JsonException>(() => ScanResultJson.Read(Encoding.UTF8.GetBytes(root.ToJsonString()))).Message, StringComparison.Ordinal);
        root["campaigns"]![0]!["confidence"] = 0.9;
        root["campaigns"]![0]!["accounts"]![0]!["probability"] = wrong;
        Assert.Contains("accounts[0].probability", Assert.Throws<JsonException>(() => ScanResultJson.Read(Encoding.UTF8.GetBytes(root.ToJsonString()))).Message, StringComparison.Ordinal);
    }

    private static string Written()
    {
        using var to = new MemoryStream();
        ScanResultJson.Write(to, SampleResult.Realistic());
        return Encoding.UTF8.GetString(to.ToArray());
    }
}
