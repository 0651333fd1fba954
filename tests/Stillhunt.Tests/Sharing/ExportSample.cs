using System.Globalization;
using System.Text.Json.Nodes;
using Stillhunt.Campaigns;
using Stillhunt.Sharing;
using Stillhunt.Sharing.Stix;

namespace Stillhunt.Tests.Sharing;

/// <summary>One campaign with everything that can be shared, and the requests to share it.</summary>
internal static class ExportSample
{
    public static readonly DateTimeOffset Now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    public static readonly GroupEpoch Epoch = new("lab-exchange", "2026-H1", Now.AddDays(-60), Now.AddDays(100), Enumerable.Range(0, 32).Select(i => (byte)i).ToArray());

    public static ShareRequest Request(ShareProfile? profile = null) => new() { Profile = profile ?? ShareProfile.Partner, Producer = "Example Lab", Now = Now, Key = Epoch };

    public static JsonObject Export(ScanResult result, ShareRequest? request = null) => CampaignExport.Write(result, request ?? Request());

    public static IEnumerable<JsonObject> Objects(JsonObject bundle, string? type = null) =>
        ((JsonArray)bundle["objects"]!).OfType<JsonObject>().Where(item => type is null || (string?)item["type"] == type);

    public static ScanResult Result(params Campaign[] campaigns) => Reporting.SampleResult.Realistic() with { Campaigns = campaigns.Length == 0 ? [Campaign()] : campaigns, Suspected = [] };

    public static Campaign Campaign(string id = "c-51f2a0b3c4", int accounts = 40) => Reporting.SampleResult.Realistic().Campaigns[0] with
    {
        Id = id,
        Families = [new CampaignFamily { Id = "f-1", Skeleton = "Think it through step by step: ‹…› and give the final answer in # words", ExchangeCount = 900 }],
        Accounts = [.. Enumerable.Range(0, accounts).Select(i => new CampaignAccount { Id = "acct-" + i.ToString("000", CultureInfo.InvariantCulture), Source = "eu", Probability = 0.9, ExchangeCount = 40, ExtractingCount = 30 })],
        // Those of the sample name places among more accounts.
        Shared = [],
        Indicators = new CampaignIndicators
        {
            Values =
            [
                Value("ip", "203.0.113.7", 12), Value("network", "203.0.113.0/24", 20), Value("network", "2001:db8:1:2::/64", 3), Value("asn", "AS64500", 30), Value("client", "odd-harness/0.3", 25),
                Value("tls", "t13d1516h2_8daaf6152771_b186095e22b6", 22), Value("email-domain", "mail.example", 11), Value("payment", "pm_8f3ab0c9d1e27744aa01", 5),
            ],
            Phrases = [.. Phrases.Select((words, i) => new FamilyPhrase { Words = words, AccountCount = accounts, Share = 0.9 - (i * 0.01), Elsewhere = 0.0001 })],
            LeastPhrases = 3,
            Words = new Dictionary<string, int> { ["think"] = 64, ["it"] = 64, ["through"] = 60, ["step"] = 64, ["by"] = 64, ["and"] = 64, ["give"] = 64, ["the"] = 64, ["final"] = 30, ["answer"] = 64, ["in"] = 64, ["words"] = 12 },
            Hours = [.. Enumerable.Range(0, 24).Select(hour => hour < 20 ? 0.05 : 0)],
        },
    };

    public static readonly string[] Phrases =
        ["think it through", "it through step", "through step by", "step by step", "and give the", "give the final", "the final answer", "final answer in", "answer in 0", "in 0 words"];

    private static ObservedValue Value(string kind, string value, long accounts) => new()
    {
        Kind = kind, Value = value, AccountCount = accounts, ElsewhereCount = 0, ExchangeCount = kind is "payment" or "email-domain" ? null : accounts * 17, WordOwners = kind == "client" ? 20 : null, First = "2026-03-02T04:10:11.123Z", Last = "2026-03-06T20:59:58.001Z",
    };
}
