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
    public void One_mail_domain_and_one_phone_number_without_one_payer_are_not_one_customer() =>
        Assert.Empty(Rows(30, hours: 0.1, hasMeans: true, i => Own(i), i => i < 30 ? "firm.example" : Own(i), phone: i => i < 30 ? "number" : Own(i)));

    [Fact]
    public void Where_nobody_is_known_to_pay_they_are() =>
        Assert.Equal("one-customer", Assert.Single(Rows(30, hours: 0.1, hasMeans: true, _ => null, i => i < 30 ? "firm.example" : Own(i), phone: i => i < 30 ? "number" : Own(i))).Kind);

    [Fact]
    public void One_mail_domain_in_working_hours_is_a_house_only_where_nobody_is_known_to_pay()
    {
        Assert.Equal("one-house", Assert.Single(Rows(30, hours: 1, hasMeans: true, _ => null, i => i < 30 ? "firm.example" : Own(i))).Kind);
        Assert.Empty(Rows(30, hours: 1, hasMeans: true, i => Own(i), i => i < 30 ? "firm.example" : Own(i)));
    }

    [Fact]
    public void Accounts_that_say_they_are_many_customers_are_one_only_if_one_payer_stands_behind_nearly_all()
    {
        Assert.Empty(Of(firms: 2, apart: 0.5));
        Assert.Equal(-4.5, Assert.Single(Of(firms: 2, apart: 0.15)).Bits);
        Assert.Equal(-9, Assert.Single(Of(firms: 1, apart: 1)).Bits);
        Assert.Equal(-9, Assert.Single(Of(firms: 2, apart: 1, accounts: 20)).Bits);

        static List<EvidenceRow> Of(int firms, double apart, int accounts = 36) =>
            Rows(accounts, hours: 0.1, hasMeans: true, i => i < 36 ? "card" + MadeTraffic.Number(i % firms) : Own(i), i => i < 36 ? $"firm{i % firms}.example" : Own(i), facts: facts => facts with { DeclaredApart = apart });
    }

    [Theory]
    [InlineData(12, 12, 1, 12)]
    [InlineData(12, 12, 0.5, 24)]
    [InlineData(12, 3, 0, 12)]
    [InlineData(12, 5, 0, 12)]
    [InlineData(12, 6, 1, 12)]
    [InlineData(5, 5, 0, 12)]
    public void Accounts_say_that_they_are_different_customers_if_many_organisations_are_declared(int declared, int organizations, double apart, int accounts) =>
        Assert.Equal(apart, GroupMeasuring.DeclaredApart([.. Enumerable.Range(0, declared).Select(i => MadeTraffic.Number(i % organizations))], accounts));

    [Fact]
    public void Even_shares_of_one_list_are_no_use_of_a_tool()
    {
        Assert.Empty(Rows(20, hours: 1, hasMeans: false, _ => null, facts: facts => Even(facts, load: 0.3)));
        Assert.Single(Rows(20, hours: 1, hasMeans: false, _ => null, facts: facts => Even(facts, load: 0.5)));
        Assert.Single(Rows(20, hours: 1, hasMeans: false, _ => null, facts: facts => Even(facts, load: 0.3) with { OwnInterests = 0.25 }));

        static GroupFacts Even(GroupFacts facts, double load) => facts with { InterestAccounts = 20, OwnInterests = 0.02, OwnInterestsError = 0.03, LoadSpread = load, LoadSpreadElsewhere = 1 };
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

    private static List<EvidenceRow> Rows(int members, double hours, bool hasMeans, Func<int, string?> payment, Func<int, string?>? domain = null, Func<int, string?>? phone = null, double lasting = 1, Func<GroupFacts, GroupFacts>? facts = null)
    {
        var made = new MadeTraffic();
        for (var i = 0; i < Population; i++) made.Send(MadeTraffic.Number(i), "hello", id: MadeTraffic.Number(i));
        var traffic = Traffic.Lay(made.Finish(), id => new AccountRecord { Account = id.Id, Payment = payment(Number(id.Id)), EmailDomain = domain?.Invoke(Number(id.Id)), Phone = phone?.Invoke(Number(id.Id)) });
        var group = Enumerable.Range(0, traffic.Subjects.Count).Where(s => Number(traffic.Subjects[s].Profile.Id.Id) < members).ToList();
        var known = Facts() with { Daytime = hours * 0.4, DaytimeElsewhere = 0.4, LastingDaytime = hours * 0.4, LastingShare = lasting };
        return [.. new Openness(new SharedValues(traffic, KeyedHash.Fixed, EvidenceKinds.None, new Shares(1))).Rows(facts?.Invoke(known) ?? known, group, hasMeans)];
    }

    private static string Own(int i) => "own" + MadeTraffic.Number(i);

    private static int Number(string id) => int.Parse(id, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Facts of which nothing is known.</summary>
    internal static GroupFacts Facts() => new()
    {
        Accounts = 0, Exchanges = 0, Pool = default, Techniques = [], AnyTechnique = double.NaN, AnyTechniqueElsewhere = double.NaN, FollowUp = double.NaN, FollowUpElsewhere = double.NaN,
        FollowUpKnown = 0, Daytime = double.NaN, DaytimeElsewhere = double.NaN, LastingDaytime = double.NaN, LastingShare = 0, OwnInterests = double.NaN, OwnInterestsError = double.NaN, OwnItems = double.NaN, OwnItemsError = double.NaN, InterestAccounts = 0, Kept = KeptWords.Unknown, MedianOutput = double.NaN,
        MedianOutputElsewhere = double.NaN, ReRun = 0, Replayed = 0, ReplayAccounts = 0, DistinctTurns = double.NaN, DistinctQuestions = double.NaN, DistinctNumbers = double.NaN, CountNumbers = false, ReRunOfNumbers = 0, LoadSpread = double.NaN, LoadSpreadElsewhere = double.NaN, Lockstep = double.NaN,
        Succession = default, OneOrganization = double.NaN, DeclaredApart = 0, Narrowness = double.NaN, Dealing = default, IsWorkList = false,
    };
}
