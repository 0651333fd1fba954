using System.Globalization;
using System.Text.Json;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Formats;

/// <summary>For a log of no known format: which one it comes nearest to, and what it lacks for that.</summary>
internal sealed class NearestFormat
{
    private const int LookedAt = 64;

    private readonly Dictionary<LogFormat, (int Matched, uint Groups)> _best = [];
    private int _looked;
    private int _objects;

    public void Look(ReadOnlySpan<byte> bytes)
    {
        if (_looked++ >= LookedAt) return;
        try
        {
            var record = JsonValue.Of(bytes);
            if (!record.IsObject) return;
            foreach (var format in LogFormats.All)
            {
                var groups = format.Signature.Match(record);
                var matched = System.Numerics.BitOperations.PopCount(groups);
                if (!_best.TryGetValue(format, out var best) || matched > best.Matched) _best[format] = (matched, groups);
            }

            _objects++;
        }
        catch (JsonException)
        {
            // Counted as a refused record where it was read; here it only says nothing about the format.
        }
    }

    public string Explain(string path)
    {
        if (_objects == 0) return $"{path} holds no JSON objects: nothing in it can be read. Known formats: stillhunt formats.";
        var (nearest, best) = _best.OrderByDescending(pair => (double)pair.Value.Matched / pair.Key.Signature.GroupCount).First();
        if (best.Matched == 0)
            return $"{path} is in no format that is known here, and shares no field with any. Describe it with a mapping file (--map), or see stillhunt formats.";
        var missing = string.Join(", ", nearest.Signature.Missing(best.Groups));
        return string.Create(CultureInfo.InvariantCulture,
            $"{path} is in no format that is known here. The nearest is {nearest.Name}, for which it lacks: {missing}. Describe it with a mapping file (--map), or see stillhunt formats.");
    }
}
