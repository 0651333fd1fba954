using System.Buffers;
using System.IO.Compression;
using System.Text.Json;
using Stillhunt.Ingest.Json;
using Stillhunt.Response.Countermeasures;

namespace Stillhunt.Server.Gateway;

/// <summary>One exchange as it is reported: a pair <c>{time, account, request, response}</c> as <c>scan</c> reads it, in one line.</summary>
internal sealed record ExchangeReport
{
    public required DateTimeOffset Time { get; init; }
    public required string Id { get; init; }
    public required RequestSender Sender { get; init; }
    public required string? Address { get; init; }
    public required string? Region { get; init; }
    public required string? Client { get; init; }
    public required ModelApi Api { get; init; }
    public required ReadOnlyMemory<byte> Request { get; init; }
    public required int Status { get; init; }

    /// <summary>As the client was sent it; null where there was none, or where it was too long to be kept.</summary>
    public required ReadOnlyMemory<byte>? Answer { get; init; }

    /// <summary>The answer's Content-Encoding.</summary>
    public required string? Encoding { get; init; }

    public required bool IsStream { get; init; }

    /// <summary>
    /// The line, or null where the request is no JSON object and says nothing to detection. One that would be longer than <paramref name="mostBytes"/> is told without blanks between tokens, then
    /// without the request's long fields, then without the answer: whoever pads a request is not to go unseen.
    /// </summary>
    /// <param name="mostPlainBytes">Of an answer that was compressed.</param>
    public byte[]? Line(int mostPlainBytes, int mostBytes)
    {
        if (!JsonValue.TryOfInner(Request.Span, out var request) || !request.IsObject) return null;
        ReadOnlyMemory<byte>? plain = Answer is { Length: > 0 } answer ? Plain(answer, mostPlainBytes) : null;
        if (Request.Length + (plain?.Length ?? 0) < mostBytes && Line(Request.Span, plain) is var line && line.Length <= mostBytes) return line;
        line = Line(JsonShortening.WithoutBlanks(Request.Span), plain);
        if (line.Length > mostBytes) line = Line(JsonShortening.WithoutLongFields(request), plain);
        return line.Length > mostBytes ? Line(JsonShortening.WithoutLongFields(request), null) : line;
    }

    private byte[] Line(ReadOnlySpan<byte> request, ReadOnlyMemory<byte>? plain)
    {
        var line = new ArrayBufferWriter<byte>(request.Length + (plain?.Length ?? 0) + 512);
        using (var writer = new Utf8JsonWriter(line, new JsonWriterOptions { SkipValidation = true }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("time"u8, Time.ToUnixTimeMilliseconds());
            writer.WriteString("id"u8, Id);
            writer.WriteString("account"u8, Sender.Account);
            if (Sender.Key is { } key && key != Sender.Account) writer.WriteString("key"u8, key);
            if (Address is { Length: > 0 }) writer.WriteString("ip"u8, Address);
            if (Region is { Length: > 0 }) writer.WriteString("country"u8, Region);
            if (Client is { Length: > 0 }) writer.WriteString("client"u8, Client);
            writer.WriteNumber("status"u8, Status);
            Raw(writer, "request"u8, request);
            if (plain is { } told) Response(writer, told);
            writer.WriteEndObject();
        }

        line.Write("\n"u8);
        return line.WrittenSpan.ToArray();
    }

    private void Response(Utf8JsonWriter writer, ReadOnlyMemory<byte> plain)
    {
        if (!IsStream)
        {
            if (AnswerEventsData.IsObject(plain.Span)) Raw(writer, "response"u8, plain.Span);
            return;
        }

        var events = AnswerEventsData.Of(plain.Span);
        // The last event of the Responses API holds the whole answer.
        if (Api == ModelApi.Responses && AnswerEventsData.Whole(events) is { } whole)
        {
            Raw(writer, "response"u8, whole);
            return;
        }

        writer.WriteStartArray("response"u8);
        foreach (var data in events) Raw(writer, data);
        writer.WriteEndArray();
    }

    /// <summary>A line of JSON Lines holds no line breaks; in JSON they stand between tokens only, where a space means the same.</summary>
    private static void Raw(Utf8JsonWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        writer.WritePropertyName(name);
        Raw(writer, json);
    }

    private static void Raw(Utf8JsonWriter writer, ReadOnlySpan<byte> json)
    {
        if (!json.ContainsAny((byte)'\n', (byte)'\r'))
        {
            writer.WriteRawValue(json, skipInputValidation: true);
            return;
        }

        var one = json.ToArray();
        one.AsSpan().Replace((byte)'\n', (byte)' ');
        one.AsSpan().Replace((byte)'\r', (byte)' ');
        writer.WriteRawValue(one, skipInputValidation: true);
    }

    /// <summary>Null where the encoding is unknown, or the answer broke off.</summary>
    private ReadOnlyMemory<byte>? Plain(ReadOnlyMemory<byte> answer, int most)
    {
        if (string.IsNullOrEmpty(Encoding) || Encoding.Equals("identity", StringComparison.OrdinalIgnoreCase)) return answer;
        using var packed = new MemoryStream(answer.ToArray(), writable: false);
        using var stream = ContentCoding.Decoded(packed, Encoding);
        if (stream is null) return null;
        using var plain = new MemoryStream();
        try
        {
            Span<byte> piece = stackalloc byte[8192];
            for (int read; (read = stream.Read(piece)) > 0;)
            {
                if (plain.Length + read > most) return null;
                plain.Write(piece[..read]);
            }
        }
        catch (Exception broken) when (broken is InvalidDataException or InvalidOperationException)
        {
            // The client left in the middle: what came until then counts. Brotli's decoder calls bytes that are none of its an invalid operation.
            if (!IsStream) return null;
        }

        return plain.ToArray();
    }
}

/// <summary>Content-Encoding of answers.</summary>
internal static class ContentCoding
{
    public static bool IsKnown(string encoding) => encoding.Trim().ToLowerInvariant() is "" or "identity" or "gzip" or "x-gzip" or "br" or "deflate";

    /// <summary>Null for an encoding that is not known here.</summary>
    public static Stream? Decoded(Stream packed, string encoding) => encoding.Trim().ToLowerInvariant() switch
    {
        "" or "identity" => packed,
        "gzip" or "x-gzip" => new GZipStream(packed, CompressionMode.Decompress),
        "br" => new BrotliStream(packed, CompressionMode.Decompress),
        "deflate" => new ZLibStream(packed, CompressionMode.Decompress),
        _ => null,
    };
}
