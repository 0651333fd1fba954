using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Stillhunt.Fingerprinting;
using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>Cluster -> what is measured of it, against everybody else.</summary>
internal sealed class GroupMeasuring
{
    /// <summary>
    /// A word in so many of a group's turns stands in its wrapper, not in what it asks. Where prompts are put together from a pool, each of
    /// the pool's words stands in few of them.
    /// </summary>
    private const double TemplateShare = 0.6, PoolShare = 0.05, PoolVariety = 0.1;

    /// <summary>... if it is everybody's: used by at least half as many accounts as would use it if all drew alike. Else it is one account's subject.</summary>
    private const double AsIfAlike = 0.5;

    /// <summary>From its first request to its last, for an account to have been there at any hour if it kept none; in a log that is shorter than two days, so much of it.</summary>
    private const long TwoDaysMs = 40 * 3_600_000L;

    private const double MostOfLog = 0.6;

    /// <summary>Conversations that go on, against others', up to which they hardly do: where that begins to speak for extraction.</summary>
    private const double HardlyGoesOn = 0.5;

    /// <summary>Share of the conversations of which that must be known.</summary>
    private const double MostlyKnown = 0.5;

    private readonly long _lastingMs;

    private readonly Traffic _traffic;
    private readonly UnitPostings _postings;
    private readonly OwnTemplates _templates;
    private readonly Topics _topics;
    private readonly Population _population;
    private readonly Everybody _everybody;
    private readonly Timing _timing;
    private readonly ReRuns _reRuns;
    private readonly WorkLists _lists;

    /// <summary>Of groups that were measured before.</summary>
    private readonly ConditionalWeakTable<Cluster, Alone> _own;

    public GroupMeasuring(Traffic traffic, UnitPostings postings, ReplayedHandles replayed, WorkLists lists, Shares shares)
    {
        _own = [];
        _lists = lists;
        _traffic = traffic;
        _postings = postings;
        _templates = new OwnTemplates(traffic, shares);
        _topics = new Topics(traffic, _templates, shares);
        _population = new Population(traffic, _topics, _templates, replayed, shares);
        _everybody = new Everybody(traffic, _population, new HashSet<int>());
        _timing = new Timing(traffic);
        _reRuns = new ReRuns(traffic, shares);
        _lastingMs = traffic.Subjects.Count == 0 ? 0 : Math.Min(TwoDaysMs, (long)(MostOfLog * (traffic.Subjects.Max(s => s.LastMs) - traffic.Subjects.Min(s => s.FirstMs))));
    }

    private GroupMeasuring(GroupMeasuring other, UnitPostings postings, WorkLists lists, Everybody everybody, ConditionalWeakTable<Cluster, Alone> own)
    {
        _own = own;
        (_traffic, _templates, _topics, _population, _timing, _reRuns, _lastingMs) = (other._traffic, other._templates, other._topics, other._population, other._timing, other._reRuns, other._lastingMs);
        (_postings, _lists, _everybody) = (postings, lists, everybody);
    }

    /// <summary>The same for groups that the other half has formed: what they are measured against is everybody, in both halves.</summary>
    public GroupMeasuring Turned(UnitPostings postings, WorkLists lists) => new(this, postings, lists, _everybody, []);

    /// <inheritdoc cref="Everybody.IsLessCampaigns"/>
    public bool IsLessCampaigns => _everybody.IsLessCampaigns;

    /// <summary>The same, measured against everybody but the accounts of campaigns.</summary>
    public GroupMeasuring Less(IReadOnlySet<int> known) => new(this, _postings, _lists, new Everybody(_traffic, _population, known), _own);

    public GroupFacts Measure(Cluster cluster)
    {
        // A group is measured again where everybody else becomes everybody but the campaigns: what it does itself stays.
        var own = _own.GetValue(cluster, MeasureAlone);
        var usual = _everybody.Without(cluster.Tested);
        return own.Facts with
        {
            AnyTechniqueElsewhere = Elsewhere(cluster.Test, usual),
            FollowUpElsewhere = usual.FollowUp,
            DaytimeElsewhere = usual.Daytime,
            OwnInterests = own.Interests.Turns / usual.Interests,
            OwnInterestsError = own.Error.Turns / usual.Interests,
            OwnItems = own.Interests.Items / usual.ItemInterests,
            OwnItemsError = own.Error.Items / usual.ItemInterests,
            Narrowness = own.Narrowness / usual.Interests,
            MedianOutputElsewhere = usual.MedianOutput(ShareWithTools(cluster.Test, exchange => exchange.OutputTokens >= 0)),
            CountNumbers = own.Facts.FollowUp <= HardlyGoesOn * usual.FollowUp && own.Facts.FollowUpKnown >= MostlyKnown,
            LoadSpreadElsewhere = usual.LoadSpread,
        };
    }

    /// <summary>What is measured of a group by itself.</summary>
    /// <param name="Facts">What everybody else does is not in it yet, nor what is measured in that.</param>
    /// <param name="Interests">How much more alike an account's own conversations are than those of two accounts.</param>
    /// <param name="Error">Its standard error.</param>
    /// <param name="Narrowness">How much more alike what two accounts ask is than what two strangers ask.</param>
    private sealed record Alone(GroupFacts Facts, Likeness Interests, Likeness Error, double Narrowness);

    private Alone MeasureAlone(Cluster cluster)
    {
        var members = cluster.Tested;
        var test = cluster.Test;
        var pool = PoolTest.Of(_traffic, _postings, test, cluster.UnitBits.Keys);
        var words = Template(test, pool);
        // How broad a list is must not depend on the templates that each account has for itself.
        if (cluster.IsWorkList) foreach (var member in members) words.UnionWith(_templates[member]);
        var template = new WordSet(words);
        var habits = ByAccount(test).ConvertAll(account => _population.Of(_traffic.SubjectOf[account[0]], account, template));
        var (any, shares) = Shown(test);
        var across = Across(test, template);
        var own = new Likeness(Population.Mean(habits.Select(h => h.OwnTopics)), Population.Mean(habits.Select(h => h.OwnItems)));
        var error = new Likeness(StandardError([.. habits.Select(h => h.OwnTopics).Where(topics => !double.IsNaN(topics))]), StandardError([.. habits.Select(h => h.OwnItems).Where(topics => !double.IsNaN(topics))]));
        var lasting = members.Order().Where(s => !double.IsNaN(_population[s].Daytime) && _traffic.Subjects[s].LastMs - _traffic.Subjects[s].FirstMs >= _lastingMs).ToList();
        var organizations = members.Select(m => _traffic.Subjects[m].Organization).OfType<string>().ToList();
        var facts = new GroupFacts
        {
            Accounts = habits.Count,
            Exchanges = test.Count,
            Pool = pool,
            Techniques = shares,
            AnyTechnique = any,
            AnyTechniqueElsewhere = double.NaN,
            FollowUp = Population.Mean(habits.Select(h => h.FollowUp)),
            FollowUpKnown = habits.Count == 0 ? 0 : habits.Average(h => h.FollowUpKnown),
            FollowUpElsewhere = double.NaN,
            Daytime = Population.Mean(members.Order().Select(s => _population[s].Daytime)),
            DaytimeElsewhere = double.NaN,
            LastingDaytime = Population.Mean(lasting.Select(s => _population[s].Daytime)),
            LastingShare = members.Count == 0 ? 0 : (double)lasting.Count / members.Count,
            InterestAccounts = habits.Count(h => !double.IsNaN(h.OwnTopics)),
            OwnInterests = double.NaN,
            OwnInterestsError = double.NaN,
            OwnItems = double.NaN,
            OwnItemsError = double.NaN,
            Narrowness = double.NaN,
            Kept = KeptOf(cluster),
            MedianOutput = Median(test.Select(i => _traffic.Exchanges[i].OutputTokens).Where(t => t >= 0)),
            MedianOutputElsewhere = double.NaN,
            ReRun = _reRuns.Share(cluster, countNumbers: false),
            ReRunOfNumbers = _reRuns.Share(cluster, countNumbers: true),
            Replayed = test.Count == 0 ? 0 : test.Count(_population.IsReplay) / (double)test.Count,
            ReplayAccounts = test.Where(_population.IsReplay).Select(i => _traffic.SubjectOf[i]).Distinct().Count(),
            DistinctTurns = Asking.DistinctTurns(_traffic, test, countNumbers: false, joinAgain: false),
            DistinctQuestions = Asking.DistinctTurns(_traffic, test, countNumbers: false, joinAgain: true),
            DistinctNumbers = Asking.DistinctTurns(_traffic, test, countNumbers: true, joinAgain: true),
            CountNumbers = false,
            LoadSpread = Spread(members.Select(s => _traffic.Subjects[s].ExchangeCount)),
            LoadSpreadElsewhere = double.NaN,
            Lockstep = _timing.Lockstep(members),
            Succession = _timing.Succession(members),
            OneOrganization = organizations.Count == 0 ? double.NaN
                : organizations.GroupBy(o => o).Max(g => g.Count()) / (double)members.Count,
            DeclaredApart = DeclaredApart(organizations, members.Count),
            Dealing = _lists.DealingOf(cluster),
            IsWorkList = cluster.IsWorkList,
        };
        return new Alone(facts, own - across, error, across.Turns - Population.Mean(habits.Select(h => h.OthersTopics)));
    }

    /// <summary>
    /// Of all the work of the likely accounts, in both halves: what forms a group is wording that its accounts have in common, and here the words are counted that few of them have.
    /// </summary>
    private KeptWords KeptOf(Cluster cluster)
    {
        var likely = cluster.Likely();
        return KeptWords.Of(_traffic, _templates, ByAccount(cluster.Extracting.FindAll(i => likely.Contains(_traffic.SubjectOf[i]))));
    }

    /// <summary>
    /// For each account of a group what <see cref="GroupFacts.OwnInterests"/> is for the group: how much more alike its own conversations are than one of
    /// its own and one of another account's, with the standard error. NaN where it has too few.
    /// </summary>
    public Dictionary<int, (double Own, double Error)> InterestsOf(Cluster cluster)
    {
        var work = cluster.Extracting;
        var template = new WordSet(Template(cluster.Test, PoolTest.Of(_traffic, _postings, cluster.Test, cluster.UnitBits.Keys)));
        var usual = _everybody.Without(cluster.Tested).Interests;
        var found = new Dictionary<int, (double, double)>();
        var pairs = new List<(int A, int B)>();
        foreach (var account in ByAccount(work))
        {
            var firsts = account.DistinctBy(_traffic.ThreadOf).Where(i => _traffic.Exchanges[i].SlotWords.Length > 0).DistinctBy(i => _traffic.Exchanges[i].User).Take(Population.MostConversations).ToList();
            _population.Pairs(firsts, 1, LeastPairs, pairs);
            List<double> own = pairs.ConvertAll(pair => _topics.Likeness(pair.A, pair.B, template).Turns), across = [];
            for (var k = 0; k < firsts.Count; k++)
            {
                var other = work[(int)(_traffic.IdOf(firsts[k]) / 11 % (ulong)work.Count)];
                if (_traffic.SubjectOf[other] != _traffic.SubjectOf[firsts[k]]) across.Add(_topics.Likeness(firsts[k], other, template).Turns);
            }

            double ofOwn = StandardError(own), ofAcross = StandardError(across);
            found.Add(_traffic.SubjectOf[account[0]], own.Count < LeastPairs || across.Count < LeastPairs ? (double.NaN, double.NaN)
                : ((own.Average() - across.Average()) / usual, Math.Sqrt((ofOwn * ofOwn) + (ofAcross * ofAcross)) / usual));
        }

        return found;
    }

    /// <summary>Pairs of conversations from which on one account's interests are measured.</summary>
    private const int LeastPairs = 6;

    /// <summary>The exchanges of one account after the other.</summary>
    /// <param name="exchanges">Ascending.</param>
    private List<List<int>> ByAccount(List<int> exchanges)
    {
        var accounts = new List<List<int>>();
        for (var k = 0; k < exchanges.Count;)
        {
            var first = k;
            while (k < exchanges.Count && _traffic.SubjectOf[exchanges[k]] == _traffic.SubjectOf[exchanges[first]]) k++;
            accounts.Add(exchanges.GetRange(first, k - first));
        }

        return accounts;
    }

    /// <summary>What everybody else would show of as many requests with tools and without.</summary>
    private double Elsewhere(List<int> test, Usual usual)
    {
        var tools = ShareWithTools(test, exchange => exchange.HasPrompt);
        if (double.IsNaN(tools)) return double.NaN;
        double plain = usual.AnyTechnique, agents = usual.AnyTechniqueWithTools;
        if (double.IsNaN(agents)) agents = plain;
        return double.IsNaN(plain) ? agents : (tools * agents) + ((1 - tools) * plain);
    }

    /// <summary>Of those of a group's requests that a condition holds for, the share with tools; NaN of none.</summary>
    private double ShareWithTools(List<int> test, Func<ExchangeFingerprint, bool> which)
    {
        int all = 0, withTools = 0;
        foreach (var i in test)
        {
            if (!which(_traffic.Exchanges[i])) continue;
            all++;
            if (Everybody.UsesTools(_traffic.Exchanges[i])) withTools++;
        }

        return all == 0 ? double.NaN : withTools / (double)all;
    }

    private (double Any, double[] Shares) Shown(List<int> exchanges)
    {
        var counts = new double[TechniqueIds.LearnedCount];
        double any = 0, all = 0;
        foreach (var i in exchanges)
        {
            if (!_traffic.Exchanges[i].HasPrompt) continue;
            all++;
            for (var t = 0; t < counts.Length; t++)
                if (_traffic.Exchanges[i].Scores[(Technique)t] >= ExchangeScoring.Even) counts[t]++;
            if (Everybody.Shows(_traffic.Exchanges[i])) any++;
        }

        for (var t = 0; t < counts.Length; t++) counts[t] /= Math.Max(1, all);
        return (all == 0 ? double.NaN : any / all, counts);
    }

    private HashSet<uint> Template(List<int> test, PoolTest pool)
    {
        var counts = new Dictionary<uint, (int Turns, int Accounts, int Last)>();
        var volumes = new Dictionary<int, int>();
        foreach (var i in test)
        {
            var account = _traffic.SubjectOf[i];
            CollectionsMarshal.GetValueRefOrAddDefault(volumes, account, out _)++;
            foreach (var word in _traffic.Exchanges[i].SlotWords)
            {
                ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, word, out _);
                if (count.Turns == 0 || count.Last != account) count.Accounts++;
                count.Last = account;
                count.Turns++;
            }
        }

        // Accounts of one volume are expected alike, and so are words of as many turns.
        var alike = volumes.Values.GroupBy(volume => volume).Select(group => (Volume: group.Key, Accounts: group.Count())).OrderBy(group => group.Volume).ToList();
        var least = new Dictionary<int, double>();
        var share = pool.Variety >= PoolVariety ? PoolShare : TemplateShare;
        return [.. counts.Where(pair => pair.Value.Turns > Math.Max(2, share * test.Count) && pair.Value.Accounts >= Least(pair.Value.Turns)).Select(pair => pair.Key)];

        double Least(int turns)
        {
            if (least.TryGetValue(turns, out var accounts)) return accounts;
            var rate = (double)turns / test.Count;
            accounts = AsIfAlike * alike.Sum(group => group.Accounts * (1 - Math.Pow(1 - rate, group.Volume)));
            least.Add(turns, accounts);
            return accounts;
        }
    }

    /// <summary>Exchanges of other accounts that each is compared with, at most, and pairs that are enough: in a large group each is compared with one.</summary>
    private const int MostAcross = 4, EnoughAcross = 1600;

    /// <summary>Mean likeness of what two different accounts of the group ask, over pairs picked by hash.</summary>
    private Likeness Across(List<int> test, WordSet template)
    {
        Likeness sum = default;
        var pairs = 0;
        var each = Math.Clamp(EnoughAcross / Math.Max(1, test.Count), 1, MostAcross);
        for (var k = 0; k < test.Count; k++)
        {
            var drawn = _traffic.IdOf(test[k]);
            for (var n = 0; n < each; n++)
            {
                drawn /= 7;
                var other = test[(int)(drawn % (ulong)test.Count)];
                if (_traffic.SubjectOf[other] == _traffic.SubjectOf[test[k]]) continue;
                sum += _topics.Likeness(test[k], other, template);
                pairs++;
            }
        }

        return sum / (pairs == 0 ? double.NaN : pairs);
    }

    /// <inheritdoc cref="GroupFacts.DeclaredApart"/>
    internal static double DeclaredApart(List<string> organizations, int accounts)
    {
        var largest = organizations.CountBy(name => name).Select(pair => pair.Value).OrderDescending().Take(SomeFirms).Sum();
        return organizations.Count < LeastDeclared || largest > MostOfFirms * organizations.Count ? 0 : (double)organizations.Count / accounts;
    }

    /// <summary>Firms of one trade are found as one group: three organisations are no many.</summary>
    private const int SomeFirms = 3, LeastDeclared = 6;

    private const double MostOfFirms = 0.5;

    /// <summary>Of the mean; of fewer than three values it is not known.</summary>
    private static double StandardError(List<double> values)
    {
        if (values.Count < 3) return double.NaN;
        var mean = values.Average();
        return Math.Sqrt(values.Sum(x => (x - mean) * (x - mean)) / (values.Count - 1.0) / values.Count);
    }

    private static double Median(IEnumerable<int> values)
    {
        int[] sorted = [.. values];
        Array.Sort(sorted);
        return sorted.Length == 0 ? double.NaN : sorted[sorted.Length / 2];
    }

    private static double Spread(IEnumerable<long> counts)
    {
        var logs = counts.Select(count => Math.Log(count)).ToList();
        if (logs.Count < 3) return double.NaN;
        var mean = logs.Average();
        return Math.Sqrt(logs.Sum(x => (x - mean) * (x - mean)) / (logs.Count - 1));
    }
}
