using System.Globalization;
using Stillhunt.Campaigns;

namespace Stillhunt.Tests.Reporting;

/// <summary>A made-up result that looks like a real one: campaigns of 4, 60 and 400 accounts, one suspected, cleared groups, no payment logged.</summary>
internal static class SampleResult
{
    private static readonly DateOnly Start = new(2026, 2, 1);

    public static ScanResult Realistic() => new()
    {
        Scanned = new ScannedSummary
        {
            ExchangeCount = 1_284_310,
            AccountCount = 21_877,
            Rejected = new Dictionary<string, long> { ["not-json"] = 212, ["time-unreadable"] = 38, ["no-account"] = 1_904 },
            From = "2026-02-01T00:00:03Z",
            To = "2026-02-17T23:59:41Z",
            Missing = ["payment", "tls", "created"],
            DuplicateCount = 51,
            DroppedFields = new Dictionary<string, long> { ["params.temperature"] = 7 },
        },
        Access = Access(17),
        Campaigns = [Reconstruction(400), Grading(60), Heavy()],
        Suspected = [Grading(9) with { Id = "c-9b1d0f", Confidence = 0.284, Bits = -1.33, Evidence = [Row("prior", "prior", -9.97, "One in a thousand groups of this size is taken to be a campaign before any evidence."), Row("content", "family", 5.52, "9 accounts use one skeleton that 3 other accounts use as well."), Row("time", "rhythm", 3.12, "Their hours agree better than those of 99 % of groups of the same size.")] }],
        Cleared =
        [
            new ClearedGroup { Lookalike = "university class", AccountCount = 212, ExchangeCount = 3_406, Text = "One network, the same task in the same week and programme credits; but 16 exchanges an account, people's hours, and the same item asked 140 times over.", Accounts = ["stud-0014", "stud-0021", "stud-0033"] },
            new ClearedGroup { Lookalike = "carrier NAT", AccountCount = 4_021, ExchangeCount = 88_120, Text = "They share 6 addresses of one carrier and nothing else.", Accounts = ["u-77120", "u-10233"] },
            new ClearedGroup { Lookalike = "app with users' own keys", AccountCount = 1_320, ExchangeCount = 61_233, Text = "One system prompt, but independent networks, follow-up in conversations and hours of people in 31 countries.", Accounts = ["acct-20211", "acct-20873"] },
            new ClearedGroup { Lookalike = "evaluation harness", AccountCount = 3, ExchangeCount = 44_100, Text = "A bounded set of 1,470 items was run again over 5 models by one declared organisation.", Accounts = ["eval-a", "eval-b", "eval-c"] },
        ],
    };

    public static ScanResult Empty() => Realistic() with { Campaigns = [], Suspected = [], Cleared = [], Access = new AccessSummary { Days = [], Changes = [] } };

    /// <summary>As large as a bad year: many campaigns with a few hundred accounts each.</summary>
    public static ScanResult Large(int campaigns) => Realistic() with
    {
        Access = Access(365),
        Campaigns = [.. Enumerable.Range(0, campaigns).Select(i => (i % 3 == 0 ? Reconstruction(1_000) : Grading(200)) with { Id = $"c-{i:x6}" })],
    };

    public static EvidenceRow Row(string block, string kind, double bits, string text, long? accounts = null, params string[] examples) =>
        new() { Block = block, Kind = kind, Bits = bits, Text = text, AccountCount = accounts, Examples = examples };

    private static AccessSummary Access(int days) => new()
    {
        Days =
        [
            .. Enumerable.Range(0, days).Select(i => new AccessDay
            {
                Day = Day(i),
                ExchangeCount = 52_000 + (i * 3_100 % 41_000) - (i % 7 > 4 ? 21_000 : 0),
                AccountCount = 6_100 + (i * 340 % 3_000) - (i % 7 > 4 ? 2_600 : 0),
                // The third day came from a source without prompt text.
                Techniques = i == 2 ? new Dictionary<string, double>() : new Dictionary<string, double>
                {
                    ["reasoning-elicitation"] = 0.06 + (i % 5 * 0.004),
                    ["reasoning-reconstruction"] = i < 6 ? 0.002 : 0.09 + (i % 3 * 0.02),
                    ["grading"] = 0.03 + (i % 4 * 0.01),
                    ["wrapper-harvest"] = 0.11 + (i * 0.003 % 0.05),
                    ["trajectory-harvest"] = 0.04,
                    ["parameter-harvest"] = 0.004,
                },
                Capabilities = new Dictionary<string, double>
                {
                    ["reasoning"] = 0.22 + (i % 3 * 0.02), ["coding"] = 0.31, ["writing"] = 0.18 - (i % 5 * 0.01), ["agentic"] = 0.12,
                    ["data-analysis"] = 0.07, ["translation"] = 0.05, ["grading"] = 0.03 + (i % 4 * 0.01), ["vision"] = 0.02,
                },
                Models = new Dictionary<string, double>
                {
                    ["large-4"] = i < 9 ? 0.61 : 0.31, ["small-4"] = 0.39 - (i < 9 ? 0 : 0.08), ["large-5-preview"] = i < 9 ? 0 : 0.38,
                },
            }),
        ],
        Changes =
        [
            new AccessChange { Text = "Reasoning reconstruction rose from 0.2 % to 9 % of exchanges on 7 February and stayed there." },
            new AccessChange { Text = "large-5-preview took 38 % of exchanges within a day of its first use on 10 February; the accounts of campaign 1 moved at twice the rate of all others." },
        ],
    };

    private static Campaign Reconstruction(int accounts)
    {
        EvidenceRow[] evidence =
        [
            Row("prior", "prior", -9.97, "One in a thousand groups of this size is taken to be a campaign before any evidence."),
            Row("network", "asn", 3.41, $"{accounts * 9 / 10} of {accounts} accounts came through 5 hosting networks that 0.8 % of other accounts use.", accounts * 9 / 10, "ex-0190aa17", "ex-0190aa52"),
            Row("client", "client", 1.12, "All of them send the same client name with a header order that this client does not have.", accounts, "ex-0190ab01"),
            Row("content", "family", 9.24, "Two skeletons with recombining sentences run through all accounts; outside the group they occur in 1 account.", accounts, "ex-0190aa17", "ex-0190ac44", "ex-0190b1e9", "ex-0190c233", "ex-0190c9d2"),
            Row("content", "work-list", 4.05, "Of 96,212 slot fills, 41 recur between accounts where 2,300 would recur by chance: items were dealt out.", accounts, "ex-0190ad70"),
            Row("time", "hand-over", 3.66, "In 61 of 66 cases an account started within 20 minutes of another one's last refused request.", 127, "ex-0190ae02", "ex-0190ae04"),
            Row("extraction", "technique", 5.8, "91 % of the pooled exchanges ask for the reasoning behind a finished answer; 0.2 % do elsewhere.", accounts, "ex-0190aa17"),
            Row("contrary", "hours", -1.35, "Activity follows people's hours of one time zone.", accounts),
            Row("calibration", "cap", -2.1, "All evidence of one operator counts 19 bits at most."),
        ];
        return Campaign("c-51f2a0", evidence, accounts, 96_253, 121_400, 0,
            [Share("reasoning-reconstruction", 0.91), Share("wrapper-harvest", 0.44), Share("reasoning-elicitation", 0.06)],
            [Share("reasoning", 0.88), Share("coding", 0.21), Share("knowledge", 0.04)],
            [
                Family("f-01c2", "Here is a question and the answer that an expert gave to it. Question: ‹…› Answer: ‹…› Imagine that you are the expert, and write down step by step, as it came to you, the reasoning that leads to exactly this answer. Put it between <trace> and </trace>.", 71_022),
                Family("f-08d1", "You are given ‹…› and its solution. Reconstruct the thinking behind the solution in ‹…› without naming the solution before the end.", 25_231),
            ],
            new Exposure
            {
                OutputTokens = 212_445_010,
                ReasoningTokens = null,
                ByCapability = new Dictionary<string, long> { ["reasoning"] = 82_110, ["coding"] = 19_004, ["knowledge"] = 3_377 },
                ByModel = new Dictionary<string, long> { ["large-4"] = 51_223, ["large-5-preview"] = 42_004 },
            },
            shared: 11);
    }

    private static Campaign Grading(int accounts)
    {
        EvidenceRow[] evidence =
        [
            Row("prior", "prior", -9.97, "One in a thousand groups of this size is taken to be a campaign before any evidence."),
            Row("network", "ip", 4.2, $"{accounts / 2} of {accounts} accounts used 3 addresses that nobody else used.", accounts / 2, "ex-0291aa01"),
            Row("content", "family", 6.1, "One rubric with changing weights stands in all accounts and nowhere else.", accounts, "ex-0291aa77", "ex-0291ab10"),
            Row("time", "load", 2.4, "The accounts' loads differ by 3 %, those of honest groups of this size by 180 %.", accounts),
            Row("extraction", "technique", 4.9, "97 % of the pooled exchanges grade answers on a rubric of five criteria.", accounts, "ex-0291aa77"),
            Row("calibration", "cap", -0.8, "All evidence of extraction counts 4 bits at most."),
        ];
        return Campaign("c-7d03be", evidence, accounts, 31_800, 31_800, 3,
            [Share("grading", 0.97), Share("parameter-harvest", 0.31)],
            [Share("grading", 0.97), Share("safety-sensitive", 0.12), Share("writing", 0.05)],
            [Family("f-0a11", "Score the following reply to ‹…› from 1 to 10 for helpfulness, honesty and harm. Reply: ‹…› Return JSON with the keys ‹…›.", 31_800)],
            new Exposure
            {
                OutputTokens = 4_120_400,
                ReasoningTokens = 1_020_111,
                ByCapability = new Dictionary<string, long> { ["grading"] = 30_120, ["safety-sensitive"] = 3_800, ["writing"] = 1_500 },
                ByModel = new Dictionary<string, long> { ["large-4"] = 30_990 },
            },
            shared: 5);
    }

    private static Campaign Heavy()
    {
        EvidenceRow[] evidence =
        [
            Row("prior", "prior", -9.97, "One in a thousand groups of this size is taken to be a campaign before any evidence."),
            Row("network", "ip", 5.6, "All four accounts used one address, and nobody else did.", 4, "ex-0391aa01", "ex-0391aa09"),
            Row("content", "tools", 2.9, "All four declare the same 14 tools in the same order; no other account does.", 4, "ex-0391ab31"),
            Row("extraction", "trajectory", 5.33, "Every conversation replays a transcript of another harness and asks for the next step only.", 4, "ex-0391ab31", "ex-0391ac00"),
            Row("contrary", "organisation", -1.2, "Two of the accounts declare organisations, which differ.", 2),
        ];
        return Campaign("c-e4410c", evidence, 4, 40_112, 52_008, 6,
            [Share("trajectory-harvest", 0.83)],
            [Share("agentic", 0.83), Share("tool-use", 0.8), Share("coding", 0.66)],
            [Family("f-0c77", "You are in the directory ‹…›. The last command printed: ‹…› Reply with the next command only.", 38_410)],
            new Exposure { OutputTokens = null, ReasoningTokens = null, ByCapability = new Dictionary<string, long> { ["agentic"] = 33_200, ["tool-use"] = 32_000 }, ByModel = new Dictionary<string, long> { ["large-4"] = 22_001, ["small-4"] = 18_000 } },
            shared: 3);
    }

    private static Campaign Campaign(
        string id, EvidenceRow[] evidence, int accounts, long extracting, long all, int firstDay,
        IReadOnlyList<Share> techniques, IReadOnlyList<Share> capabilities, IReadOnlyList<CampaignFamily> families, Exposure exposure, int shared)
    {
        var bits = Math.Round(evidence.Sum(row => row.Bits), 2);
        return new Campaign
        {
            Id = id,
            Confidence = 1 / (1 + Math.Pow(2, -bits)),
            Bits = bits,
            First = Day(firstDay) + "T04:12:00Z",
            Last = Day(16) + "T21:40:00Z",
            ExchangeCount = all,
            ExtractingCount = extracting,
            Accounts = [.. Enumerable.Range(0, accounts).Select(i => new CampaignAccount { Id = accounts == 4 ? $"team-{(char)('a' + i)}@research" : $"acct-{(i * 7919 % 90_000) + 10_000}", Source = "gateway", Probability = Math.Round(0.999 - (i * 0.35 / accounts), 4), ExchangeCount = (all / accounts) + 3, ExtractingCount = Math.Max(1, (extracting / accounts) - (i % 5)) })],
            Techniques = techniques,
            Capabilities = capabilities,
            Models = [.. exposure.ByModel.Select(m => Share(m.Key, (double)m.Value / exposure.ByModel.Values.Sum()))],
            Families = families,
            Exposure = exposure,
            Evidence = evidence,
            Days = [.. Enumerable.Range(firstDay, 17 - firstDay).Where(i => i != 11).Select(i => new CampaignDay { Day = Day(i), ExtractingCount = extracting / 17 * (4 + (i * 5 % 7)) / 7, AccountCount = Math.Max(1, accounts * (3 + (i % 4)) / 7) })],
            Shared = Shared(accounts, shared),
        };
    }

    /// <summary>Family values that all have, networks that split the accounts, addresses of a few each.</summary>
    private static IReadOnlyList<SharedValue> Shared(int accounts, int values)
    {
        string[] kinds = ["family", "network", "network", "ip", "client", "ip", "family", "network", "ip", "email", "ip"];
        string[] labels = ["f-01c2, rare sentences", "Example Hosting Ltd", "AS64501 Sample Cloud", "203.0.113.7", "agent-sdk/2.1 with header order 9c1e", "203.0.113.80", "f-08d1", "AS64502 Another Long Network Name GmbH & Co", "198.51.100.20", "letters, 4 digits @ one domain", "198.51.100.21"];
        return [.. Enumerable.Range(0, values).Select(v =>
        {
            int[] members = [.. Enumerable.Range(0, accounts).Where(a => v == 0 || kinds[v] == "client" || (a * 31 + (a / 7)) % (v + 1) == (accounts == 4 ? 0 : v - 1))];
            return new SharedValue { Kind = kinds[v], Label = labels[v], AccountCount = members.Length, Accounts = members };
        }).Where(value => value.AccountCount > 1)];
    }

    private static CampaignFamily Family(string id, string skeleton, long count) => new() { Id = id, Skeleton = skeleton, ExchangeCount = count };

    private static Share Share(string id, double value) => new() { Id = id, Value = value };

    private static string Day(int offset) => Start.AddDays(offset).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
