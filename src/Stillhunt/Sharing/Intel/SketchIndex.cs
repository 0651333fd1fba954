using Stillhunt.Fingerprinting;

namespace Stillhunt.Sharing.Intel;

/// <summary>Phrases of all sketches of one epoch; says which sketches a prompt matches.</summary>
internal sealed class SketchIndex(GroupEpoch epoch)
{
    /// <summary>Values of phrases that were looked up are remembered, for traffic repeats itself and an HMAC costs a microsecond. 16 bytes each.</summary>
    private const int MostRemembered = 1 << 20;

    private readonly Dictionary<ulong, List<int>> _sketchesOf = [];
    private readonly List<int> _least = [];
    private readonly List<int> _indicator = [];
    private readonly Dictionary<ulong, ulong> _remembered = [];
    private readonly List<int> _touched = [];
    private int[] _hits = [];

    public void Add(int indicator, IReadOnlyList<ulong> phrases, int least)
    {
        foreach (var phrase in phrases)
        {
            if (!_sketchesOf.TryGetValue(phrase, out var sketches)) _sketchesOf.Add(phrase, sketches = []);
            sketches.Add(_least.Count);
        }

        _least.Add(least);
        _indicator.Add(indicator);
        _hits = new int[_least.Count];
    }

    /// <summary>Adds the numbers of indicators whose sketch the prompt holds enough different phrases of.</summary>
    /// <param name="seen">Empty; phrases of the prompt, each of which counts once.</param>
    public void Match(ReadOnlySpan<Word> words, HashSet<ulong> seen, List<int> into)
    {
        Span<ulong> values = stackalloc ulong[2 * PhrasePrints.PhraseWords];
        for (var end = 0; end < words.Length; end++)
        {
            if (!SharedWords.TryPhrase(words, end, out var start, out var phrase) || !seen.Add(phrase)) continue;
            if (!_remembered.TryGetValue(phrase, out var keyed))
            {
                var count = end + 1 - start;
                for (var i = 0; i < count; i++) values[i] = words[start + i].Hash;
                keyed = epoch.PhraseOf(values[..count]);
                if (_remembered.Count == MostRemembered) _remembered.Clear();
                _remembered.Add(phrase, keyed);
            }

            if (!_sketchesOf.TryGetValue(keyed, out var sketches)) continue;
            foreach (var sketch in sketches)
                if (_hits[sketch]++ == 0) _touched.Add(sketch);
        }

        // Only what was met is looked at and cleared: most prompts meet no sketch.
        foreach (var sketch in _touched)
        {
            if (_hits[sketch] >= _least[sketch]) into.Add(_indicator[sketch]);
            _hits[sketch] = 0;
        }

        _touched.Clear();
    }
}
