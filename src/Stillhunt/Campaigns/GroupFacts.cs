using Stillhunt.Fingerprinting;
using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>
/// What is measured of a group on the half of its exchanges that had no part in grouping: families, clusters, weights of phrases and the
/// accounts looked at here all come from the other half (docs/decisions/0003). Shares are 0 to 1; NaN is unknown.
/// </summary>
internal sealed record GroupFacts
{
    /// <summary>Accounts with an exchange in the test.</summary>
    public required int Accounts { get; init; }

    /// <summary>Sampled exchanges in the test.</summary>
    public required int Exchanges { get; init; }

    /// <summary>How the accounts draw on the phrases that mark the group.</summary>
    public required PoolTest Pool { get; init; }

    /// <summary>Share of exchanges that show each learned technique, and any; among the group and among everybody else.</summary>
    public required double[] Techniques { get; init; }

    public required double AnyTechnique { get; init; }
    public required double AnyTechniqueElsewhere { get; init; }

    /// <summary>Share of conversations that go on; of the group and of an average account.</summary>
    public required double FollowUp { get; init; }
    public required double FollowUpElsewhere { get; init; }

    /// <summary>Share of the group's conversations of which it is known whether they went on.</summary>
    public required double FollowUpKnown { get; init; }

    public required double Daytime { get; init; }
    public required double DaytimeElsewhere { get; init; }

    /// <summary>
    /// How much more alike an account's own conversations are than those of two accounts, against the same in the whole
    /// population: near 1 people with interests of their own, near 0 one list dealt to many.
    /// </summary>
    public required double OwnInterests { get; init; }

    /// <summary>Standard error of <see cref="OwnInterests"/>, from how far the accounts differ.</summary>
    public required double OwnInterestsError { get; init; }

    /// <summary>Accounts with enough conversations for <see cref="OwnInterests"/>.</summary>
    public required int InterestAccounts { get; init; }

    public required double MedianOutput { get; init; }
    public required double MedianOutputElsewhere { get; init; }

    /// <summary>Share of exchanges whose very user turn was also put to another model: a benchmark re-run.</summary>
    public required double ReRun { get; init; }

    /// <summary>Distinct user turns over exchanges.</summary>
    public required double DistinctTurns { get; init; }

    /// <summary>Spread (standard deviation of the natural logarithm) of exchanges an account.</summary>
    public required double LoadSpread { get; init; }
    public required double LoadSpreadElsewhere { get; init; }

    /// <inheritdoc cref="Timing.Lockstep"/>
    public required double Lockstep { get; init; }

    /// <inheritdoc cref="Timing.Succession"/>
    public required (int Ends, int Followed, double Expected) Succession { get; init; }

    /// <summary>Largest share of accounts under one declared organisation; NaN where none declares.</summary>
    public required double OneOrganization { get; init; }

    /// <summary>
    /// How much more alike what two accounts of the group ask is than what two strangers ask, in the measure of <see cref="OwnInterests"/>: near 0
    /// a broad list, near 1 one narrow subject.
    /// </summary>
    public required double Narrowness { get; init; }

    public static GroupFacts Measure(Traffic traffic, Topics topics, Population population, Everybody everybody, UnitPostings postings, Cluster cluster)
    {
        var members = cluster.Tested;
        var test = cluster.Test;
        var byAccount = test.GroupBy(i => traffic.SubjectOf[i]).ToList();
        var pool = PoolTest.Of([.. byAccount.Select(account => account.GroupBy(i => traffic.Exchanges[i].Thread)
            .Select(conversation => postings.UnitsOf(conversation.First()).Where(cluster.UnitBits.ContainsKey).ToArray()).ToList())]);
        var template = Template(traffic, test, pool);
        var habits = byAccount.Select(group => population.Of(group.Key, [.. group], template)).ToList();
        var usual = everybody.Without(members);
        var (any, shares) = Shown(traffic, test);
        var models = test.Where(i => traffic.Exchanges[i].User != 0).GroupBy(i => traffic.Exchanges[i].User).ToList();
        var across = Across(traffic, topics, test, template);
        var own = Population.Mean(habits.Select(h => h.OwnTopics));
        var ownError = StandardError([.. habits.Select(h => h.OwnTopics).Where(topics => !double.IsNaN(topics))]);
        var organizations = members.Select(m => traffic.Subjects[m].Organization).OfType<string>().ToList();
        return new GroupFacts
        {
            Accounts = byAccount.Count,
            Exchanges = test.Count,
            Pool = pool,
            Techniques = shares,
            AnyTechnique = any,
            AnyTechniqueElsewhere = Elsewhere(traffic, test, usual),
            FollowUp = Population.Mean(habits.Select(h => h.FollowUp)),
            FollowUpKnown = habits.Count == 0 ? 0 : habits.Average(h => h.FollowUpKnown),
            FollowUpElsewhere = usual.FollowUp,
            Daytime = Population.Mean(members.Order().Select(s => population[s].Daytime)),
            DaytimeElsewhere = usual.Daytime,
            InterestAccounts = habits.Count(h => !double.IsNaN(h.OwnTopics)),
            OwnInterests = (own - across) / usual.Interests,
            Narrowness = (across - Population.Mean(habits.Select(h => h.OthersTopics))) / usual.Interests,
            OwnInterestsError = ownError / usual.Interests,
            MedianOutput = Median(test.Select(i => traffic.Exchanges[i].OutputTokens).Where(t => t >= 0)),
            MedianOutputElsewhere = usual.MedianOutput,
            ReRun = ReRunShare(traffic, members),
            DistinctTurns = test.Count == 0 ? double.NaN : models.Count / (double)test.Count,
            LoadSpread = Spread(members.Select(s => traffic.Subjects[s].ExchangeCount)),
            LoadSpreadElsewhere = usual.LoadSpread,
            Lockstep = Timing.Lockstep(traffic, members),
            Succession = Timing.Succession(traffic, members),
            OneOrganization = organizations.Count == 0 ? double.NaN
                : organizations.GroupBy(o => o).Max(g => g.Count()) / (double)members.Count,
        };
    }

    /// <summary>
    /// Over all that the members sent, for it is no part of what grouped them. Where only a part of the exchanges was sampled, the twin on
    /// another model is often not in the sample: corrected for three models.
    /// </summary>
    private static double ReRunShare(Traffic traffic, HashSet<int> members)
    {
        double sampled = 0, sent = 0, again = 0;
        foreach (var member in members)
        {
            var subject = traffic.Subjects[member];
            sampled += subject.SampleCount;
            sent += subject.ExchangeCount;
            foreach (var text in Enumerable.Range(subject.First, subject.SampleCount).Where(i => traffic.Exchanges[i].User != 0).GroupBy(i => (traffic.Exchanges[i].System, traffic.Exchanges[i].User)))
                if (text.Select(i => traffic.Exchanges[i].Model).Distinct().Count() > 1) again += text.Count();
        }

        if (sampled == 0) return double.NaN;
        var part = sampled / sent;
        return Math.Min(1, again / sampled / (1 - ((1 - part) * (1 - part))));
    }

    /// <summary>What everybody else would show of as many requests with tools and without.</summary>
    private static double Elsewhere(Traffic traffic, List<int> test, Usual usual)
    {
        var prompts = test.Where(i => traffic.Exchanges[i].HasPrompt).ToList();
        if (prompts.Count == 0) return double.NaN;
        var tools = prompts.Count(i => Everybody.UsesTools(traffic.Exchanges[i])) / (double)prompts.Count;
        double plain = usual.AnyTechnique, agents = usual.AnyTechniqueWithTools;
        if (double.IsNaN(agents)) agents = plain;
        return double.IsNaN(plain) ? agents : (tools * agents) + ((1 - tools) * plain);
    }

    private static (double Any, double[] Shares) Shown(Traffic traffic, IEnumerable<int> exchanges)
    {
        var counts = new double[TechniqueIds.LearnedCount];
        double any = 0, all = 0;
        foreach (var i in exchanges)
        {
            if (!traffic.Exchanges[i].HasPrompt) continue;
            all++;
            for (var t = 0; t < counts.Length; t++)
                if (traffic.Exchanges[i].Scores[(Technique)t] >= ExchangeScoring.Even) counts[t]++;
            if (Everybody.Shows(traffic.Exchanges[i])) any++;
        }

        for (var t = 0; t < counts.Length; t++) counts[t] /= Math.Max(1, all);
        return (all == 0 ? double.NaN : any / all, counts);
    }

    /// <summary>
    /// A word in so many of a group's turns stands in its wrapper, not in what it asks. Where prompts are put together from a pool, each of
    /// the pool's words stands in few of them.
    /// </summary>
    private const double TemplateShare = 0.6, PoolShare = 0.05, PoolVariety = 0.1;

    /// <summary>... if it is everybody's: used by at least half as many accounts as would use it if all drew alike. Else it is one account's subject.</summary>
    private const double Everybodys = 0.5;

    private static HashSet<uint> Template(Traffic traffic, List<int> test, PoolTest pool)
    {
        var counts = new Dictionary<uint, (int Turns, int Accounts, int Last)>();
        var volumes = new Dictionary<int, int>();
        foreach (var i in test)
        {
            var account = traffic.SubjectOf[i];
            volumes[account] = volumes.GetValueOrDefault(account) + 1;
            foreach (var word in traffic.Exchanges[i].SlotWords)
            {
                var (turns, accounts, last) = counts.GetValueOrDefault(word, (0, 0, -1));
                counts[word] = (turns + 1, last == account ? accounts : accounts + 1, account);
            }
        }

        var share = pool.Variety >= PoolVariety ? PoolShare : TemplateShare;
        return [.. counts.Where(pair => pair.Value.Turns > Math.Max(2, share * test.Count) && IsEverybodys(pair.Value.Turns, pair.Value.Accounts)).Select(pair => pair.Key)];

        bool IsEverybodys(int turns, int accounts)
        {
            var rate = (double)turns / test.Count;
            return accounts >= Everybodys * volumes.Values.Sum(volume => 1 - Math.Pow(1 - rate, volume));
        }
    }

    /// <summary>Mean likeness of what two different accounts of the group ask, over pairs picked by hash.</summary>
    private static double Across(Traffic traffic, Topics topics, List<int> test, IReadOnlySet<uint> template)
    {
        double sum = 0;
        var pairs = 0;
        for (var k = 0; k < test.Count; k++)
        {
            var other = test[(int)(traffic.Exchanges[test[k]].Id / 7 % (ulong)test.Count)];
            if (traffic.SubjectOf[other] == traffic.SubjectOf[test[k]]) continue;
            sum += topics.Likeness(traffic.Exchanges[test[k]].SlotWords, traffic.Exchanges[other].SlotWords, template);
            pairs++;
        }

        return pairs == 0 ? double.NaN : sum / pairs;
    }

    /// <summary>Of the mean; of fewer than three values it is not known.</summary>
    private static double StandardError(List<double> values)
    {
        if (values.Count < 3) return double.NaN;
        var mean = values.Average();
        return Math.Sqrt(values.Sum(x => (x - mean) * (x - mean)) / (values.Count - 1.0) / values.Count);
    }

    private static double Median(IEnumerable<int> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? double.NaN : sorted[sorted.Count / 2];
    }

    private static double Spread(IEnumerable<long> counts)
    {
        var logs = counts.Select(count => Math.Log(count)).ToList();
        if (logs.Count < 3) return double.NaN;
        var mean = logs.Average();
        return Math.Sqrt(logs.Sum(x => (x - mean) * (x - mean)) / (logs.Count - 1));
    }
}
