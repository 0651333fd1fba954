using System.Text;
using Stillhunt.Fingerprinting;
using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>
/// The phrases that tell each campaign's prompts from everybody else's, and how many unlinked owners use each word: the raw material of a
/// sketch that leaves the house. Two passes over the sampled texts, whatever the number of campaigns.
/// </summary>
internal sealed class PhraseFinding(Traffic traffic, UnlinkedOwners owners)
{
    /// <summary>A word or phrase of fewer owners is never written down.</summary>
    public const int LeastOwners = Skeletons.LeastOwners;

    /// <summary>Owners of a word are counted so far; no profile asks for more.</summary>
    private const int MostCounted = 64;

    private const int MostTexts = 600;
    private const int MostPhrases = 160;

    /// <summary>A phrase must be this many times as common in the campaign as elsewhere.</summary>
    private const double LeastLift = 4;

    private readonly Word[] _words = new Word[4096];
    private readonly Dictionary<ulong, List<(int Group, Count Count)>> _phrases = [];
    private readonly Dictionary<ulong, Users> _users = [];

    private sealed class Count
    {
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

    /// <param name="groups">For each campaign its accounts, its own exchanges, and its skeletons.</param>
    public List<(IReadOnlyList<FamilyPhrase> Phrases, IReadOnlyDictionary<string, int> Words)> Find(
        IReadOnlyList<(HashSet<int> Members, IReadOnlyList<int> Extracting, IReadOnlyList<string> Skeletons)> groups)
    {
        var texts = new int[groups.Count];
        var outside = new int[groups.Count];
        for (var g = 0; g < groups.Count; g++) texts[g] = Collect(g, groups[g].Extracting.Where(i => groups[g].Members.Contains(traffic.SubjectOf[i])));
        var skeletonWords = groups.Select(group => WordsOf(group.Skeletons)).ToList();
        for (var i = 0; i < traffic.Exchanges.Length; i++)
            if (traffic.Exchanges[i].Text is { } text) CountEverybody(i, text, groups, outside);
        var byGroup = groups.Select(_ => new List<Count>()).ToList();
        foreach (var (group, count) in _phrases.Values.SelectMany(list => list)) byGroup[group].Add(count);
        return [.. groups.Select((_, g) => Choose(byGroup[g], texts[g], outside[g], skeletonWords[g]))];
    }

    private int Collect(int group, IEnumerable<int> exchanges)
    {
        var own = new Dictionary<ulong, Count>();
        var seen = new HashSet<ulong>();
        var texts = 0;
        foreach (var i in exchanges.Where(i => traffic.Exchanges[i].Text is not null).Take(MostTexts))
        {
            texts++;
            seen.Clear();
            var text = traffic.Exchanges[i].Text!;
            var count = SharedWords.Scan(text, _words);
            for (var end = 0; end < count; end++)
            {
                if (!SharedWords.TryPhrase(_words.AsSpan(0, count), end, out var start, out var phrase) || !seen.Add(phrase)) continue;
                if (!own.TryGetValue(phrase, out var found))
                {
                    var words = _words[start..(end + 1)];
                    own.Add(phrase, found = new Count { Text = Joined(text, words), Words = words });
                }

                found.Inside++;
                found.Accounts.Add(traffic.SubjectOf[i]);
            }
        }

        foreach (var (phrase, count) in own.Where(pair => pair.Value.Accounts.Count >= LeastOwners))
        {
            if (!_phrases.TryGetValue(phrase, out var list)) _phrases.Add(phrase, list = []);
            list.Add((group, count));
            foreach (var word in count.Words) _users.TryAdd(word.Hash, new Users());
        }

        return texts;
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
            }
        }

        return words;
    }

    private void CountEverybody(
        int exchange, byte[] text, IReadOnlyList<(HashSet<int> Members, IReadOnlyList<int> Extracting, IReadOnlyList<string> Skeletons)> groups, int[] outside)
    {
        var subject = traffic.SubjectOf[exchange];
        var owner = owners.Of(subject);
        var system = traffic.Exchanges[exchange].System is var hash and not 0 ? hash : (1UL << 32) + (ulong)owner;
        for (var g = 0; g < groups.Count; g++)
            if (!groups[g].Members.Contains(subject)) outside[g]++;
        var seen = new HashSet<ulong>();
        var count = SharedWords.Scan(text, _words);
        for (var end = 0; end < count; end++)
        {
            if (_users.TryGetValue(_words[end].Hash, out var users) && users.Least < MostCounted)
            {
                users.Owners.Add(owner);
                users.Systems.Add(system);
            }

            if (!SharedWords.TryPhrase(_words.AsSpan(0, count), end, out _, out var phrase) || !_phrases.TryGetValue(phrase, out var list) || !seen.Add(phrase)) continue;
            foreach (var (group, found) in list)
                if (!groups[group].Members.Contains(subject)) found.Elsewhere++;
        }
    }

    private (IReadOnlyList<FamilyPhrase>, IReadOnlyDictionary<string, int>) Choose(List<Count> counts, int texts, int outside, Dictionary<ulong, string> skeletonWords)
    {
        var chosen = counts.Where(count => Array.TrueForAll(count.Words, IsCommon))
            .Select(count => (Count: count, Share: count.Inside / (double)texts, Elsewhere: count.Elsewhere / (double)Math.Max(1, outside), Least: (count.Elsewhere + 0.5) / (outside + 1)))
            .Where(phrase => phrase.Share >= LeastLift * phrase.Least)
            .OrderByDescending(phrase => phrase.Share * Math.Log2(phrase.Share / phrase.Least)).ThenBy(phrase => phrase.Count.Text, StringComparer.Ordinal)
            .Take(MostPhrases).ToList();
        var words = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (word, text) in chosen.SelectMany(phrase => phrase.Count.Words.Zip(phrase.Count.Text.Split(' '), (word, text) => (word.Hash, text)))
            .Concat(skeletonWords.Select(pair => (pair.Key, pair.Value))))
        {
            if (_users[word].Least is var least && least >= LeastOwners) words[text] = Math.Min(least, MostCounted);
        }

        return ([.. chosen.Select(phrase => new FamilyPhrase
        {
            Words = phrase.Count.Text, AccountCount = phrase.Count.Accounts.Count, Share = Math.Round(phrase.Share, 5), Elsewhere = Math.Round(phrase.Elsewhere, 6),
        })], words);
    }

    private bool IsCommon(Word word) => _users[word.Hash].Least >= LeastOwners || SharedWords.IsPublic(word);

    private static string Joined(byte[] text, Word[] words) => string.Join(' ', words.Select(word => SharedWords.Text(text, word)));
}
