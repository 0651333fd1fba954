using Stillhunt.Fingerprinting;
using Stillhunt.Linking;
using Stillhunt.Profiles;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Linking;

public sealed class TenantsTests
{
    private const int Users = 6, ExchangesOfUser = 12;

    private readonly Random _random = new(11);

    /// <summary>Nobody else writes anything.</summary>
    private static readonly Traffic Silent = Traffic.Lay(new MadeTraffic().Send("someone", "Hello", id: "1").Finish(), _ => null);

    [Fact]
    public void Customers_of_a_reseller_who_each_have_a_prompt_of_their_own_stand_apart()
    {
        var prompts = Enumerable.Range(0, Users).Select(_ => MadeTraffic.Words(_random, 25)).ToArray();
        var apart = Apart((user, _) => (prompts[user], MadeTraffic.Words(_random, 20)));
        Assert.Equal(Users, apart.Count);
        Assert.False(Tenants.MayHaveOneHand(Silent, apart, 3, new Shares(2)));
    }

    [Fact]
    public void Users_of_one_application_do_not()
    {
        var prompt = MadeTraffic.Words(_random, 25);
        Assert.Empty(Apart((_, _) => (prompt, MadeTraffic.Words(_random, 20))));
    }

    [Fact]
    public void Somebody_who_sends_a_wording_of_his_own_through_an_application_does_and_its_other_users_stay_with_it()
    {
        var (prompt, own) = (MadeTraffic.Words(_random, 25), MadeTraffic.Words(_random, 25));
        var apart = Apart((user, _) => (prompt, (user == 2 ? own : "") + " " + MadeTraffic.Words(_random, 20)));
        Assert.Single(apart);
    }

    [Fact]
    public void Work_that_one_operator_scatters_over_made_up_end_users_stays_in_one_piece()
    {
        var pool = Enumerable.Range(0, 8).Select(_ => MadeTraffic.Words(_random, 10)).ToArray();
        Assert.Empty(Apart((_, _) => (null, string.Join(". ", Enumerable.Range(0, 4).Select(_ => pool[_random.Next(pool.Length)])) + ". " + MadeTraffic.Words(_random, 15))));
    }

    [Fact]
    public void So_does_work_with_a_new_end_user_for_every_request()
    {
        var pool = Enumerable.Range(0, 8).Select(_ => MadeTraffic.Words(_random, 10)).ToArray();
        var number = 0;
        Assert.Empty(Apart((_, _) => (null, pool[_random.Next(pool.Length)] + ". " + MadeTraffic.Words(_random, 15)), _ => "u" + MadeTraffic.Number(number++)));
    }

    [Fact]
    public void An_account_that_names_two_end_users_or_was_taken_whole_is_not_cut()
    {
        var prompts = Enumerable.Range(0, Users).Select(_ => MadeTraffic.Words(_random, 25)).ToArray();
        Assert.Empty(Apart((user, _) => (prompts[user], MadeTraffic.Words(_random, 20)), user => "u" + MadeTraffic.Number(user % 2)));
        Assert.Empty(Tenants.Apart(Traffic.Lay(Sent((user, _) => (prompts[user], MadeTraffic.Words(_random, 20))), _ => null), _ => true, new Shares(2)));
    }

    [Fact]
    public void Tenants_of_several_accounts_with_phrases_in_common_may_have_one_hand()
    {
        HashSet<uint> common = [1, 2, 3];
        Assert.True(Tenants.MayHaveOneHand(Silent, [new(0, 9, common), new(1, 9, common), new(2, 8, common)], 3, new Shares(2)));
        Assert.False(Tenants.MayHaveOneHand(Silent, [new(0, 9, common), new(1, 9, common), new(2, 8, new HashSet<uint> { 3, 4, 5 })], 3, new Shares(2)));
    }

    [Fact]
    public void What_everybody_writes_is_no_tenants_hand()
    {
        var text = MadeTraffic.Words(_random, 12);
        var made = new MadeTraffic();
        for (var account = 0; account < 12; account++) made.Send("account " + MadeTraffic.Number(account), text, id: MadeTraffic.Number(account));
        var traffic = Traffic.Lay(made.Finish(), _ => null);
        HashSet<uint> everybodys = [.. traffic.Exchanges[0].Prints];
        Assert.False(Tenants.MayHaveOneHand(traffic, [new(0, 9, everybodys), new(1, 9, everybodys), new(2, 8, everybodys)], 3, new Shares(2)));
        Assert.True(Tenants.MayHaveOneHand(Silent, [new(0, 9, everybodys), new(1, 9, everybodys), new(2, 8, everybodys)], 3, new Shares(2)));
    }

    [Fact]
    public void Each_exchange_is_one_subjects_and_tenants_have_the_accounts_payer_and_are_authors_of_their_own()
    {
        var prompts = Enumerable.Range(0, Users).Select(_ => MadeTraffic.Words(_random, 25)).ToArray();
        var snapshot = Sent((user, _) => (user < 3 ? prompts[user] : prompts[3], MadeTraffic.Words(_random, 20)));
        var whole = Traffic.Lay(snapshot, _ => null);
        var cut = Traffic.Lay(snapshot, _ => null, Tenants.ByAccount(whole, Tenants.Apart(whole, _ => false, new Shares(2))));
        Assert.Equal(whole.Exchanges.Select(e => e.Id).Order(), cut.Exchanges.Select(e => e.Id).Order());
        Assert.Equal(4, cut.Subjects.Count);
        Assert.Single(cut.Subjects.Select(subject => subject.Owner).Distinct());
        Assert.Equal(4, cut.Subjects.Select(subject => subject.Author).Distinct().Count());
        Assert.Equal(whole.Subjects[0].ExchangeCount, cut.Subjects.Sum(subject => subject.ExchangeCount));
        Assert.All(cut.Subjects, (subject, s) => Assert.All(Enumerable.Range(subject.First, subject.SampleCount), i =>
        {
            Assert.Equal(s, cut.SubjectOf[i]);
            if (subject.IsTenant) Assert.Equal(subject.EndUser, cut.Exchanges[i].EndUser);
        }));
        for (var i = 1; i < cut.Exchanges.Length; i++) Assert.True(cut.OwnerOf(i) >= cut.OwnerOf(i - 1));
    }

    [Fact]
    public void A_days_sample_keeps_the_names_and_each_text_once()
    {
        var day = Sent((user, _) => (null, MadeTraffic.Words(_random, 20))).Accounts.Values.Single().Days.Values.First();
        Assert.All(day.Sample, print => Assert.NotNull(print.EndUserText));
        Assert.Equal(day.Sample.Select(print => print.EndUser).Distinct().Count(), day.Sample.Select(print => print.EndUserText).Distinct(ReferenceEqualityComparer.Instance).Count());
        Assert.Single(day.Sample.Select(print => print.KeyText).Distinct(ReferenceEqualityComparer.Instance));
    }

    [Theory]
    [InlineData("sk-proj-0123456789AbCd", "sk-...AbCd")]
    [InlineData("sk-...AbCd", "sk-...AbCd")]
    [InlineData("team-7", "team-7")]
    public void Of_a_secret_only_the_end_is_kept(string key, string kept) =>
        Assert.Equal(kept, System.Text.Encoding.UTF8.GetString(KeyName.Of(System.Text.Encoding.UTF8.GetBytes(key))));

    private static List<Tenant> Apart(Func<int, int, (string? System, string Prompt)> ask, Func<int, string>? name = null) =>
        Tenants.Apart(Traffic.Lay(Sent(ask, name), _ => null), _ => false, new Shares(2));

    /// <summary>One account, over so many days that every exchange is in a sample.</summary>
    private static Snapshot Sent(Func<int, int, (string? System, string Prompt)> ask, Func<int, string>? name = null)
    {
        var traffic = new MadeTraffic();
        for (var i = 0; i < Users * ExchangesOfUser; i++)
        {
            var (system, prompt) = ask(i % Users, i);
            traffic.Send("reseller", prompt, id: MadeTraffic.Number(i), ms: i * 3_600_000L, system: system, endUser: (name ?? (user => "u" + MadeTraffic.Number(user)))(i % Users), key: "key-1");
        }

        return traffic.Finish();
    }
}
