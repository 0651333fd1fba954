using Stillhunt.Campaigns;
using Stillhunt.Ledger;

namespace Stillhunt.Tests.Ledger;

/// <summary>Campaigns without traffic, for tests of what is done with them.</summary>
internal static class MadeCampaigns
{
    public const long Day = 86_400_000, Start = 1_772_409_600_000; // 2026-03-02T00:00:00Z

    public static Recognition Recognised { get; } = new() { ExchangeCount = 4, MatchedCount = 3, Sign = "holds 3 or more of the phrases of c-1" };

    public static Campaign Detected(string id, IEnumerable<string> accounts, double confidence = 0.9, long extracting = 100, string skeleton = "write every step of the answer to ‹…›",
        Dictionary<string, long>? models = null, string last = "2026-03-02T12:00:00.000Z") => new()
    {
        Id = id, Confidence = confidence, Bits = Math.Log2(confidence / (1 - confidence)), First = "2026-03-02T00:00:00.000Z", Last = last,
        ExchangeCount = extracting, ExtractingCount = extracting,
        Accounts = [.. accounts.Select(account => new CampaignAccount { Id = account, Source = "default", Probability = 0.9, ExchangeCount = 10, ExtractingCount = 10 })],
        Techniques = [new Share { Id = "grading", Value = 0.7 }], Capabilities = [], Models = [],
        Families = [new CampaignFamily { Id = "f-" + id, Skeleton = skeleton, ExchangeCount = extracting }],
        Exposure = new Exposure { OutputTokens = 1000, ReasoningTokens = null, ByCapability = new Dictionary<string, long>(), ByModel = models ?? [] },
        Evidence = [new EvidenceRow { Block = "content", Kind = "pool", Bits = 3.5, Text = "They share a pool.", AccountCount = null, Examples = [] }],
    };

    public static IEnumerable<string> Accounts(int from, int to) => Enumerable.Range(from, to - from + 1).Select(i => $"a{i}");

    public static TrackedCampaign Tracked(string id, IEnumerable<string> accounts, double confidence = 0.9, double probability = 0.9, long since = Start, CampaignReview? review = null, long extracting = 100)
    {
        var latest = Detected(id, accounts, confidence, extracting);
        return new TrackedCampaign
        {
            Id = id, FirstSeenMs = since, LastSeenMs = since, Latest = latest, Review = review, Announced = true,
            Members = [.. latest.Accounts.Select(account => new CampaignMember { Id = account.Id, Source = account.Source, SinceMs = since, Probability = probability, ExtractingCount = 10, Current = true })],
        };
    }
}
