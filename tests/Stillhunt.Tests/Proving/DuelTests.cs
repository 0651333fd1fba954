using System.Text;
using System.Text.Json;
using Stillhunt.Proving;
using Stillhunt.Proving.Duels;

namespace Stillhunt.Tests.Proving;

/// <summary>The operators' side, against defenders that follow one simple rule.</summary>
public sealed class DuelTests
{
    private const long HourMs = 3_600_000;

    private static readonly DuelOptions Heavy = new()
    {
        Range = new RangeOptions { Scenario = "few-heavy", HonestAccounts = 60, Days = 3 }, QuietDays = 0.5, Step = TimeSpan.FromHours(1),
    };

    [Fact]
    public void Operators_replace_lost_accounts_as_long_as_their_purse_lasts()
    {
        var result = Duel.Play(Heavy with { Moves = Moves.Replace, Purse = 2 }, new BansAfter(40));
        var outcome = Assert.Single(result.Cases);
        Assert.True(outcome.AccountsBurnt > 12, $"{outcome.AccountsBurnt} accounts were burnt.");
        Assert.InRange(outcome.AccountsUsed, 13, 36);
        Assert.Empty(outcome.Moves);
        var banned = Assert.Single(outcome.Displaced);
        Assert.Equal("suspend", banned.Action);
        Assert.True(banned.ByOrigin[(int)AccountOrigin.Replacement] > 0);
    }

    [Fact]
    public void Operators_who_do_not_react_lose_their_accounts_and_open_no_others()
    {
        var outcome = Assert.Single(Duel.Play(Heavy with { Moves = Moves.None }, new BansAfter(40)).Cases);
        Assert.Equal(12, outcome.AccountsBurnt);
        Assert.Equal(12, outcome.AccountsUsed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Nobody_is_hurt_by_a_defender_that_watches_and_the_whole_work_is_done_and_no_more(long seed)
    {
        var result = Duel.Play(Heavy with { Range = Heavy.Range with { Seed = seed } }, new Watches());
        var outcome = Assert.Single(result.Cases);
        Assert.Null(outcome.FirstEffectiveMs);
        Assert.InRange(outcome.ObtainedShare, 0.9, 1);
        Assert.Equal(0, outcome.AccountsBurnt);
        Assert.True(outcome.FirstSentMs >= result.Options.Range.Start.ToUnixTimeMilliseconds() + 12 * HourMs);
        Assert.Equal(0, result.MetPerTenThousand);
    }

    [Fact]
    public void A_probe_finds_that_the_network_gives_accounts_away()
    {
        var outcome = Assert.Single(Duel.Play(Heavy with { Moves = Moves.Replace | Moves.Probe }, new BansTheBusiestNetwork()).Cases);
        Assert.Equal(["probe", "probe: other infrastructure"], outcome.Moves.Select(move => move.Move));
    }

    [Fact]
    public void A_second_pool_takes_over_when_the_first_is_given_up()
    {
        var outcome = Assert.Single(Duel.Play(Heavy with { Moves = Moves.Pool }, new BansAfter(60)).Cases);
        Assert.Equal("pool", Assert.Single(outcome.Moves).Move);
        Assert.True(outcome.AccountsUsed > 12);
    }

    [Fact]
    public void The_same_seed_gives_the_same_duel() =>
        Assert.Equal(JsonSerializer.Serialize(Duel.Play(Heavy, new BansAfter(40))), JsonSerializer.Serialize(Duel.Play(Heavy, new BansAfter(40))));

    [Fact]
    public void No_label_reaches_the_defender()
    {
        var heard = new Watches();
        Duel.Play(Heavy, heard);
        var all = heard.Heard.ToString();
        Assert.Contains("req_", all, StringComparison.Ordinal);
        foreach (var label in (string[])["few-heavy", "campaign", "extract", "operator", "kind", "truth"]) Assert.DoesNotContain($"\"{label}", all, StringComparison.Ordinal);
        Assert.DoesNotContain("few-heavy", all, StringComparison.Ordinal);
        Assert.All(heard.Accounts, text => Assert.StartsWith("account,created,closed,organization,verified,program,entitlement,payment,payment_issuer,email_domain,email_shape,phone,country,referrer,tier\n", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Accounts_are_told_of_when_they_are_opened_and_not_before()
    {
        var heard = new Watches();
        Duel.Play(Heavy, heard);
        foreach (var (text, atMs) in heard.Accounts.Zip(heard.AtMs))
        {
            foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1))
                Assert.True(DateTimeOffset.Parse(line.Split(',')[1], System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds() <= atMs + HourMs);
        }
    }

    [Fact]
    public void Options_that_make_no_duel_are_refused_together()
    {
        var fault = Assert.Throws<RangeUsageException>(() => new DuelOptions { Range = new RangeOptions { Scenario = "broad", Format = TrafficFormat.Otlp }, QuietDays = 9, Purse = -1 }.Validate());
        foreach (var part in (string[])["native logs", "quiet days", "purse", "shared-pool and reseller-tenant"]) Assert.Contains(part, fault.Message, StringComparison.Ordinal);
    }

    private class Watches : IDefender
    {
        protected static readonly DuelReply Nothing = new(null, AnswerParts.None, "observe", false, Standing.Unseen);
        protected static readonly DuelReply Banned = new(403, AnswerParts.None, "suspend", true, Standing.Effective);

        public StringBuilder Heard { get; } = new();
        public List<string> Accounts { get; } = [];
        public List<long> AtMs { get; } = [];
        protected long NowMs { get; private set; } = Heavy.Range.Start.ToUnixTimeMilliseconds();

        public void Register(string accounts)
        {
            Heard.Append(accounts);
            Accounts.Add(accounts);
            AtMs.Add(NowMs);
        }

        public virtual DuelReply Meet(in DuelRequest request)
        {
            Heard.Append(request.ToString());
            return Nothing;
        }

        public virtual void Take(ReadOnlyMemory<byte> log, long untilMs)
        {
            NowMs = untilMs;
            Heard.Append(Encoding.UTF8.GetString(log.Span));
        }
    }

    private sealed class BansAfter(int requests) : Watches
    {
        private readonly Dictionary<string, int> _sent = [];

        public override DuelReply Meet(in DuelRequest request) => (_sent[request.Account] = _sent.GetValueOrDefault(request.Account) + 1) > requests ? Banned : Nothing;
    }

    private sealed class BansTheBusiestNetwork : Watches
    {
        private readonly Dictionary<string, string> _networkOf = [];
        private readonly Dictionary<string, int> _byNetwork = [];

        public override DuelReply Meet(in DuelRequest request) =>
            NowMs > Heavy.Range.Start.ToUnixTimeMilliseconds() + 24 * HourMs && _networkOf.GetValueOrDefault(request.Account) is { } network && network == _byNetwork.MaxBy(pair => pair.Value).Key ? Banned : Nothing;

        public override void Take(ReadOnlyMemory<byte> log, long untilMs)
        {
            base.Take(log, untilMs);
            foreach (var line in Encoding.UTF8.GetString(log.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                using var json = JsonDocument.Parse(line);
                if (!json.RootElement.TryGetProperty("asn", out var asn)) continue;
                _networkOf[json.RootElement.GetProperty("account").GetString()!] = asn.ToString();
                _byNetwork[asn.ToString()] = _byNetwork.GetValueOrDefault(asn.ToString()) + 1;
            }
        }
    }
}
