namespace Stillhunt.Linking;

/// <summary>
/// Which accounts belong to a cluster: how often an account's conversations are the cluster's is compared with how often members' and
/// strangers' are, each a beta distribution of its own. An honest account that borrowed the wording now and then stays a stranger
/// beside operators who do little else; beside diluted ones it is judged by how rare borrowing is.
/// </summary>
internal sealed class Membership
{
    /// <summary>Members are described by those that send at least this share of what the typical one sends.</summary>
    private const double ShareOfTypical = 0.2;

    /// <summary>
    /// Bits that every account must bring beside the odds, and again where one conversation is all there is: an honest customer in the list of
    /// accounts to act on costs more than an operator's account left out of it.
    /// </summary>
    private const double Caution = 2;

    /// <summary>
    /// How much an account's volume may count: somebody who sent a public prompt three times is no worker of an operator whose workers send
    /// sixty, while a replacement that has just begun may be.
    /// </summary>
    private const double LeastBitsOfVolume = -4, MostBitsOfVolume = 0;

    /// <summary>Background exchanges are at least this frequent: no population is so large that chance is excluded.</summary>
    private const double LeastBackground = 1e-4;

    private readonly Traffic _traffic;
    private readonly UnitPostings _postings;
    private readonly int[] _conversations;
    private readonly LogVolume _usual;

    /// <summary>Conversations -> how many accounts have so many.</summary>
    private readonly SortedDictionary<int, int> _alike = [];

    public Membership(Traffic traffic, UnitPostings postings)
    {
        _traffic = traffic;
        _postings = postings;
        _conversations = [.. traffic.Subjects.Select(s => Enumerable.Range(s.First, s.SampleCount)
            .Select(i => traffic.Exchanges[i].Thread).Distinct().Count())];
        _usual = LogVolume.Of(_conversations.Where(count => count > 0));
        foreach (var count in _conversations.Where(count => count > 0)) _alike[count] = _alike.GetValueOrDefault(count) + 1;
    }

    /// <summary>Lists the accounts of the exchanges, with the probability of each, and keeps the exchanges of the likely ones.</summary>
    /// <param name="work">Exchanges that look like the cluster's, ascending.</param>
    /// <param name="rounds">Of telling members from strangers; one takes the members as they are, so that a seed grows slowly.</param>
    public void Decide(Cluster cluster, List<int> work, int rounds)
    {
        var members = cluster.Likely();
        var own = new SortedDictionary<int, (int Conversations, Dictionary<int, int> Units, int Exchanges)>();
        foreach (var account in work.GroupBy(i => _traffic.SubjectOf[i])) own.Add(account.Key, Drawn(cluster, [.. account]));
        var core = ShareOfTypical * Typical([.. members.Select(member => own.TryGetValue(member, out var sent) ? sent.Conversations : 0)]);
        var volume = LogVolume.Of(members.Where(member => own.TryGetValue(member, out var sent) && sent.Conversations >= core).Select(member => _conversations[member]));
        var pool = new PoolDraws(own.Where(pair => members.Contains(pair.Key)).Select(pair => (pair.Value.Units, pair.Value.Exchanges)));
        var accounts = own.Select(pair => (Count: pair.Value.Conversations, All: _conversations[pair.Key], IsMember: members.Contains(pair.Key))).ToList();
        var odds = Odds(accounts, core, rounds);

        // An account is a priori as likely to be the operator's as the cluster is large among all.
        cluster.Members = [.. own.Keys];
        cluster.Probabilities = [];
        foreach (var (subject, (count, units, exchanges)) in own)
        {
            var all = _conversations[subject];
            var bits = odds(count, all) - Caution
                + pool.Bits(units, exchanges) - (count == 1 ? Caution : 0)
                + Math.Clamp(volume.Log2(all) - _usual.Log2(all), LeastBitsOfVolume, MostBitsOfVolume);
            cluster.Probabilities.Add(1 / (1 + Math.Pow(2, -bits)));
        }

        var kept = cluster.Likely();
        cluster.Extracting = [.. work.Where(i => kept.Contains(_traffic.SubjectOf[i]))];
    }

    /// <summary>
    /// Bits for membership of an account with so many of its conversations in the cluster. Members and strangers are told apart by expectation
    /// and maximisation: accounts that are not listed yet would otherwise make strangers look like members.
    /// </summary>
    private Func<int, int, double> Odds(List<(int Count, int All, bool IsMember)> accounts, double core, int rounds)
    {
        var shares = accounts.Select(account => account.IsMember ? 1.0 : 0).ToArray();
        var none = new SortedDictionary<int, int>(_alike);
        foreach (var (_, all, _) in accounts) none[all]--;
        BetaBinomial member = default, stranger = default;
        double prior = 0;
        for (var round = 0; round < rounds; round++)
        {
            var inside = new List<(int, int, double)>();
            var outside = none.Where(pair => pair.Value > 0).Select(pair => (0, pair.Key, (double)pair.Value)).ToList();
            for (var a = 0; a < shares.Length; a++)
            {
                var (count, all, _) = accounts[a];
                if (count >= core) inside.Add((count, all, shares[a]));
                outside.Add((count, all, 1 - shares[a]));
            }

            member = BetaBinomial.Fit(inside, 0.05);
            stranger = BetaBinomial.Fit(outside, LeastBackground);
            prior = Math.Log2((shares.Sum() + 1) / (_conversations.Length + 1));
            for (var a = 0; a < shares.Length; a++) shares[a] = 1 / (1 + Math.Pow(2, -Bits(accounts[a].Count, accounts[a].All)));
        }

        return Bits;

        double Bits(int count, int all) => prior + member.Log2(count, all) - stranger.Log2(count, all);
    }

    /// <summary>An account's conversations among the exchanges, and the cluster's units that it used in how many exchanges.</summary>
    private (int Conversations, Dictionary<int, int> Units, int Exchanges) Drawn(Cluster cluster, List<int> exchanges)
    {
        var units = new Dictionary<int, int>();
        foreach (var unit in exchanges.SelectMany(_postings.UnitsOf).Where(cluster.UnitBits.ContainsKey)) units[unit] = units.GetValueOrDefault(unit) + 1;
        return (exchanges.Select(i => _traffic.Exchanges[i].Thread).Distinct().Count(), units, exchanges.Count);
    }

    /// <summary>
    /// The count in the middle, accounts weighed by the root of theirs: strangers, many with little or few with much, hardly move it.
    /// </summary>
    private static int Typical(List<int> counts)
    {
        var half = counts.Sum(count => Math.Sqrt(count)) / 2;
        foreach (var count in counts.OrderDescending())
        {
            half -= Math.Sqrt(count);
            if (half <= 0) return count;
        }

        return 0;
    }
}
