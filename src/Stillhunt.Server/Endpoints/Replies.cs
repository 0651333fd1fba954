using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Stillhunt.Server.Endpoints;

/// <summary>Answers in JSON: characters that matter in HTML are escaped, and nothing is cached.</summary>
internal static class Replies
{
    /// <summary>Bytes of an answer whose buffer is kept for the next one on the same thread.</summary>
    private const int KeptBytes = 64 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.Create(System.Text.Unicode.UnicodeRanges.All) };

    public static Task Json(HttpContext context, int status, Action<Utf8JsonWriter> write, string type = "application/json")
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = type;
        // Written at once, on this thread, so that the buffer is free again before anything waits.
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(1024);
        var writer = _writer ??= new Utf8JsonWriter(buffer, Options);
        try
        {
            write(writer);
            writer.Flush();
            response.ContentLength = buffer.WrittenCount;
            response.BodyWriter.Write(buffer.WrittenSpan);
        }
        finally
        {
            var isLarge = buffer.Capacity > KeptBytes;
            buffer.ResetWrittenCount();
            writer.Reset();
            if (isLarge) (_buffer, _writer) = (null, null);
        }

        return response.BodyWriter.FlushAsync(context.RequestAborted).GetAsTask();
    }

    private static Task GetAsTask(this ValueTask<System.IO.Pipelines.FlushResult> flush) => flush.IsCompletedSuccessfully ? Task.CompletedTask : flush.AsTask();

    /// <summary>What was asked for is done, and there is nothing to tell.</summary>
    public static Task Done(HttpContext context) => Ok(context, static writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("status", "done");
        writer.WriteEndObject();
    });

    public static Task Ok(HttpContext context, Action<Utf8JsonWriter> write) => Json(context, StatusCodes.Status200OK, write);
}
