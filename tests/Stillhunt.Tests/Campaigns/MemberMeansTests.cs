using Stillhunt.Campaigns;
using Stillhunt.Ingest;
using Stillhunt.Linking;
using Stillhunt.Profiles;
using Stillhunt.Sketches;
using Stillhunt.Tests.Laws;
using Stillhunt.Tests.Linking;

namespace Stillhunt.Tests.Campaigns;

public sealed class MemberMeansTests
{
    private const int Members = 30, Strangers = 300;

    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The first members have one issuer, mail domain and age; whoever comes after them has a customer's.</summary>
    private static AccountRecord Alike(int i, int alike) => i < alike
        ? new AccountRecord { Account = Name(i), Payment = "card" + i, PaymentIssuer = "virtual", EmailDomain = "quick.example", EmailShape = "word99", CreatedMs = Now.AddDays(-3).AddHours(-i).ToUnixTimeMilliseconds() }
        : new AccountRecord
        {
            Account = Name(i), Payment = "card" + i, PaymentIssuer = "bank" + (i % 7), EmailDomain = "mail" + (i % 9) + ".example", EmailShape = "shape" + (i % 5),
            CreatedMs = Now.AddDays(-(40 << (i % 5))).AddHours(-i).ToUnixTimeMilliseconds(),
        };

    /// <summary>Nothing of it is anybody else's.</summary>
    private static AccountRecord Unique(int i) => new() { Account = Name(i), Payment = "card" + i, PaymentIssuer = "issuer" + i, EmailDomain = "domain" + i + ".example", EmailShape = "own" + i };

    private static double[] Fitted(int alike, double wording = 1, Func<int, string?>? organization = null, string[]? leftOut = null) =>
        Fitted(i => Alike(i, alike), wording, organization, leftOut);

    private static double[] Fitted(Func<int, AccountRecord> record, double wording, Func<int, string?>? organization = null, string[]? leftOut = null)
    {
        var made = new MadeTraffic();
        for (var i = 0; i < Members + Strangers; i++) made.Send(Name(i), "a question", id: Name(i), organization: organization?.Invoke(i));
        var records = Enumerable.Range(0, Members + Strangers).Select(record).ToDictionary(known => known.Account);
        var traffic = Traffic.Lay(made.Finish(), account => records[account.Id]);
        var numbers = Numbers(traffic);
        List<int> members = [.. numbers.Order()];
        var fitted = new MemberMeans(traffic, new SharedValues(traffic, KeyedHash.Fixed, leftOut is null ? EvidenceKinds.None : leftOut.ToHashSet(), new Shares(1)), KeyedHash.Fixed)
            .Fitted(new Cluster { Members = members, Probabilities = members.ConvertAll(_ => wording) }, out _);
        var probabilities = fitted.Members.Zip(fitted.Probabilities).ToDictionary();
        return [.. Enumerable.Range(0, Members).Select(i => probabilities[numbers[i]])];
    }

    [Fact]
    public void Who_writes_the_same_and_has_nothing_else_of_the_others_is_less_sure()
    {
        var probabilities = Fitted(alike: Members - 1);
        Assert.All(probabilities[..^1], probability => Assert.InRange(probability, 0.99, 1));
        Assert.InRange(probabilities[^1], 0.5, 0.9);
    }

    [Fact]
    public void Where_every_account_has_means_of_its_own_one_more_is_no_stranger()
    {
        var probabilities = Fitted(i => i < Members ? Unique(i) : Alike(i, 0), wording: 0.7);
        Assert.All(probabilities, probability => Assert.Equal(0.7, probability, 6));
    }

    [Fact]
    public void Where_a_third_of_the_accounts_has_other_means_than_the_rest_that_says_little()
    {
        var probabilities = Fitted(alike: Members * 2 / 3);
        Assert.All(probabilities, probability => Assert.InRange(probability, 0.95, 1));
    }

    [Fact]
    public void Seats_of_one_firm_do_not_vouch_for_each_other()
    {
        var probabilities = Fitted(alike: Members * 2 / 3, organization: i => i is >= Members * 2 / 3 and < Members ? "firm" : null);
        Assert.All(probabilities[(Members * 2 / 3)..], probability => Assert.InRange(probability, 0.5, 0.8));
    }

    [Fact]
    public void Kinds_that_are_left_out_play_no_part()
    {
        var probabilities = Fitted(alike: Members - 1, wording: 0.7, leftOut: ["payment", "email-domain", "email-shape", "created"]);
        Assert.All(probabilities, probability => Assert.Equal(0.7, probability, 6));
    }

    [Fact]
    public void Means_that_fit_make_weak_wording_surer()
    {
        Assert.InRange(Fitted(alike: Members, wording: 0.7)[0], 0.9, 0.96);
    }

    [Fact]
    public void A_group_of_which_nothing_is_known_keeps_what_wording_says_up_to_a_limit()
    {
        var made = new MadeTraffic();
        for (var i = 0; i < Members; i++) made.Send(Name(i), "a question", id: Name(i));
        var traffic = Traffic.Lay(made.Finish(), _ => null);
        var members = Enumerable.Range(0, Members).ToList();
        var fitted = new MemberMeans(traffic, new SharedValues(traffic, KeyedHash.Fixed, EvidenceKinds.None, new Shares(1)), KeyedHash.Fixed)
            .Fitted(new Cluster { Members = members, Probabilities = members.ConvertAll(m => m == 0 ? 1 : 0.8) }, out var said);
        Assert.All(said.Values, bits => Assert.Equal(0, bits));
        Assert.InRange(fitted.Probabilities[0], 0.99, 0.996);
        Assert.Equal(0.8, fitted.Probabilities[1], 6);
    }

    [Fact]
    public void Addresses_and_clients_tell_as_registrations_do()
    {
        var (traffic, _) = Connected();
        var members = Numbers(traffic);
        var fitted = new MemberMeans(traffic, new SharedValues(traffic, KeyedHash.Fixed, EvidenceKinds.None, new Shares(1)), KeyedHash.Fixed)
            .Fitted(new Cluster { Members = [.. members.Order()], Probabilities = members.ConvertAll(_ => 0.7) }, out var said);
        Assert.All(members[..^1], member => Assert.InRange(said[member], 0.5, 3));
        Assert.InRange(said[members[^1]], -7, -1.5);
        Assert.True(fitted.Probabilities[fitted.Members.IndexOf(members[^1])] < 0.5);
    }

    [Fact]
    public void Who_is_not_listed_counts_in_nothing_that_is_said_of_the_campaign()
    {
        var (traffic, snapshot) = Connected();
        var members = Numbers(traffic);
        var shares = new Shares(1);
        var builder = new CampaignBuilder(traffic, snapshot, new Proposals(traffic, KeyedHash.Fixed, shares).Index, new SharedValues(traffic, KeyedHash.Fixed, EvidenceKinds.None, shares),
            new ReplayedHandles(traffic, EvidenceKinds.None), KeyedHash.Fixed);
        var cluster = new Cluster
        {
            Members = [.. members.Order()], Probabilities = members.ConvertAll(_ => 0.7),
            Extracting = [.. members.SelectMany(member => Enumerable.Range(traffic.Subjects[member].First, traffic.Subjects[member].SampleCount)).Order()],
        };
        var built = builder.Build(cluster, [EvidenceRows.Row("prior", "prior", 2, "told", null, [])]);
        var told = builder.Describe(built, cluster, out var listed);
        Assert.Equal(Members, built.Accounts.Count);
        Assert.Equal(members[..^1].ToHashSet(), listed);
        Assert.Equal(Members - 1, told.Accounts.Count);
        Assert.Equal(told.Accounts.Sum(account => account.ExtractingCount), told.ExtractingCount);
        Assert.Equal(Members - 1, told.Days.Sum(day => day.AccountCount));
        Assert.Equal((built.Confidence, built.Bits), (told.Confidence, told.Bits));
        Assert.All(told.Accounts, account => Assert.True(account.MeansBits > 0));
    }

    /// <summary>All members but the last come from one address with one client; nothing is known of anybody's registration.</summary>
    private static (Traffic Traffic, Snapshot Snapshot) Connected()
    {
        var made = new MadeTraffic();
        for (var i = 0; i < Members + Strangers; i++)
        {
            var isAlike = i < Members - 1;
            made.Send(Name(i), "a question", id: Name(i), ip: isAlike ? "192.0.2.7" : $"198.51.{i % 100}.{i % 250}", client: isAlike ? "harvester/1" : "app/" + (i % 11));
        }

        var snapshot = made.Finish();
        return (Traffic.Lay(snapshot, _ => null), snapshot);
    }

    /// <summary>Of the members, in the order of their names.</summary>
    private static List<int> Numbers(Traffic traffic)
    {
        var numbers = Enumerable.Range(0, traffic.Subjects.Count).ToDictionary(s => traffic.Subjects[s].Profile.Id.Id);
        return [.. Enumerable.Range(0, Members).Select(i => numbers[Name(i)])];
    }

    private static string Name(int i) => MadeTraffic.Number(i);
}
