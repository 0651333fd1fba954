using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Stillhunt.Campaigns;
using Stillhunt.Ingest;
using Stillhunt.Sketches;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Campaigns;

/// <summary>Removing any one kind of infrastructure evidence degrades and does not blind.</summary>
public sealed partial class MissingInfrastructureTests(BriefRange range, SmallRange small) : IClassFixture<BriefRange>
{
    private const int LeastFound = 6;

    /// <summary>Sought one way only: half of the time, and the other way would see as little.</summary>
    private static readonly HashSet<string> Once = ["found-again"];

    [Fact]
    [Trait("takes", "minutes")]
    public void Without_payments_most_cases_are_still_found()
    {
        var result = Detector.Detect(range.Snapshot,
            id => range.Accounts.Records.GetValueOrDefault(id.Id) is { } record ? record with { Payment = null, PaymentIssuer = null } : null, KeyedHash.Fixed, again: false);
        Expect(result, missing: ["payment"], absent: ["payment"]);
    }

    [Fact]
    public void Without_an_accounts_file_most_cases_are_still_found() =>
        Expect(Pipeline.Detect(range.Snapshot, null, KeyedHash.Fixed, leaveOut: Once), missing: ["payment", "email", "created", "verified"],
            absent: ["payment", "phone", "email-shape", "email-domain", "referrer", "created"]);

    [Fact]
    [Trait("takes", "minutes")]
    public void Without_addresses_most_cases_are_still_found() =>
        Expect(Without("addresses", AddressFields()), missing: ["ip", "asn"], absent: ["ip", "network", "asn"]);

    [Fact]
    [Trait("takes", "minutes")]
    public void Without_clients_and_handshakes_most_cases_are_still_found() =>
        Expect(Without("clients", ClientFields()), missing: ["client", "tls"], absent: ["client", "tls", "headers"]);

    [Fact]
    public void Without_prompts_what_is_asked_speaks_neither_for_nor_against()
    {
        var result = Without("prompts", line =>
        {
            var exchange = JsonNode.Parse(line)!.AsObject();
            foreach (var field in ContentFields) exchange.Remove(field);
            return exchange.ToJsonString();
        });
        Assert.Contains("prompt", result.Scanned.Missing);
        var groups = result.Campaigns.Concat(result.Suspected).ToList();
        Assert.NotEmpty(groups);
        Assert.DoesNotContain(groups.SelectMany(campaign => campaign.Evidence), row => AboutContent.Contains(row.Kind));
        Assert.Contains(result.Cleared, group => group.Lookalike == "prompts-not-logged");
        Assert.DoesNotContain(result.Cleared, group => group.Text.Contains("NaN", StringComparison.Ordinal) || group.Lookalike is "viral-prompt" or "grading-tutoring");
        var report = range.Score(result);
        Assert.True(report.AccountPrecision is null or >= 0.95, $"{report.AccountPrecision:P2}");
    }

    private static readonly string[] ContentFields = ["system", "messages", "prompt", "tools", "response"];

    private static readonly HashSet<string> AboutContent = ["shared-pool", "dealt-twice", "own-interests", "kept-words", "technique", "slot-variety", "breadth", "re-run", "no-follow-up", "people"];

    [Fact]
    public void What_is_left_out_plays_no_part_as_if_it_had_not_been_known()
    {
        Assert.Contains(small.Result.Campaigns.SelectMany(campaign => campaign.Evidence), row => row.Kind == "payment");
        var unknown = Detector.Detect(small.Snapshot, id => small.Accounts.Records.GetValueOrDefault(id.Id) is { } record ? record with { Payment = null, PaymentIssuer = null } : null, KeyedHash.Fixed, again: false);
        var leftOut = Pipeline.Detect(small.Snapshot, small.Accounts, KeyedHash.Fixed, leaveOut: new HashSet<string>(Once) { "payment" });
        Assert.Equal(["payment", "found-again"], leftOut.Scanned.LeftOut);
        Assert.NotEmpty(leftOut.Campaigns);
        Assert.Equal(Found(unknown), Found(leftOut));

        // Not the words of indicators, nor whose they are: whose words may leave the house depends on who is linked, by whatever is known.
        static string Found(ScanResult result) => JsonSerializer.Serialize(result.Campaigns.Select(campaign => new
        {
            campaign.Id, campaign.Evidence, campaign.Accounts, campaign.Shared, Values = campaign.Indicators?.Values.Select(value => value with { WordOwners = null }),
        }));
    }

    [Fact]
    [Trait("takes", "minutes")]
    public void Each_kind_of_evidence_can_be_left_out()
    {
        var kinds = range.Result.Campaigns.SelectMany(campaign => campaign.Evidence)
            .Where(row => row.Block is not ("prior" or "calibration" or "reliability")).Select(row => row.Kind).ToHashSet();
        kinds.UnionWith(Once);
        Assert.Subset(EvidenceKinds.All.ToHashSet(), kinds);
        var rest = Pipeline.Detect(range.Snapshot, range.Accounts, KeyedHash.Fixed, leaveOut: kinds);
        Assert.DoesNotContain(rest.Campaigns.Concat(rest.Suspected).SelectMany(campaign => campaign.Evidence), row => kinds.Contains(row.Kind));
    }

    private void Expect(ScanResult result, string[] missing, string[] absent)
    {
        var report = range.Score(result);
        var lost = report.Cases.Where(found => !found.Found).Select(found => found.Case).ToList();
        Assert.True(8 - lost.Count >= LeastFound, "lost: " + string.Join(", ", lost));
        Assert.True(report.AccountPrecision >= 0.95, $"{report.AccountPrecision:P2}");
        Assert.All(missing, field => Assert.Contains(field, result.Scanned.Missing));
        // Absent is not zero: what is unknown speaks neither for nor against.
        var rows = result.Campaigns.Concat(result.Suspected).SelectMany(campaign => campaign.Evidence).Select(row => row.Kind).ToHashSet();
        Assert.All(absent, kind => Assert.DoesNotContain(kind, rows));
        Assert.DoesNotContain(result.Campaigns.SelectMany(campaign => campaign.Shared), value => absent.Contains(value.Kind));
    }

    private ScanResult Without(string what, Regex fields) => Without(what, line => fields.Replace(line, ""));

    private ScanResult Without(string what, Func<string, string> less)
    {
        var path = Path.Combine(Path.GetDirectoryName(range.TrafficPath)!, "without-" + what + ".jsonl");
        using (var to = new StreamWriter(path) { NewLine = "\n" })
        {
            foreach (var line in File.ReadLines(range.TrafficPath)) to.WriteLine(less(line));
        }

        return Pipeline.Detect(ScannedRange.Observe(path).Snapshot, range.Accounts, KeyedHash.Fixed, leaveOut: Once);
    }

    // None of these stands first in a record, and within a text quotes are escaped: what matches is a field.
    [GeneratedRegex("""
        ,"(ip|asn|asn_org)":("[^"]*"|[0-9]+)
        """)]
    private static partial Regex AddressFields();

    [GeneratedRegex("""
        ,"(client|tls|headers)":"[^"]*"
        """)]
    private static partial Regex ClientFields();
}
