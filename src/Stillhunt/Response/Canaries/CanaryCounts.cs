using System.Text.Encodings.Web;
using System.Text.Json;

namespace Stillhunt.Response.Canaries;

/// <summary>How often a model's answers have either form of a pair, beside which word. It depends on no key: one count serves the test of every campaign.</summary>
public sealed class CanaryCounts
{
    private readonly Dictionary<(CanaryPair Pair, string Context), (long All, long Seconds)> _cells = [];

    public long AnswerCount { get; private set; }

    /// <summary>Places where either form could stand.</summary>
    public long PlaceCount { get; private set; }

    internal IReadOnlyDictionary<(CanaryPair Pair, string Context), (long All, long Seconds)> Cells => _cells;

    /// <summary>Counts one answer's text.</summary>
    public void Add(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        AddRaw(JsonEncodedText.Encode(answer, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
    }

    /// <summary>Counts the answer of one line of JSON: a string, or an object with <c>answer</c>, <c>response</c>, <c>output</c>, <c>text</c> or <c>content</c>. Several texts of one line are counted by themselves.</summary>
    /// <returns>False where the line holds no such text.</returns>
    public bool TryAddLine(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            if (root.ValueKind == JsonValueKind.String)
            {
                Add(root.GetString()!);
                return true;
            }

            if (root.ValueKind != JsonValueKind.Object) return false;
            foreach (var name in (ReadOnlySpan<string>)["answer", "response", "output", "text", "content"])
            {
                if (!root.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String) continue;
                Add(value.GetString()!);
                return true;
            }

            return false;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // No JSON, or half a surrogate pair: told to the caller, who counts lines.
            return false;
        }
    }

    internal void Add(CanaryPair pair, string context, int which, long times = 1)
    {
        var (all, seconds) = _cells.GetValueOrDefault((pair, context));
        _cells[(pair, context)] = (all + times, seconds + which * times);
        PlaceCount += times;
    }

    private void AddRaw(ReadOnlySpan<byte> raw)
    {
        AnswerCount++;
        CanaryText.Whole(new CanaryText((in CanaryOpportunity found) =>
        {
            Add(found.Pair, found.Context, found.Which);
            return found.Which;
        }), raw);
    }
}
