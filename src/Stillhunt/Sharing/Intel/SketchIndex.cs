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

    /// <summary>Begins a prompt.</summary>
    public void Begin() => Array.Clear(_hits);

    /// <summary>Takes in one text of the prompt.</summary>
    /// <param name="seen">Phrases of the prompt so far; each counts once.</param>
    public void Read(ReadOnlySpan<Word> words, HashSet<ulong> seen)
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
            foreach (var sketch in sketches) _hits[sketch]++;
        }
    }

    /// <summary>Adds the numbers of indicators whose sketch the prompt holds enough different phrases of.</summary>
    public void Finish(List<int> into)
    {
        for (var sketch = 0; sketch < _hits.Length; sketch++)
            if (_hits[sketch] >= _least[sketch]) into.Add(_indicator[sketch]);
    }
}
