using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Stillhunt.Server.Endpoints;

/// <summary>Answers in JSON: characters that matter in HTML are escaped, and nothing is cached.</summary>
internal static class Replies
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.Create(System.Text.Unicode.UnicodeRanges.All) };

    public static async Task Json(HttpContext context, int status, Action<Utf8JsonWriter> write, string type = "application/json")
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = type;
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, Options)) write(writer);
        response.ContentLength = buffer.WrittenCount;
        await response.BodyWriter.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    public static Task Ok(HttpContext context, Action<Utf8JsonWriter> write) => Json(context, StatusCodes.Status200OK, write);
}
