namespace Stillhunt.Campaigns;

/// <summary>How many texts and accounts hold so many phrases of one campaign: its own, and everybody else's.</summary>
internal sealed class MatchTally
{
    private readonly HashSet<int> _members, _flagged;
    private readonly int[] _texts;
    private readonly Dictionary<int, List<int>> _own = [], _others = [];
    private readonly long _outsideTexts, _outsideAccounts;

    /// <param name="members">The campaign's accounts.</param>
    /// <param name="flagged">Accounts of all flagged campaigns; they are nobody's honest traffic and are not counted.</param>
    /// <param name="texts">Texts of every account.</param>
    public MatchTally(HashSet<int> members, HashSet<int> flagged, int[] texts)
    {
        (_members, _flagged, _texts) = (members, flagged, texts);
        for (var account = 0; account < texts.Length; account++)
        {
            if (texts[account] == 0 || members.Contains(account) || flagged.Contains(account)) continue;
            _outsideTexts += texts[account];
            _outsideAccounts++;
        }
    }

    /// <summary>Takes in a text of an account that holds so many of the phrases, at least one.</summary>
    public void Add(int account, int phrases)
    {
        var tally = _members.Contains(account) ? _own : _others;
        if (tally == _others && _flagged.Contains(account)) return;
        if (!tally.TryGetValue(account, out var counts)) tally.Add(account, counts = []);
        counts.Add(phrases);
    }

    /// <summary>Own texts that hold at least so many.</summary>
    public int OwnTexts(int least) => _own.Values.Sum(counts => counts.Count(phrases => phrases >= least));

    /// <summary>Accounts of the campaign of whose texts this share holds at least so many phrases, and accounts of everybody else of whose texts any does.</summary>
    public (int Own, int Elsewhere) Accounts(int least, double share) =>
        (_own.Count(pair => pair.Value.Count(phrases => phrases >= least) >= share * _texts[pair.Key]), _others.Values.Count(counts => counts.Exists(phrases => phrases >= least)));

    /// <summary>Whether at most these shares of everybody else's texts and accounts hold at least so many phrases.</summary>
    /// <param name="missedShare">An account of which this share of texts, and two at least, do is a worker that was missed...</param>
    /// <param name="mostMissed">... as long as there are at most so many of them for each of the campaign's own accounts.</param>
    public bool IsRare(int least, double mostTexts, double mostAccounts, double missedShare, double mostMissed)
    {
        var matching = _others.Select(pair => (Account: pair.Key, Texts: pair.Value.Count(phrases => phrases >= least))).Where(pair => pair.Texts > 0).ToList();
        var missed = matching.Where(pair => pair.Texts >= Math.Max(2, missedShare * _texts[pair.Account])).ToList();
        var strangers = missed.Count <= mostMissed * _members.Count ? [.. matching.Except(missed)] : matching;
        return strangers.Sum(pair => pair.Texts) <= mostTexts * _outsideTexts && strangers.Count <= mostAccounts * _outsideAccounts;
    }
}
