using Stillhunt.Campaigns;
using Stillhunt.Ingest;
using Stillhunt.Linking;
using Stillhunt.Sketches;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Campaigns;

public sealed class OpennessTests
{
    private const int Population = 300;

    [Fact]
    public void One_payer_in_working_hours_is_a_firm()
    {
        var row = Assert.Single(Rows(12, hours: 1, hasMeans: true, i => i < 12 ? "card" : Own(i)));
        Assert.Equal(("one-house", -9), (row.Kind, row.Bits));
        Assert.Contains("12 of 12", row.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void One_payer_around_the_clock_is_not() => Assert.Empty(Rows(12, hours: 0.3, hasMeans: true, i => i < 12 ? "card" : Own(i)));

    [Fact]
    public void Many_cards_are_no_house() => Assert.Empty(Rows(36, hours: 1, hasMeans: true, i => i < 36 ? "card" + MadeTraffic.Number(i / 3) : Own(i)));

    [Fact]
    public void Two_hundred_accounts_are_no_house() => Assert.Empty(Rows(200, hours: 1, hasMeans: true, i => i < 200 ? "card" : Own(i)));

    [Fact]
    public void One_payer_and_one_mail_domain_are_one_customer_around_the_clock()
    {
        var row = Assert.Single(Rows(30, hours: 0.1, hasMeans: true, i => i < 30 ? "card" : Own(i), i => i < 27 ? "firm.example" : Own(i)));
        Assert.Equal(("one-customer", -9), (row.Kind, row.Bits));
        Assert.Contains("27 of 30 accounts have the same payer and the same uncommon mail domain", row.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_customers_found_as_one_group_are_customers_and_four_are_not()
    {
        Assert.Equal("one-customer", Assert.Single(Of(2)).Kind);
        Assert.Empty(Of(4));

        static List<EvidenceRow> Of(int firms) => Rows(36, hours: 0.1, hasMeans: true, i => i < 36 ? "card" + MadeTraffic.Number(i % firms) : Own(i), i => i < 36 ? $"firm{i % firms}.example" : Own(i));
    }

    [Fact]
    public void One_card_with_mail_domains_of_their_own_is_not_one_customer() =>
        Assert.Empty(Rows(30, hours: 0.1, hasMeans: true, i => i < 30 ? "card" : Own(i), i => Own(i)));

    [Fact]
    public void One_shift_is_people_at_work_if_most_were_there_for_days()
    {
        Assert.Equal(("working-day", -9), Assert.Single(Rows(50, hours: 1.5, hasMeans: true, _ => null)) is var row ? (row.Kind, row.Bits) : default);
        Assert.Empty(Rows(50, hours: 1.1, hasMeans: true, _ => null));
        Assert.Empty(Rows(50, hours: 1.5, hasMeans: true, _ => null, lasting: 0.2));
        Assert.Empty(Rows(200, hours: 1.5, hasMeans: true, _ => null));
    }

    [Fact]
    public void A_few_accounts_without_common_means_and_with_peoples_hours_are_users_of_one_tool()
    {
        Assert.Equal("users-of-one-tool", Assert.Single(Rows(12, hours: 1, hasMeans: false, _ => null)).Kind);
        Assert.Empty(Rows(12, hours: 0.5, hasMeans: false, _ => null));
        Assert.Empty(Rows(60, hours: 1, hasMeans: false, _ => null));
    }

    [Fact]
    public void Unknown_hours_tell_nothing() => Assert.Empty(Rows(12, hours: double.NaN, hasMeans: false, i => i < 12 ? "card" : Own(i)));

    private static List<EvidenceRow> Rows(int members, double hours, bool hasMeans, Func<int, string?> payment, Func<int, string?>? domain = null, double lasting = 1)
    {
        var made = new MadeTraffic();
        for (var i = 0; i < Population; i++) made.Send(MadeTraffic.Number(i), "hello", id: MadeTraffic.Number(i));
        var traffic = Traffic.Lay(made.Finish(), id => new AccountRecord { Account = id.Id, Payment = payment(Number(id.Id)), EmailDomain = domain?.Invoke(Number(id.Id)) });
        var group = Enumerable.Range(0, traffic.Subjects.Count).Where(s => Number(traffic.Subjects[s].Profile.Id.Id) < members).ToList();
        var facts = Facts() with { Daytime = hours * 0.4, DaytimeElsewhere = 0.4, LastingDaytime = hours * 0.4, LastingShare = lasting };
        return [.. new Openness(new SharedValues(traffic, KeyedHash.Fixed, EvidenceKinds.None, new Shares(1))).Rows(facts, group, hasMeans)];
    }

    private static string Own(int i) => "own" + MadeTraffic.Number(i);

    private static int Number(string id) => int.Parse(id, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Facts of which nothing is known.</summary>
    internal static GroupFacts Facts() => new()
    {
        Accounts = 0, Exchanges = 0, Pool = default, Techniques = [], AnyTechnique = double.NaN, AnyTechniqueElsewhere = double.NaN, FollowUp = double.NaN, FollowUpElsewhere = double.NaN,
        FollowUpKnown = 0, Daytime = double.NaN, DaytimeElsewhere = double.NaN, LastingDaytime = double.NaN, LastingShare = 0, OwnInterests = double.NaN, OwnInterestsError = double.NaN, OwnItems = double.NaN, OwnItemsError = double.NaN, InterestAccounts = 0, MedianOutput = double.NaN,
        MedianOutputElsewhere = double.NaN, ReRun = 0, Replayed = 0, ReplayAccounts = 0, DistinctTurns = double.NaN, LoadSpread = double.NaN, LoadSpreadElsewhere = double.NaN, Lockstep = double.NaN,
        Succession = default, OneOrganization = double.NaN, Narrowness = double.NaN, Dealing = default, IsWorkList = false,
    };
}
