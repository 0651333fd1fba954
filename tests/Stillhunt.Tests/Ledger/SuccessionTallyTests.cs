using System.Text;
using Stillhunt.Campaigns;
using Stillhunt.Ingest;
using Stillhunt.Ingest.Formats;
using Stillhunt.Ledger;
using Stillhunt.Profiles;
using static Stillhunt.Tests.Ledger.MadeCampaigns;

namespace Stillhunt.Tests.Ledger;

/// <summary>Who is taken for a campaign's replacement by what it sends first, and how sure that is.</summary>
public sealed class SuccessionTallyTests
{
    private const string Wording = "think it through step by step and give the final answer";

    private readonly SuccessionTally _tally = new();

    [Fact]
    public void How_sure_a_replacement_is_comes_from_whom_detection_saw_with_such_prompts()
    {
        var found = Assert.Single(Send(Known(accounts: 12, elsewhere: 0), "new", "r", 3));
        Assert.Equal(13.0 / 14, found.Probability, 6);
        Assert.Equal(
            "Recognised as it came in: of the first 3 exchanges 3 show what the campaign is known by; the last of them holds 3 or more of the phrases of c-1 (“think it through”, “it through step”, “through step by”), as those of 12 of its accounts and of 0 others do.",
            found.By.ToString());
    }

    [Fact]
    public void A_wording_that_customers_copied_gives_nobody_away() => Assert.Empty(Send(Known(accounts: 12, elsewhere: 14), "new", "r", 9));

    [Fact]
    public void Nobody_is_known_by_phrases_that_are_not_the_campaigns_own()
    {
        var known = Known(accounts: 12, elsewhere: 0);
        known = known with { Latest = known.Latest with { Indicators = known.Latest.Indicators! with { Phrases = [], LeastPhrases = null } } };
        Assert.Empty(Send(known, "new", "r", 9));
    }

    [Fact]
    public void A_replacement_with_new_wording_is_recognised_by_network_and_program_together()
    {
        var found = Assert.Single(Send(Known(12, 0), "new", "r", 3, "Where is the nearest baker?", "198.51.100.9", "odd-harness/0.3"));
        // Seven bits each against ten.
        Assert.Equal(1 / (1 + Math.Pow(2, -4)), found.Probability, 6);
        Assert.Contains("comes from where c-1 does (network 198.51.100.0/24 of 12 of its accounts and 0 others, client odd-harness/0.3 of 11 of its accounts and 1 others)", found.By.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_alone_or_a_program_alone_gives_nobody_away()
    {
        Assert.Empty(Send(Known(12, 0), "neighbour", "n", 9, "Where is the nearest baker?", "198.51.100.9", "browser/1"));
        Assert.Empty(Send(Known(12, 0), "user", "u", 9, "Where is the nearest baker?", "203.0.113.9", "odd-harness/0.3"));
        Assert.Empty(Send(Known(12, 0), "nameless", "x", 9, "Where is the nearest baker?", "198.51.100.9", null));
    }

    [Fact]
    public void Who_was_there_before_is_no_replacement_wherever_it_comes_from()
    {
        Assert.Empty(Send(Known(12, 0), "old", "o", 9, Wording, "198.51.100.9", "odd-harness/0.3"));
        // One of old who sends the prompts too makes the next one less likely.
        Assert.Equal(13.0 / 15, Assert.Single(Send(Known(12, 0), "new", "r", 3)).Probability, 6);
    }

    [Fact]
    public void A_campaign_that_nothing_was_seen_of_for_a_month_is_not_looked_for()
    {
        Assert.Empty(Send(Known(12, 0), "new", "r", 3, now: Start + 31 * Day));
        Assert.Single(Send(Known(12, 0), "newer", "s", 3, now: Start + 29 * Day));
    }

    [Fact]
    public void Most_of_what_an_account_sends_must_match()
    {
        var known = Known(12, 0);
        Begin(known, Start);
        for (var i = 0; i < 12; i++) Take(i % 4 == 0 ? $"{Wording}: {i}" : $"Where is the nearest baker of street {i}?", "new", "m" + i, null, null);
        Assert.Empty(_tally.Keep());
    }

    [Fact]
    public void The_steps_of_one_conversation_count_once()
    {
        Begin(Known(12, 0), Start);
        for (var i = 0; i < 9; i++) Take(Wording, "agent", "a" + i, null, null);
        Assert.Empty(_tally.Keep());
    }

    private static TrackedCampaign Known(int accounts, int elsewhere)
    {
        var known = Tracked("c-1", Accounts(1, 12));
        string[] phrases = ["think it through", "it through step", "through step by", "step by step", "give the final", "the final answer"];
        return known with
        {
            Latest = known.Latest with
            {
                Indicators = new CampaignIndicators
                {
                    Values = [Value("network", "198.51.100.0/24", 12, 0), Value("client", "odd-harness/0.3", 11, 1)],
                    Phrases = [.. phrases.Select(words => new FamilyPhrase { Words = words, AccountCount = 12, Share = 0.9, Elsewhere = 0 })],
                    LeastPhrases = 3, MatchingAccountCount = accounts, MatchingElsewhereCount = elsewhere, Words = new Dictionary<string, int>(),
                },
            },
        };
    }

    private static ObservedValue Value(string kind, string value, long accounts, long elsewhere) =>
        new() { Kind = kind, Value = value, AccountCount = accounts, ElsewhereCount = elsewhere, ExchangeCount = 40, First = "2026-03-02T00:00:00.000Z", Last = "2026-03-02T12:00:00.000Z" };

    private List<Successor> Send(TrackedCampaign known, string account, string ids, int times, string prompt = Wording, string? ip = null, string? client = null, long now = Start)
    {
        Begin(known, now);
        for (var i = 0; i < times; i++) Take($"{prompt} Number {i}", account, ids + i, ip, client);
        return [.. _tally.Keep().SelectMany(found => found.Successors)];
    }

    private void Begin(TrackedCampaign known, long now) => _tally.Begin([known], account => account.Id == "old", 5000, now);

    private void Take(string prompt, string account, string id, string? ip, string? client)
    {
        var line = System.Text.Json.JsonSerializer.Serialize(new { id, time = "2026-03-02T12:00:00Z", account, ip, client, messages = new[] { new { role = "user", content = prompt } } });
        new RecordReading(ReadingOptions.Default, LogFormats.Native).Read(Encoding.UTF8.GetBytes(line), new Sink(_tally), new LogPosition(0, 1));
    }

    private sealed class Sink(SuccessionTally tally) : IExchangeSink
    {
        public void Accept(Exchange exchange, LogPosition position) => tally.Look(exchange, "default");

        public void Reject(Rejection rejection, LogPosition position) => Assert.Fail(rejection.Reason);

        public void DroppedField(string field, LogPosition position)
        {
            if (field is not ("ip" or "client")) Assert.Fail(field);
        }
    }
}
