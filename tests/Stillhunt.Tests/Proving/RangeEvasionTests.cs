using System.Text.Json;
using Stillhunt.Proving;

namespace Stillhunt.Tests.Proving;

public sealed class RangeEvasionTests
{
    private static RangeSample Make(string scenario, Evasions evasions) =>
        new(new RangeOptions { Scenario = scenario, HonestAccounts = 20, Evasions = evasions, Seed = 5 });

    private static List<string[]> Rows(RangeSample sample) =>
        [.. sample.Accounts.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => l.Split(',')).Where(f => sample.Operators.Contains(f[0]))];

    [Fact]
    public void Disjoint_infrastructure_shares_neither_payment_nor_address()
    {
        Assert.Contains(Rows(Make("reward-model", Evasions.None)).GroupBy(f => f[7]), g => g.Count() > 3);
        var sample = Make("reward-model", Evasions.DisjointInfrastructure);
        Assert.All(Rows(sample).GroupBy(f => f[7]), g => Assert.Single(g));
        var shared = sample.Hostile.GroupBy(e => e.Ip).Count(g => g.Select(e => e.Account).Distinct().Count() > 3);
        Assert.True(shared < 3, $"{shared}");
    }

    [Theory]
    [InlineData(Evasions.Dilution50, 0.5)]
    [InlineData(Evasions.Dilution90, 0.9)]
    public void Dilution_leaves_that_share_of_ordinary_talk(Evasions evasion, double share)
    {
        var sample = Make("reward-model", evasion);
        var sent = sample.Exchanges.Where(e => sample.Operators.Contains(e.Account)).ToList();
        Assert.InRange(sent.Count(e => !e.Extracts) / (double)sent.Count, share - 0.04, share + 0.04);
        Assert.True(sample.Hostile.Count() > 2000);
    }

    [Fact]
    public void Low_and_slow_keeps_to_about_four_extracting_requests_an_account()
    {
        var sample = Make("pivot", Evasions.LowAndSlow);
        Assert.InRange(sample.Hostile.GroupBy(e => e.Account).Average(g => g.Count()), 2.5, 6);
    }

    [Fact]
    public void Human_hours_leave_the_night_quiet()
    {
        static double Quietest(RangeSample s) => s.Hostile.GroupBy(e => s.Accounts.Length > 0 ? e.Time.Hour : 0).Select(g => g.Count()).Min() / (double)s.Hostile.Count();
        var flat = Make("few-heavy", Evasions.None);
        var human = Make("few-heavy", Evasions.HumanHours);
        Assert.True(flat.Hostile.Select(e => e.Time.Hour).Distinct().Count() == 24 && Quietest(flat) > 0.02);
        Assert.True(human.Hostile.Select(e => e.Time.Hour).Distinct().Count() < 24 || Quietest(human) < 0.015);
    }

    [Fact]
    public void Unequal_loads_are_unequal()
    {
        static double Spread(RangeSample s)
        {
            var loads = s.Hostile.GroupBy(e => e.Account).Select(g => (double)g.Count()).ToList();
            return Math.Sqrt(loads.Average(l => (l - loads.Average()) * (l - loads.Average()))) / loads.Average();
        }

        Assert.True(Spread(Make("reward-model", Evasions.None)) < 0.3);
        Assert.True(Spread(Make("reward-model", Evasions.UnequalLoads)) > 0.5);
    }

    [Fact]
    public void Rotation_uses_accounts_one_after_the_other()
    {
        var plain = Make("reward-model", Evasions.None);
        var rotated = Make("reward-model", Evasions.Rotation);
        Assert.True(rotated.Hostile.Select(e => e.Account).Distinct().Count() > 1.8 * plain.Hostile.Select(e => e.Account).Distinct().Count());
    }

    [Fact]
    public void A_fixed_wrapper_is_one_text_around_the_items()
    {
        var wrapper = Make("reward-model", Evasions.FixedWrapper);
        var starts = wrapper.Hostile.Select(e => e.Turn.Length > 40 ? e.Turn[..40] : e.Turn).CountBy(t => t).ToList();
        var ends = wrapper.Hostile.Select(e => e.Turn.Length > 40 ? e.Turn[^40..] : e.Turn).CountBy(t => t).ToList();
        Assert.True(Math.Max(starts.Max(s => s.Value), ends.Max(s => s.Value)) > 0.9 * wrapper.Hostile.Count());
    }

    [Fact]
    public void What_is_dealt_once_goes_out_under_one_account()
    {
        // One text around each item, so that equal turns are equal items; some are drawn twice by chance.
        static int Twice(RangeSample s) => s.Hostile.GroupBy(e => e.Turn).Count(g => g.Select(e => e.Account).Distinct().Count() > 1);
        var (again, once) = (Twice(Make("language-lock", Evasions.FixedWrapper)), Twice(Make("language-lock", Evasions.FixedWrapper | Evasions.DealtOnce)));
        Assert.InRange(once, 0, again / 3);
    }

    [Fact]
    public void Aged_accounts_are_old_and_often_verified()
    {
        var rows = Rows(Make("fake-client", Evasions.AgedVerified));
        Assert.True(rows.Average(f => f[4] == "true" ? 1 : 0) > 0.4);
        Assert.All(rows, f => Assert.True(string.CompareOrdinal(f[1], "2026-03-02") < 0));
    }

    [Fact]
    public void A_tenant_has_no_accounts_but_the_resellers_and_covers_in_its_own_name()
    {
        var sample = Make("reseller-tenant", Evasions.Rotation | Evasions.LowAndSlow | Evasions.DisjointInfrastructure | Evasions.Dilution90);
        var rows = Rows(sample);
        Assert.Equal(12, rows.Count);
        Assert.Single(rows.Select(f => f[7]).Distinct());
        var lines = sample.Lines.Select(l => JsonDocument.Parse(l).RootElement).Where(e => sample.Operators.Contains(e.GetProperty("account").GetString()!)).ToList();
        var tenants = lines.GroupBy(e => e.GetProperty("end_user").GetString()).ToList();
        var hostile = sample.Hostile.Select(e => e.Id).ToHashSet();
        var distiller = Assert.Single(tenants, t => t.Any(e => hostile.Contains(e.GetProperty("id").GetString()!)));
        Assert.InRange(distiller.Count(e => !hostile.Contains(e.GetProperty("id").GetString()!)) / (double)distiller.Count(), 0.86, 0.94);
    }

    [Theory]
    [InlineData("drizzle")]
    [InlineData("awkward")]
    [Trait("takes", "minutes")]
    public void Every_evasion_makes_a_run(string scenario)
    {
        foreach (var evasion in Enum.GetValues<Evasions>())
        {
            var sample = Make(scenario, evasion);
            Assert.True(sample.Run.ExtractingCount > 200, $"{evasion}: {sample.Run.ExtractingCount}");
        }
    }
}
