using System.Text.Json;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Formats;

/// <summary>For a log of no known format: which one it comes nearest to, and what it lacks for that.</summary>
internal sealed class NearestFormat
{
    private const int LookedAt = 64;

    private readonly Dictionary<LogFormat, (int Matched, uint Groups)> _best = [];
    private readonly Dictionary<LogFormat, int> _whole = [];
    private int _looked;
    private int _objects;
    private int _bodies;

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
            if (IsBody(record)) _bodies++;
            if (FormatChoice.Of(record, null) is { } whole) _whole[whole] = _whole.GetValueOrDefault(whole) + 1;
        }
        catch (JsonException)
        {
            // Counted as a refused record where it was read; here it only says nothing about the format.
        }
    }

    /// <summary>All formats, the best fitting first.</summary>
    public IReadOnlyList<FormatScore> Scores() =>
    [
        .. LogFormats.All.Select(format =>
        {
            var best = _best.GetValueOrDefault(format);
            var share = _looked == 0 ? 0 : (double)_whole.GetValueOrDefault(format) / Math.Min(_looked, LookedAt);
            return new FormatScore(format, share, (double)best.Matched / format.Signature.GroupCount, format.Signature.Missing(best.Groups));
        }).OrderByDescending(score => score.Share).ThenByDescending(score => score.Fit),
    ];

    /// <summary>Why no record of a file was of a known format.</summary>
    public string Explain(string path, LogScanOptions options)
    {
        if (_objects == 0) return $"{path} holds no JSON objects: nothing in it can be read. CSV is read with a mapping file (--map). Known formats: stillhunt formats.";
        var nearest = Scores()[0];
        if (nearest.Missing.Count == 0) return path + Unused(nearest.Format, path, options);
        if (_bodies * 2 > _objects)
            return $"{path} holds requests or responses of a model's API as they are, and neither time nor account beside them. The nearest is {LogFormats.Pairs.Name}: one record with time, account, request and response (stillhunt formats shows one).";
        return nearest.Fit == 0
            ? $"{path} is in no format that is known here, and shares no field with any. Describe it with a mapping file (--map), or see stillhunt formats."
            : $"{path} is in no format that is known here. The nearest is {nearest.Format.Name}, for which it lacks: {string.Join(", ", nearest.Missing)}. Describe it with a mapping file (--map), or see stillhunt formats.";
    }

    /// <summary>The body of a request or a response of OpenAI's, Anthropic's or Gemini's API, without anything around it: neither has a time that can be told from other numbers, nor an account.</summary>
    private static bool IsBody(JsonValue record)
    {
        if (record.Get("time"u8).Exists || record.Get("account"u8).Exists || record.Get("startTime"u8).Exists || record.Get("timestamp"u8).Exists) return false;
        var isRequest = (record.Get("model"u8).IsString && (record.Get("messages"u8).IsArray || record.Get("input"u8).Exists)) || record.Get("contents"u8).IsArray;
        var isResponse = record.Get("choices"u8).IsArray || record.Get("candidates"u8).IsArray || (record.Get("type"u8).Is("message"u8) && record.Get("content"u8).IsArray) || record.Get("object"u8).Is("response"u8);
        return isRequest || isResponse;
    }

    /// <summary>The records have the fields of a format, and none was one: what the user asked for stands in the way, or what the fields hold.</summary>
    private static string Unused(LogFormat format, string path, LogScanOptions options)
    {
        if (options.Format is { } only && only != format) return $": its records are of the format {format.Name}, and --format asks for {only.Name}.";
        return options.AccountField is { } field
            ? $": its records are of the format {format.Name}, but none holds the field '{field}' that --account-field names, so there is no account. 'stillhunt inspect {path}' shows what is taken as the account without it."
            : $": its records have the fields of the format {format.Name}, but of none can time and account be read: they are empty or of the wrong type.";
    }
}
