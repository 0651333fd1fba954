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
    /// <summary>Campaigns that are looked for, those seen last first: as many as sketches of one sender (<c>IntelMatcher</c>), for the same reason.</summary>
    public const int MostCampaigns = 1000;

    /// <summary>A campaign that nothing was seen of for so long is no longer looked for: as long as the longest verdict of the policies that are shipped.</summary>
    private const long KnownForMs = 30 * 86_400_000L;

    private const int MostText = 4096;

    private readonly Dictionary<ulong, List<(int Campaign, int Phrase)>> _holders = [];
    private readonly int[] _least;
    private readonly int[] _hits;
    private readonly List<(int Campaign, int Phrase)> _touched = [];
    private readonly HashSet<ulong> _seen = [];
    private readonly Word[] _words = new Word[MostText];
    private readonly List<int> _matched = [];

    /// <param name="nowMs">Time by which campaigns were last seen too long ago.</param>
    public RecipeIndex(IReadOnlyList<TrackedCampaign> campaigns, long nowMs)
    {
        Campaigns =
        [
            .. campaigns.Where(campaign => campaign is { Stands: true, Announced: true, Outcome: not ReviewOutcome.Dismissed, Latest.Indicators: { LeastPhrases: not null, Phrases.Count: > 0 } } && nowMs - campaign.LastSeenMs < KnownForMs)
                .OrderByDescending(campaign => campaign.LastSeenMs).ThenBy(campaign => campaign.Id, StringComparer.Ordinal).Take(MostCampaigns),
        ];
        (_least, _hits) = (new int[Campaigns.Count], new int[Campaigns.Count]);
        for (var i = 0; i < Campaigns.Count; i++)
        {
            var known = Campaigns[i].Latest.Indicators!;
            _least[i] = known.LeastPhrases!.Value;
            for (var phrase = 0; phrase < known.Phrases.Count; phrase++) Add(i, phrase, known.Phrases[phrase].Words);
        }
    }

    /// <summary>Flagged campaigns that are known by their phrases.</summary>
    public IReadOnlyList<TrackedCampaign> Campaigns { get; }

    /// <summary>Positions of the campaigns whose prompts these are. The list is used again at the next call.</summary>
    public IReadOnlyList<int> Match(Exchange exchange)
    {
        _matched.Clear();
        _touched.Clear();
        if (Campaigns.Count == 0 || !exchange.HasPrompt) return _matched;
        _seen.Clear();
        for (var part = 0; part < exchange.PartCount; part++)
        {
            if (exchange.RoleOf(part) is not (PartRole.System or PartRole.User)) continue;
            var text = exchange.TextOf(part);
            // Head and tail: instructions stand at the edges of what they are about.
            Look(text[..Math.Min(text.Length, MostText)]);
            if (text.Length > MostText) Look(text[^Math.Min(MostText, text.Length - MostText)..]);
        }

        // Only what was met is counted and cleared: most prompts meet no campaign.
        foreach (var (campaign, _) in _touched)
            if (++_hits[campaign] == _least[campaign]) _matched.Add(campaign);
        foreach (var (campaign, _) in _touched) _hits[campaign] = 0;
        return _matched;
    }

    /// <summary>Of the exchange that was matched last, the phrases of a campaign in it that say most, up to so many.</summary>
    public IReadOnlyList<string> Phrases(int campaign, int most) =>
        [.. _touched.Where(hit => hit.Campaign == campaign).Select(hit => hit.Phrase).Order().Take(most).Select(phrase => Campaigns[campaign].Latest.Indicators!.Phrases[phrase].Words)];

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
