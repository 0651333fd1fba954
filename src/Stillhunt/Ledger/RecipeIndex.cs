using System.Text;
using Stillhunt.Fingerprinting;
using Stillhunt.Ingest;

namespace Stillhunt.Ledger;

/// <summary>
/// The phrases that tell known campaigns' prompts from everybody else's; says whose an exchange holds enough of. A match is one that at most one text in
/// two thousand of everybody else's was, at the detection that found the phrases. For one thread.
/// </summary>
internal sealed class RecipeIndex
{
    private const int MostWords = 4096;

    private readonly Dictionary<ulong, List<(int Campaign, int Phrase)>> _holders = [];
    private readonly IReadOnlyList<TrackedCampaign> _campaigns;
    private readonly int[] _least;
    private readonly int[] _hits;
    private readonly List<(int Campaign, int Phrase)> _touched = [];
    private readonly HashSet<ulong> _seen = [];
    private readonly RequestText _text = new();
    private readonly Word[] _words = new Word[MostWords];
    private readonly List<int> _matched = [];

    public RecipeIndex(IReadOnlyList<TrackedCampaign> campaigns)
    {
        _campaigns = campaigns;
        (_least, _hits) = (new int[campaigns.Count], new int[campaigns.Count]);
        for (var i = 0; i < campaigns.Count; i++)
        {
            if (campaigns[i].Latest.Indicators is not { LeastPhrases: { } least } known) continue;
            _least[i] = least;
            for (var phrase = 0; phrase < known.Phrases.Count; phrase++) Add(i, phrase, known.Phrases[phrase].Words);
        }
    }

    /// <summary>Positions of the campaigns whose prompts these are. The list is used again at the next call.</summary>
    public IReadOnlyList<int> Match(Exchange exchange)
    {
        _matched.Clear();
        _touched.Clear();
        if (_holders.Count == 0 || !exchange.HasPrompt) return _matched;
        _seen.Clear();
        // The same text that the phrases were found and counted in: of a longer one more would match than was measured.
        Look(_text.Edges(exchange));
        // Only what was met is counted and cleared: most prompts meet no campaign.
        foreach (var (campaign, _) in _touched)
            if (++_hits[campaign] == _least[campaign]) _matched.Add(campaign);
        foreach (var (campaign, _) in _touched) _hits[campaign] = 0;
        return _matched;
    }

    /// <summary>Of the exchange that was matched last, the phrases of a campaign in it that say most, up to so many.</summary>
    public IReadOnlyList<string> Phrases(int campaign, int most) =>
        [.. _touched.Where(hit => hit.Campaign == campaign).Select(hit => hit.Phrase).Order().Take(most).Select(phrase => _campaigns[campaign].Latest.Indicators!.Phrases[phrase].Words)];

    private void Look(ReadOnlySpan<byte> text)
    {
        var words = _words.AsSpan(0, SharedWords.Scan(text, _words));
        for (var end = 0; end < words.Length; end++)
        {
            if (!SharedWords.TryPhrase(words, end, out _, out var phrase) || !_holders.TryGetValue(phrase, out var holders) || !_seen.Add(phrase)) continue;
            _touched.AddRange(holders);
        }
    }

    private void Add(int campaign, int number, string phrase)
    {
        var words = _words.AsSpan(0, SharedWords.Scan(Encoding.UTF8.GetBytes(phrase), _words));
        if (words.Length == 0 || !SharedWords.TryPhrase(words, words.Length - 1, out _, out var value)) return;
        if (!_holders.TryGetValue(value, out var holders)) _holders.Add(value, holders = []);
        if (!holders.Exists(hit => hit.Campaign == campaign)) holders.Add((campaign, number));
    }
}
