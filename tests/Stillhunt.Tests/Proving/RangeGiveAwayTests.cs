using Stillhunt.Proving;

namespace Stillhunt.Tests.Proving;

/// <summary>No single feature may part the sides: what operators show, some honest accounts show as well.</summary>
public abstract class RangeGiveAwayTests
{
    private protected abstract RangeSample Sample { get; }

    [Fact]
    public void Every_output_limit_of_an_operator_is_an_honest_one_too()
    {
        var honest = Sample.Honest.Select(e => e.MaxTokens).ToHashSet();
        Assert.Subset(honest, Sample.Hostile.Select(e => e.MaxTokens).ToHashSet());
    }

    [Fact]
    public void System_prompts_repeat_and_vary_on_both_sides()
    {
        foreach (var side in new[] { Sample.Honest, Sample.Hostile })
        {
            var texts = side.Where(e => e.System is not null).GroupBy(e => e.System).Select(g => g.Select(e => e.Account).Distinct().Count()).ToList();
            Assert.True(texts.Count(c => c >= 5) >= 3, "shared by several accounts");
            Assert.True(texts.Count(c => c == 1) >= 20, "sent by one account only");
            Assert.Contains(side, e => e.System is null);
        }
    }

    [Fact]
    public void Text_that_only_one_account_ever_sends_and_text_that_many_send_occur_on_both_sides()
    {
        var owners = Sample.Exchanges.GroupBy(e => e.Turn).ToDictionary(g => g.Key, g => g.Select(e => e.Account).Distinct().Count());
        Assert.InRange(Share(Sample.Honest, e => owners[e.Turn] == 1), 0.3, 0.98);
        Assert.InRange(Share(Sample.Hostile, e => owners[e.Turn] == 1), 0.3, 0.98);
        Assert.True(Share(Sample.Honest, e => owners[e.Turn] >= 3) > 0.01);
    }

    [Fact]
    public void Tool_sets_are_shared_across_the_sides()
    {
        var honest = Sample.Honest.Where(e => e.Tools is not null).Select(e => e.Tools!).ToHashSet();
        var hostile = Sample.Hostile.Where(e => e.Tools is not null).Select(e => e.Tools!).ToHashSet();
        Assert.True(honest.Intersect(hostile).Any());
        Assert.True(hostile.Count > 1);
        Assert.True(honest.Count > 10);
    }

    [Fact]
    public void Some_honest_accounts_show_a_new_address_at_nearly_each_request()
    {
        var movers = Sample.Honest.GroupBy(e => e.Account).Where(g => g.Count() >= 20).Count(g => g.Select(e => e.Ip).Distinct().Count() > 0.6 * Math.Min(g.Count(), 100));
        Assert.True(movers >= 3, $"{movers}");
    }

    [Fact]
    public void Long_prompts_and_long_answers_occur_on_both_sides()
    {
        foreach (var side in new[] { Sample.Honest, Sample.Hostile })
        {
            Assert.InRange(Share(side, e => e.Turn.Length > 700), 0.04, 0.6);
            Assert.InRange(Share(side, e => e.Output > 2000), 0.02, 0.6);
        }
    }

    [Fact]
    public void Every_client_and_handshake_of_an_operator_is_used_by_honest_accounts()
    {
        // The fakes' names are honest ones; their handshakes are honest libraries' ones.
        var clients = Sample.Honest.Select(e => e.Client).ToHashSet();
        var handshakes = Sample.Honest.Select(e => e.Tls).ToHashSet();
        Assert.True(Share(Sample.Hostile, e => clients.Contains(e.Client)) > 0.97);
        Assert.True(Share(Sample.Hostile, e => handshakes.Contains(e.Tls)) > 0.99);
    }

    [Fact]
    public void Models_and_pathways_of_operators_are_used_by_honest_accounts()
    {
        Assert.Subset(Sample.Honest.Select(e => e.Model).ToHashSet(), Sample.Hostile.Select(e => e.Model).ToHashSet());
        Assert.Subset(Sample.Honest.Select(e => e.Pathway).ToHashSet(), Sample.Hostile.Select(e => e.Pathway).ToHashSet());
    }

    [Fact]
    public void Honest_accounts_share_payments_use_disposable_mail_and_virtual_cards_too()
    {
        var rows = Sample.Accounts.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => l.Split(','))
            .Where(f => Sample.Kinds.ContainsKey(f[0]) && !Sample.Operators.Contains(f[0])).ToList();
        Assert.Contains(rows.Where(f => f[7].Length > 0).GroupBy(f => f[7]), g => g.Count() >= 4);
        Assert.Contains(rows, f => f[9].Contains("box", StringComparison.Ordinal) || f[9].Contains("mail.example", StringComparison.Ordinal));
        Assert.Contains(rows, f => f[8] == "revolvo-virtual");
        Assert.Contains(rows, f => f[2].Length > 0);
    }

    private protected static double Share(IEnumerable<RangeSample.Seen> of, Func<RangeSample.Seen, bool> which)
    {
        var list = of.ToList();
        return list.Count(which) / (double)list.Count;
    }
}

public sealed class AwkwardGiveAwayTests : RangeGiveAwayTests
{
    private protected override RangeSample Sample => RangeSample.Awkward;
}

public sealed class DocumentedGiveAwayTests : RangeGiveAwayTests
{
    private protected override RangeSample Sample => RangeSample.Documented;

    [Fact]
    public void Both_sides_keep_a_grid_in_time_and_neither_always()
    {
        // Work released at a fixed moment: many requests within the few minutes after the same minute of an hour.
        Assert.Contains(Sample.Honest.GroupBy(e => e.Account).Where(g => g.Count() >= 100), g => Burst(g) > 0.5);
        Assert.Contains(Sample.Hostile.GroupBy(e => Sample.Kinds[e.Account]), g => Burst(g) > 0.12);
        Assert.Contains(Sample.Hostile.GroupBy(e => Sample.Kinds[e.Account]), g => Burst(g) < 0.1);

        // The largest share of requests in one of the 144 ten-minute slots of a day, against an even spread over the day's slots.
        static double Burst(IEnumerable<RangeSample.Seen> of)
        {
            var slots = of.GroupBy(e => (e.Time.DayOfYear, (int)e.Time.TimeOfDay.TotalMinutes / 10)).Select(g => g.Count()).OrderDescending().ToList();
            return slots.Take(Math.Max(1, slots.Sum() / 100)).Sum() / (double)slots.Sum();
        }
    }

    [Fact]
    public void Counters_stand_in_texts_of_both_sides()
    {
        Assert.True(Sample.Honest.Count(e => e.Turn.Length > 2 && (e.Turn[0] == '#' || char.IsAsciiDigit(e.Turn[0]))) > 100);
        var operations = Enumerable.Range(1, 12).SelectMany(seed => new RangeSample(new RangeOptions { Seed = seed, HonestAccounts = 5, Days = 2, Scenario = "drizzle" }).Hostile
            .Where(e => e.Turn.EndsWith(')')).Where(e => int.TryParse(e.Turn[(e.Turn.LastIndexOf('(') + 1)..^1], out _)));
        Assert.NotEmpty(operations);
    }

    [Fact]
    public void Conversations_handles_and_refusals_occur_on_both_sides()
    {
        foreach (var side in new[] { Sample.Honest, Sample.Exchanges.Where(e => Sample.Operators.Contains(e.Account)) })
        {
            Assert.Contains(side, e => e.LineCount > 3);
            Assert.Contains(side, e => e.Handle is not null);
            Assert.Contains(side, e => e.Status == 429);
            Assert.Contains(side, e => e.Conversation is null);
            Assert.Contains(side, e => e.Conversation is not null);
        }
    }

    [Fact]
    public void A_handle_turns_up_in_another_account_on_both_sides_but_among_strangers_only_with_the_operator()
    {
        var owners = Sample.Exchanges.Where(e => e.Handle is not null).GroupBy(e => e.Handle!).Where(g => g.Select(e => e.Account).Distinct().Count() > 1).ToList();
        Assert.Contains(owners, g => g.All(e => Sample.Kinds[e.Account] == "drizzle"));
        Assert.All(owners.Where(g => g.All(e => !Sample.Operators.Contains(e.Account))), g => Assert.All(g, e => Assert.Equal("seats", Sample.Kinds[e.Account])));
    }

    [Fact]
    public void Whoever_names_end_users_names_one_with_each_request_and_in_one_conversation_the_same()
    {
        var naming = Sample.Exchanges.GroupBy(e => e.Account).Where(account => account.Any(e => e.EndUser is not null)).ToList();
        Assert.Contains(naming, account => Sample.Operators.Contains(account.Key));
        Assert.Contains(naming, account => !Sample.Operators.Contains(account.Key));
        Assert.All(naming, account => Assert.All(account, e => Assert.NotNull(e.EndUser)));
        Assert.All(naming.SelectMany(account => account).Where(e => e.Conversation is not null).GroupBy(e => (e.Account, e.Conversation)), talk => Assert.Single(talk.Select(e => e.EndUser).Distinct()));
    }

    [Fact]
    public void Honest_strangers_share_addresses_by_the_hundred()
    {
        var gate = Sample.Honest.GroupBy(e => e.Ip).Max(g => g.Select(e => e.Account).Distinct().Count());
        Assert.True(gate > 30, $"{gate}");
    }
}
