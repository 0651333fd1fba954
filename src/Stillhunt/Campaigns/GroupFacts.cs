using Stillhunt.Fingerprinting;
using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>
/// What is measured of a group on the half of its exchanges that did not find its families and clusters. Not wholly independent of the
/// grouping: refinement weighs phrases and decides membership on both halves, and drops accounts that are not interchangeable, so
/// interchangeability is read on a group selected for it (docs/decisions/0003). Shares are 0 to 1; NaN is unknown.
/// </summary>
internal sealed record GroupFacts
{
    /// <summary>Accounts with an exchange in the test.</summary>
    public required int Accounts { get; init; }

    /// <summary>Sampled exchanges in the test.</summary>
    public required int Exchanges { get; init; }

    /// <summary>Accounts with two conversations or more in it.</summary>
    public required int RepeatAccounts { get; init; }

    /// <inheritdoc cref="FamilyTest.Interchangeability"/>
    public required double Interchangeability { get; init; }

    /// <inheritdoc cref="FamilyTest.Variety"/>
    public required double Variety { get; init; }

    public required double UnitsPerExchange { get; init; }

    /// <summary>Share of exchanges that show each learned technique, and any; among the group and among everybody else.</summary>
    public required double[] Techniques { get; init; }

    public required double AnyTechnique { get; init; }
    public required double AnyTechniqueElsewhere { get; init; }

    /// <summary>Share of conversations that go on; of the group and of an average account.</summary>
    public required double FollowUp { get; init; }
    public required double FollowUpElsewhere { get; init; }

    public required double Daytime { get; init; }
    public required double DaytimeElsewhere { get; init; }

    /// <summary>
    /// How much more alike an account's own conversations are than those of two accounts, against the same in the whole
    /// population: near 1 people with interests of their own, near 0 one list dealt to many.
    /// </summary>
    public required double OwnInterests { get; init; }

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

    public static GroupFacts Measure(Traffic traffic, Population population, Everybody everybody, ClusterRefinement refinement, Cluster cluster)
    {
        var members = cluster.Members.Where((_, m) => cluster.Probabilities[m] >= 0.5).ToHashSet();
        var test = cluster.Extracting.Where(i => traffic.Exchanges[i].Half != FamilyIndex.FormingHalf).ToList();
        var byAccount = test.GroupBy(i => traffic.SubjectOf[i]).ToList();
        var habits = byAccount.Select(group => population.Of(group.Key, [.. group])).ToList();
        var usual = everybody.Without(members);
        var (any, shares) = Shown(traffic, test);
        var pool = Pool(traffic, refinement, cluster, byAccount, test.Count);
        var models = test.Where(i => traffic.Exchanges[i].User != 0).GroupBy(i => traffic.Exchanges[i].User).ToList();
        var across = Across(traffic, test);
        var own = Population.Mean(habits.Select(h => h.OwnTopics));
        var organizations = members.Select(m => traffic.Subjects[m].Organization).OfType<string>().ToList();
        return new GroupFacts
        {
            Accounts = byAccount.Count,
            Exchanges = test.Count,
            RepeatAccounts = pool.Repeat,
            Interchangeability = pool.Interchangeability,
            Variety = pool.Variety,
            UnitsPerExchange = pool.UnitsPerExchange,
            Techniques = shares,
            AnyTechnique = any,
            AnyTechniqueElsewhere = usual.AnyTechnique,
            FollowUp = Population.Mean(habits.Select(h => h.FollowUp)),
            FollowUpElsewhere = usual.FollowUp,
            Daytime = Population.Mean(members.Order().Select(s => population[s].Daytime)),
            DaytimeElsewhere = usual.Daytime,
            InterestAccounts = habits.Count(h => !double.IsNaN(h.OwnTopics)),
            OwnInterests = (own - across) / usual.Interests,
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

    private static (double Any, double[] Shares) Shown(Traffic traffic, IEnumerable<int> exchanges)
    {
        var counts = new double[TechniqueIds.LearnedCount];
        double any = 0, all = 0;
        foreach (var i in exchanges)
        {
            if (!traffic.Exchanges[i].HasPrompt) continue;
            all++;
            var hit = false;
            for (var t = 0; t < counts.Length; t++)
            {
                if (traffic.Exchanges[i].Scores[(Technique)t] < ExchangeScoring.Even) continue;
                counts[t]++;
                hit = true;
            }

            if (hit) any++;
        }

        for (var t = 0; t < counts.Length; t++) counts[t] /= Math.Max(1, all);
        return (all == 0 ? double.NaN : any / all, counts);
    }

    private static (double Interchangeability, double Variety, double UnitsPerExchange, int Repeat) Pool(
        Traffic traffic, ClusterRefinement refinement, Cluster cluster, List<IGrouping<int, int>> byAccount, int exchanges)
    {
        var counts = new SortedDictionary<int, double>();
        var combinations = new HashSet<string>(StringComparer.Ordinal);
        double held = 0;
        foreach (var i in byAccount.SelectMany(group => group))
        {
            var own = refinement.UnitsOf(i).Where(cluster.UnitBits.ContainsKey).ToArray();
            held += own.Length;
            combinations.Add(string.Join(',', own));
            foreach (var unit in own) counts[unit] = counts.GetValueOrDefault(unit) + 1;
        }

        double observed = 0, expected = 0;
        var repeat = 0;
        foreach (var account in byAccount)
        {
            var conversations = account.GroupBy(i => traffic.Exchanges[i].Thread).Select(g => g.First()).ToList();
            if (conversations.Count < 2) continue;
            repeat++;
            observed += conversations.SelectMany(refinement.UnitsOf).Where(cluster.UnitBits.ContainsKey).Distinct().Count();
            foreach (var (_, times) in counts) expected += 1 - Math.Pow(1 - (times / exchanges), conversations.Count);
        }

        return (expected == 0 ? double.NaN : observed / expected, combinations.Count / Math.Max(1.0, exchanges), held / Math.Max(1.0, exchanges), repeat);
    }

    /// <summary>Mean likeness of what two different accounts of the group ask, over pairs picked by hash.</summary>
    private static double Across(Traffic traffic, List<int> test)
    {
        double sum = 0;
        var pairs = 0;
        for (var k = 0; k < test.Count; k++)
        {
            var other = test[(int)(traffic.Exchanges[test[k]].Id / 7 % (ulong)test.Count)];
            if (traffic.SubjectOf[other] == traffic.SubjectOf[test[k]]) continue;
            sum += Population.Likeness(traffic.Exchanges[test[k]].SlotWords, traffic.Exchanges[other].SlotWords);
            pairs++;
        }

        return pairs == 0 ? double.NaN : sum / pairs;
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
