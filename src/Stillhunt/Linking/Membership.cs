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

    /// <summary>
    /// Background exchanges are at least this frequent, or as frequent as one in twice as many accounts: how sure one can be that strangers do
    /// not write them grows with the strangers that were looked at, as the prior falls.
    /// </summary>
    private const double LeastBackground = 1e-4, BackgroundAccounts = 0.5;

    private readonly Traffic _traffic;
    private readonly UnitPostings _postings;
    private readonly int[] _conversations;
    private readonly LogVolume _usual;

    /// <summary>Conversations -> how many accounts have so many.</summary>
    private readonly int[] _alike;

    // Used over and over: what groups of a hundred thousand exchanges need would otherwise be most of what is allocated.
    private readonly ThreadCount _threads = new();
    private readonly List<int> _marks = [];
    private readonly List<(int Account, int Conversations, int Exchanges)> _accounts = [];
    private readonly List<(int Place, int Mark, int Count)> _drawn = [];
    private (int Mark, int Count)[] _used = new (int, int)[1024];

    /// <summary>Over all exchanges; all false between two uses.</summary>
    private readonly bool[] _isWork;

    /// <summary>Over all accounts: where each of those that are looked at stands among them.</summary>
    private readonly int[] _places;

    public Membership(Traffic traffic, UnitPostings postings, Shares shares)
    {
        _traffic = traffic;
        _postings = postings;
        (_isWork, _places) = (new bool[traffic.Exchanges.Length], new int[traffic.Subjects.Count]);
        _conversations = shares.Of(traffic.Subjects, () => new ThreadCount(), Conversations);
        _usual = LogVolume.Of(_conversations.Where(count => count > 0));
        _alike = new int[_conversations.DefaultIfEmpty().Max() + 1];
        foreach (var count in _conversations.Where(count => count > 0)) _alike[count]++;

        int Conversations(ThreadCount threads, Subject subject)
        {
            for (var i = subject.First; i < subject.End; i++) threads.Add(traffic.ThreadOf(i));
            return threads.Take();
        }
    }

    private Membership(Membership other)
    {
        (_traffic, _postings, _conversations, _usual, _alike) = (other._traffic, other._postings, other._conversations, other._usual, other._alike);
        (_isWork, _places) = (new bool[_traffic.Exchanges.Length], new int[_traffic.Subjects.Count]);
    }

    /// <summary>The same for another thread, with tables of its own.</summary>
    public Membership Twin() => new(this);

    /// <summary>Lists the accounts of the exchanges, with the probability of each, and keeps the exchanges of the likely ones.</summary>
    /// <param name="work">Exchanges that look like the cluster's, ascending.</param>
    /// <param name="rounds">Of telling members from strangers; one takes the members as they are, so that a seed grows slowly.</param>
    public void Decide(Cluster cluster, List<int> work, int rounds)
    {
        var members = cluster.Likely();
        var own = Draws(work, cluster.UnitBits.Keys);
        var sent = own.ToDictionary(account => account.Account, account => account.Conversations);
        var core = ShareOfTypical * Typical([.. members.Select(member => sent.GetValueOrDefault(member))]);
        var volume = LogVolume.Of(members.Where(member => sent.TryGetValue(member, out var count) && count >= core).Select(member => _conversations[member]));
        var pool = new PoolDraws(own.Where(account => members.Contains(account.Account)), cluster.UnitBits.Count);
        var odds = Odds([.. own.Select(account => (account.Conversations, _conversations[account.Account], members.Contains(account.Account)))], core, rounds);

        // An account is a priori as likely to be the operator's as the cluster is large among all.
        cluster.Members = [.. own.Select(account => account.Account)];
        cluster.Probabilities = [];
        foreach (var account in own)
        {
            var all = _conversations[account.Account];
            var bits = odds(account.Conversations, all) - Caution
                + pool.Bits(account) - (account.Conversations == 1 ? Caution : 0)
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
        var none = (int[])_alike.Clone();
        foreach (var (_, all, _) in accounts) none[all]--;
        var apart = Enumerable.Range(0, none.Length).Where(count => none[count] > 0).Select(count => (0, count, (double)none[count])).ToList();
        var known = new Dictionary<(int, int), double>();
        BetaBinomial member = default, stranger = default;
        double prior = 0;
        for (var round = 0; round < rounds; round++)
        {
            var inside = new List<(int, int, double)>();
            var outside = apart.ToList();
            for (var a = 0; a < shares.Length; a++)
            {
                var (count, all, _) = accounts[a];
                if (count >= core) inside.Add((count, all, shares[a]));
                outside.Add((count, all, 1 - shares[a]));
            }

            member = BetaBinomial.Fit(inside, 0.05);
            stranger = BetaBinomial.Fit(outside, Math.Min(LeastBackground, BackgroundAccounts / _conversations.Length));
            prior = Math.Log2((shares.Sum() + 1) / (_conversations.Length + 1));
            known.Clear();
            for (var a = 0; a < shares.Length; a++) shares[a] = 1 / (1 + Math.Pow(2, -Bits(accounts[a].Count, accounts[a].All)));
        }

        return Bits;

        // Many accounts have the same two numbers.
        double Bits(int count, int all)
        {
            if (!known.TryGetValue((count, all), out var bits)) known.Add((count, all), bits = prior + member.Log2(count, all) - stranger.Log2(count, all));
            return bits;
        }
    }

    /// <summary>What each account drew, in the order of accounts; good until it is asked for again.</summary>
    /// <param name="work">Ascending.</param>
    /// <param name="marks">The units that mark the cluster.</param>
    private List<AccountDraws> Draws(List<int> work, IReadOnlyCollection<int> marks)
    {
        _marks.Clear();
        _marks.AddRange(marks);
        _marks.Sort();
        _accounts.Clear();
        for (var k = 0; k < work.Count;)
        {
            var (account, first) = (_traffic.SubjectOf[work[k]], k);
            for (; k < work.Count && _traffic.SubjectOf[work[k]] == account; k++) _threads.Add(_traffic.ThreadOf(work[k]));
            _places[account] = _accounts.Count;
            _accounts.Add((account, _threads.Take(), k - first));
        }

        var ends = Uses(work);
        return [.. _accounts.Select((account, at) => new AccountDraws(account.Account, account.Conversations, account.Exchanges, _used.AsMemory((at == 0 ? 0 : ends[at - 1])..ends[at])))];
    }

    /// <summary>Which marks each account used and how often, one account after the other; and where each one's end.</summary>
    /// <param name="work">Of the accounts, one after the other.</param>
    private int[] Uses(List<int> work)
    {
        // Mark by mark, as those who hold a mark stand together, and so do an account's exchanges among them; put in the order of accounts then.
        foreach (var i in work) _isWork[i] = true;
        var ends = new int[_accounts.Count];
        _drawn.Clear();
        for (var rank = 0; rank < _marks.Count; rank++)
        {
            var (last, count) = (-1, 0);
            foreach (var i in _postings.ExchangesWith(_marks[rank]))
            {
                if (!_isWork[i]) continue;
                var account = _traffic.SubjectOf[i];
                if (account != last)
                {
                    if (count > 0) _drawn.Add((_places[last], rank, count));
                    (last, count) = (account, 0);
                }

                count++;
            }

            if (count > 0) _drawn.Add((_places[last], rank, count));
        }

        foreach (var i in work) _isWork[i] = false;
        foreach (var (place, _, _) in _drawn) ends[place]++;
        for (int at = 0, sum = 0; at < ends.Length; at++)
        {
            // Until it is filled the end of each is where it begins.
            (ends[at], sum) = (sum, sum + ends[at]);
        }

        if (_used.Length < _drawn.Count) _used = new (int, int)[2 * _drawn.Count];
        foreach (var (place, rank, count) in _drawn) _used[ends[place]++] = (rank, count);
        return ends;
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
