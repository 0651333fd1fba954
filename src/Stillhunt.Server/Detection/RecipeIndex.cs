using System.Text;
using Stillhunt.Fingerprinting;
using Stillhunt.Ingest;
using Stillhunt.Ledger;

namespace Stillhunt.Server.Detection;

/// <summary>
/// The phrases that tell known campaigns' prompts from everybody else's; says whose an exchange holds enough of. A match is one that at most one text in
/// two thousand of everybody else's was, at the detection that found the phrases. For one thread.
/// </summary>
internal sealed class RecipeIndex
{
    private const int MostText = 4096;

    private readonly Dictionary<ulong, List<int>> _holders = [];
    private readonly int[] _least;
    private readonly int[] _hits;
    private readonly HashSet<ulong> _seen = [];
    private readonly Word[] _words = new Word[MostText];
    private readonly List<int> _matched = [];

    public RecipeIndex(IReadOnlyList<TrackedCampaign> campaigns)
    {
        Campaigns = [.. campaigns.Where(campaign => campaign is { Stands: true, Announced: true, Outcome: not ReviewOutcome.Dismissed, Latest.Indicators: { LeastPhrases: not null, Phrases.Count: > 0 } })];
        (_least, _hits) = (new int[Campaigns.Count], new int[Campaigns.Count]);
        for (var i = 0; i < Campaigns.Count; i++)
        {
            var known = Campaigns[i].Latest.Indicators!;
            _least[i] = known.LeastPhrases!.Value;
            foreach (var phrase in known.Phrases) Add(i, phrase.Words);
        }
    }

    /// <summary>Flagged campaigns that are known by their phrases.</summary>
    public IReadOnlyList<TrackedCampaign> Campaigns { get; }

    /// <summary>Positions of the campaigns whose prompts these are. The list is used again at the next call.</summary>
    public IReadOnlyList<int> Match(Exchange exchange)
    {
        _matched.Clear();
        if (Campaigns.Count == 0 || !exchange.HasPrompt) return _matched;
        Array.Clear(_hits);
        _seen.Clear();
        for (var part = 0; part < exchange.PartCount; part++)
        {
            if (exchange.RoleOf(part) is not (PartRole.System or PartRole.User)) continue;
            var text = exchange.TextOf(part);
            // Head and tail: instructions stand at the edges of what they are about.
            Look(text[..Math.Min(text.Length, MostText)]);
            if (text.Length > MostText) Look(text[^Math.Min(MostText, text.Length - MostText)..]);
        }

        for (var i = 0; i < _hits.Length; i++)
            if (_hits[i] >= _least[i]) _matched.Add(i);
        return _matched;
    }

    private void Look(ReadOnlySpan<byte> text)
    {
        var words = _words.AsSpan(0, SharedWords.Scan(text, _words));
        for (var end = 0; end < words.Length; end++)
        {
            if (!SharedWords.TryPhrase(words, end, out _, out var phrase) || !_holders.TryGetValue(phrase, out var holders) || !_seen.Add(phrase)) continue;
            foreach (var holder in holders) _hits[holder]++;
        }
    }

    private void Add(int campaign, string phrase)
    {
        var words = _words.AsSpan(0, SharedWords.Scan(Encoding.UTF8.GetBytes(phrase), _words));
        if (words.Length == 0 || !SharedWords.TryPhrase(words, words.Length - 1, out _, out var value)) return;
        if (!_holders.TryGetValue(value, out var holders)) _holders.Add(value, holders = []);
        if (!holders.Contains(campaign)) holders.Add(campaign);
    }
}
