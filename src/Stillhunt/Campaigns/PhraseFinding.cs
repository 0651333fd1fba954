using System.Text;
using Stillhunt.Fingerprinting;
using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>Phrases of a campaign, how many of them make a match, who sends such prompts, and the words in them with their owners.</summary>
internal sealed record FoundPhrases(IReadOnlyList<FamilyPhrase> Phrases, PhraseMatch? Match, IReadOnlyDictionary<string, int> Words);

/// <summary>How many phrases make a match, of how many accounts of the campaign at least half of the texts do, and of how many elsewhere any text does.</summary>
internal sealed record PhraseMatch(int Least, int Accounts, int Elsewhere);

/// <summary>A reported campaign: its accounts, its own exchanges, its skeletons, and whether it is flagged.</summary>
internal sealed record PhraseGroup(HashSet<int> Members, IReadOnlyList<int> Extracting, IReadOnlyList<string> Skeletons, bool IsFlagged);

/// <summary>
/// The phrases that tell each campaign's prompts from everybody else's, and how many unlinked owners use each word: the raw material of a
/// sketch that leaves the house. Three passes over the sampled texts, whatever the number of campaigns.
/// </summary>
internal sealed class PhraseFinding
{
    /// <summary>A word or phrase of fewer owners is never written down.</summary>
    public const int LeastOwners = Skeletons.LeastOwners;

    /// <summary>Owners of a word are counted so far; no profile asks for more.</summary>
    private const int MostCounted = 64;

    private const int MostTexts = 600;
    private const int MostPhrases = 160;

    /// <summary>A phrase must be this many times as common in the campaign as elsewhere.</summary>
    private const double LeastLift = 20;

    /// <summary>
    /// And held by at most one text in a thousand elsewhere. What an operator asks about others ask about too: with a weaker bound, items from public
    /// task lists came into the sketches, whose three neighbouring phrases then hit one honest account in ten (range, seed 7, halved).
    /// </summary>
    private const double MostElsewhere = 0.001;

    /// <summary>
    /// What fewer than one in ten of the campaign's own texts hold must be rarer still elsewhere, by five times: with few texts to choose from, items came in that way (a campaign of
    /// nine accounts, range, seed 7).
    /// </summary>
    private const double CentralShare = 0.1, MostElsewhereOfRest = 0.0002;

    /// <summary>Of the texts of everybody else a sketch may match this share, one in two thousand, and of their accounts one in five hundred.</summary>
    private const double MostFalse = 0.0005, MostFalseAccounts = 0.002;

    /// <summary>Phrases of one text that make a match, at least and at most.</summary>
    private const int FewestPhrases = 3, MostLeast = 12;

    /// <summary>
    /// More phrases are asked for than the texts of everybody else make necessary, up to this many, as long as the sketch keeps this share of the campaign's own texts: elsewhere there is
    /// more traffic than was sampled here. Asking for more than six would lose prompts that were reworded.
    /// </summary>
    private const int EnoughPhrases = 6;
    private const double LeastKept = 0.9;

    /// <summary>
    /// Accounts of which at least half of the texts match are workers that detection missed and no chance hits, as long as they are at most a quarter of those that it found.
    /// Counted as everybody else they left two of 31 campaigns without a sketch (range, seed 11, halved).
    /// </summary>
    private const double MissedShare = 0.5, MostMissed = 0.25;

    /// <summary>Share of an account's texts that makes it one that sends such prompts; as a replacement is recognised by (Ledger/SuccessionTally).</summary>
    private const double MatchingShare = 0.5;

    /// <summary>Words of one text that are looked at.</summary>
    private const int MostWords = 4096;

    private readonly Traffic _traffic;
    private readonly UnlinkedOwners _owners;
    private readonly IReadOnlyList<PhraseGroup> _groups;
    private readonly Shares _shares;

    /// <summary>Of each group the texts that were looked at, and the words of its skeletons; and how many texts stand outside of it.</summary>
    private readonly int[] _texts, _outside;
    private readonly List<Dictionary<ulong, string>> _skeletonWords;

    private readonly Word[] _words = new Word[MostWords];
    private readonly Dictionary<ulong, List<(int Group, PhraseCount Count)>> _phrases = [];
    private readonly Dictionary<ulong, Users> _users = [];

    /// <summary>Phrases of the text that is looked at.</summary>
    private readonly HashSet<ulong> _seen = [];

    private sealed class PhraseCount
    {
        public required ulong Phrase { get; init; }
        public required string Text { get; init; }
        public required Word[] Words { get; init; }
        public HashSet<int> Accounts { get; } = [];
        public int Inside { get; set; }
        public int Elsewhere { get; set; }
    }

    private sealed class Users
    {
        public HashSet<int> Owners { get; } = [];
        public HashSet<ulong> Systems { get; } = [];

        // One system prompt is one author, however many accounts send it.
        public int Least => Math.Min(Owners.Count, Systems.Count);
    }

    public PhraseFinding(Traffic traffic, UnlinkedOwners owners, IReadOnlyList<PhraseGroup> groups, Shares shares)
    {
        (_traffic, _owners, _groups, _shares) = (traffic, owners, groups, shares);
        _texts = new int[groups.Count];
        _outside = new int[groups.Count];
        var collected = shares.Of(groups, () => new Word[MostWords], Collect);
        for (var g = 0; g < groups.Count; g++)
        {
            _texts[g] = collected[g].Texts;
            foreach (var count in collected[g].Phrases)
            {
                if (!_phrases.TryGetValue(count.Phrase, out var list)) _phrases.Add(count.Phrase, list = []);
                list.Add((g, count));
                foreach (var word in count.Words) _users.TryAdd(word.Hash, new Users());
            }
        }

        _skeletonWords = [.. groups.Select(group => WordsOf(group.Skeletons))];
    }

    /// <summary>Who uses these phrases and words; for one thread.</summary>
    public void CountEverybody()
    {
        for (var i = 0; i < _traffic.Exchanges.Length; i++)
            if (_traffic.Exchanges[i].Text is { } text) CountEverybody(i, text);
    }

    /// <summary>Of each group, once everybody was counted.</summary>
    public List<FoundPhrases> Find()
    {
        var byGroup = _groups.Select(_ => new List<PhraseCount>()).ToList();
        foreach (var (group, count) in _phrases.Values.SelectMany(list => list)) byGroup[group].Add(count);
        var chosen = _groups.Select((_, g) => Choose(byGroup[g], _texts[g], _outside[g])).ToList();
        var least = LeastOf(chosen);
        return [.. _groups.Select((_, g) => new FoundPhrases(
            least[g] is null ? [] : [.. chosen[g].Select(phrase => Write(phrase, _texts[g], _outside[g]))], least[g], WordsOf(chosen[g], _skeletonWords[g])))];
    }

    /// <summary>
    /// How many phrases of a campaign a text must hold so that hardly a text of anybody else does: counted, since neighbouring phrases come together. Accounts of another flagged
    /// campaign are not anybody: operators share recipes. Null where no number is enough.
    /// </summary>
    private List<PhraseMatch?> LeastOf(List<List<PhraseCount>> chosen)
    {
        var groupsOf = chosen.SelectMany((counts, g) => counts.Select(count => (count.Phrase, Group: g))).GroupBy(pair => pair.Phrase, pair => pair.Group).ToDictionary(pair => pair.Key, pair => pair.ToArray());
        var flagged = _groups.Where(group => group.IsFlagged).SelectMany(group => group.Members).ToHashSet();
        var texts = new int[_traffic.Subjects.Count];
        for (var i = 0; i < _traffic.Exchanges.Length; i++)
            if (_traffic.Exchanges[i].Text is not null) texts[_traffic.SubjectOf[i]]++;
        var tallies = chosen.Select((_, g) => new MatchTally(_groups[g].Members, flagged, texts)).ToList();
        var hits = new List<(int Group, int Account, int Phrases)>[_shares.SliceCount];
        _shares.Slices(_traffic.Exchanges.Length, (slice, from, to) => hits[slice] = Hits(groupsOf, from, to));
        foreach (var (group, account, phrases) in hits.SelectMany(slice => slice)) tallies[group].Add(account, phrases);
        return [.. chosen.Select((counts, g) => LeastOf(counts.Count, tallies[g]) is { } least && tallies[g].Accounts(least, MatchingShare) is var accounts ? new PhraseMatch(least, accounts.Own, accounts.Elsewhere) : null)];
    }

    /// <summary>For each of some texts the groups whose phrases it holds, and how many.</summary>
    private List<(int Group, int Account, int Phrases)> Hits(Dictionary<ulong, int[]> groupsOf, int from, int to)
    {
        var found = new List<(int, int, int)>();
        var words = new Word[MostWords];
        var hits = new int[_groups.Count];
        var seen = new HashSet<ulong>();
        for (var i = from; i < to; i++)
        {
            if (_traffic.Exchanges[i].Text is not { } text) continue;
            seen.Clear();
            Array.Clear(hits);
            var count = SharedWords.Scan(text, words);
            for (var end = 0; end < count; end++)
            {
                if (!SharedWords.TryPhrase(words.AsSpan(0, count), end, out _, out var phrase) || !groupsOf.TryGetValue(phrase, out var of) || !seen.Add(phrase)) continue;
                foreach (var g in of) hits[g]++;
            }

            for (var g = 0; g < hits.Length; g++)
                if (hits[g] > 0) found.Add((g, _traffic.SubjectOf[i], Math.Min(hits[g], MostLeast)));
        }

        return found;
    }

    private static int? LeastOf(int phrases, MatchTally tally)
    {
        if (phrases < FewestPhrases) return null;
        var most = Math.Min(MostLeast, phrases);
        var least = FewestPhrases;
        while (least <= most && !tally.IsRare(least, MostFalse, MostFalseAccounts, MissedShare, MostMissed)) least++;
        if (least > most) return null;
        var kept = tally.OwnTexts(least);
        while (least < Math.Min(EnoughPhrases, most) && tally.OwnTexts(least + 1) >= LeastKept * kept) least++;
        return least;
    }

    /// <summary>The phrases of some of a group's own texts, and how many texts these are.</summary>
    /// <param name="buffer">For the words of a text.</param>
    private (int Texts, List<PhraseCount> Phrases) Collect(Word[] buffer, PhraseGroup group)
    {
        var own = new Dictionary<ulong, PhraseCount>();
        var seen = new HashSet<ulong>();
        var texts = 0;
        foreach (var i in group.Extracting.Where(i => group.Members.Contains(_traffic.SubjectOf[i]) && _traffic.Exchanges[i].Text is not null).Take(MostTexts))
        {
            texts++;
            seen.Clear();
            var text = _traffic.Exchanges[i].Text!;
            var count = SharedWords.Scan(text, buffer);
            for (var end = 0; end < count; end++)
            {
                if (!SharedWords.TryPhrase(buffer.AsSpan(0, count), end, out var start, out var phrase) || !seen.Add(phrase)) continue;
                if (!own.TryGetValue(phrase, out var found))
                {
                    var words = buffer[start..(end + 1)];
                    own.Add(phrase, found = new PhraseCount { Phrase = phrase, Text = Joined(text, words), Words = words });
                }

                found.Inside++;
                found.Accounts.Add(_traffic.SubjectOf[i]);
            }
        }

        return (texts, [.. own.Values.Where(count => count.Accounts.Count >= LeastOwners)]);
    }

    /// <summary>Words of the skeletons with their text; they are counted as the phrases' are.</summary>
    private Dictionary<ulong, string> WordsOf(IEnumerable<string> skeletons)
    {
        var words = new Dictionary<ulong, string>();
        foreach (var skeleton in skeletons)
        {
            var text = Encoding.UTF8.GetBytes(skeleton);
            var count = SharedWords.Scan(text, _words);
            for (var i = 0; i < count; i++)
            {
                words[_words[i].Hash] = SharedWords.Text(text, _words[i]);
                _users.TryAdd(_words[i].Hash, new Users());
                if (i == 0 || !SharedWords.TryPair(_words[i - 1], _words[i], out var pair)) continue;
                words[pair] = SharedWords.Text(text, _words[i - 1]) + SharedWords.Text(text, _words[i]);
                _users.TryAdd(pair, new Users());
            }
        }

        return words;
    }

    private void CountEverybody(int exchange, byte[] text)
    {
        var subject = _traffic.SubjectOf[exchange];
        var owner = _owners.Of(subject);
        var system = _traffic.Exchanges[exchange].System is var hash and not 0 ? hash : (1UL << 32) + (ulong)owner;
        for (var g = 0; g < _groups.Count; g++)
            if (!_groups[g].Members.Contains(subject)) _outside[g]++;
        _seen.Clear();
        var count = SharedWords.Scan(text, _words);
        for (var end = 0; end < count; end++)
        {
            CountUser(_words[end].Hash, owner, system);
            if (end > 0 && SharedWords.TryPair(_words[end - 1], _words[end], out var pair)) CountUser(pair, owner, system);
            if (!SharedWords.TryPhrase(_words.AsSpan(0, count), end, out _, out var phrase) || !_phrases.TryGetValue(phrase, out var list) || !_seen.Add(phrase)) continue;
            foreach (var (group, found) in list)
                if (!_groups[group].Members.Contains(subject)) found.Elsewhere++;
        }
    }

    private void CountUser(ulong word, int owner, ulong system)
    {
        if (!_users.TryGetValue(word, out var users) || users.Least >= MostCounted) return;
        users.Owners.Add(owner);
        users.Systems.Add(system);
    }

    private List<PhraseCount> Choose(List<PhraseCount> counts, int texts, int outside) =>
        [.. counts.Where(count => Array.TrueForAll(count.Words, IsCommon))
            .Select(count => (Count: count, Share: count.Inside / (double)texts, Least: (count.Elsewhere + 0.5) / (outside + 1)))
            .Where(phrase => phrase.Share >= LeastLift * phrase.Least && phrase.Count.Elsewhere <= (phrase.Share < CentralShare ? MostElsewhereOfRest : MostElsewhere) * outside)
            .OrderByDescending(phrase => phrase.Share * Math.Log2(phrase.Share / phrase.Least)).ThenBy(phrase => phrase.Count.Text, StringComparer.Ordinal)
            .Take(MostPhrases).Select(phrase => phrase.Count)];

    private static FamilyPhrase Write(PhraseCount count, int texts, int outside) => new()
    {
        Words = count.Text, AccountCount = count.Accounts.Count, Share = Math.Round(count.Inside / (double)texts, 5), Elsewhere = Math.Round(count.Elsewhere / (double)Math.Max(1, outside), 6),
    };

    private SortedDictionary<string, int> WordsOf(List<PhraseCount> chosen, Dictionary<ulong, string> skeletonWords)
    {
        var words = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (word, text) in chosen.SelectMany(count => count.Words.Zip(count.Text.Split(' '), (word, text) => (word.Hash, text))).Concat(skeletonWords.Select(pair => (pair.Key, pair.Value))))
        {
            if (_users[word].Least is var least && least >= LeastOwners) words[text] = Math.Min(least, MostCounted);
        }

        return words;
    }

    private bool IsCommon(Word word) => _users[word.Hash].Least >= LeastOwners || SharedWords.IsPublic(word);

    private static string Joined(byte[] text, Word[] words) => string.Join(' ', words.Select(word => SharedWords.Text(text, word)));
}
