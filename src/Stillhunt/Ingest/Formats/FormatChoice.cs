using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Formats;

/// <summary>
/// Says of what format a record is, from that record alone and in one pass over its names: native where it has what that format requires and is no pair, else the
/// first format whose signature it has whole. What was read before it, on which thread and from which file, never counts.
/// </summary>
internal static class FormatChoice
{
    private static readonly LogFormat[] Others = [.. LogFormats.All.Where(format => format != LogFormats.Native)];

    /// <summary>Names by their length, so that a property costs a comparison or two; the index is into <see cref="Others"/>.</summary>
    private static readonly Wanted[][] ByLength = MakeByLength();

    private readonly record struct Wanted(byte[] Name, string? Type, int Format, uint Group);

    /// <summary>The format of a record, or null. Throws <see cref="System.Text.Json.JsonException"/> on malformed bytes: what was chosen for is well-formed to its end.</summary>
    public static LogFormat? Of(JsonValue record, AccountPath? accountField)
    {
        Span<uint> matched = stackalloc uint[Others.Length];
        matched.Clear();
        JsonValue time = default, account = default, request = default, messages = default, prompt = default;
        foreach (var property in record.Properties())
        {
            var value = property.Value;
            switch (NativeFields.Find(property))
            {
                case NativeField.Time: time = value; break;
                case NativeField.Account: account = value; break;
                case NativeField.Request: request = value; break;
                case NativeField.Messages: messages = value; break;
                case NativeField.Prompt: prompt = value; break;
                default: break;
            }

            if (property.NameEscaped) foreach (var wanted in ByLength) Match(property, wanted, matched);
            else if (property.RawName.Length < ByLength.Length) Match(property, ByLength[property.RawName.Length], matched);
        }

        if (accountField is not null && time.Exists && !account.Exists) account = accountField.Find(record);
        if (IsNative(time, account, request, messages, prompt)) return LogFormats.Native;
        for (var i = 0; i < Others.Length; i++)
        {
            if (Others[i].Signature.IsWhole(matched[i])) return Others[i];
        }

        return null;
    }

    /// <summary>
    /// Whether a record with these values is of the native format: it has time and account, and is not a pair <c>{time, account, request, response}</c>.
    /// </summary>
    public static bool IsNative(JsonValue time, JsonValue account, JsonValue request, JsonValue messages, JsonValue prompt) =>
        time.Exists && account.Exists && (!IsBody(request) || messages.Exists || prompt.Exists);

    /// <summary>Whether a request is a body, or the text of one.</summary>
    public static bool IsBody(JsonValue request) => request.IsObject || (request.IsString && request.Raw.StartsWith("{"u8));

    private static void Match(JsonProperty property, Wanted[] wanted, Span<uint> matched)
    {
        foreach (var (name, type, format, group) in wanted)
        {
            if (property.Is(name) && property.Value.Exists && FormatSignature.IsType(property.Value, type)) matched[format] |= group;
        }
    }

    private static Wanted[][] MakeByLength()
    {
        var all = Others.SelectMany((format, i) => format.Signature.Names.Select(named => new Wanted(named.Name, named.Type, i, 1u << named.Group))).ToList();
        return [.. Enumerable.Range(0, all.Max(wanted => wanted.Name.Length) + 1).Select(length => all.Where(wanted => wanted.Name.Length == length).ToArray())];
    }
}
