using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Stillhunt.Server.Endpoints;

/// <summary>Reads a whole body within limits of size and time, and undoes gzip.</summary>
internal static class RequestBody
{
    /// <summary>Room made before the first byte: memory follows what came, not what was announced.</summary>
    private const int FirstBytes = 1 << 20;

    /// <summary>A body of which Kestrel's least data rate alone bounds the time: no timer is worth its price.</summary>
    private const int SmallBytes = 16 * 1024;

    /// <summary>The plain bytes, or null where the request was answered already with what is wrong.</summary>
    public static ValueTask<ReadOnlyMemory<byte>?> Read(HttpContext context, ServeLimits limits, long? plainLimit = null) =>
        context.Request.ContentLength is > 0 and <= SmallBytes && context.Request.Headers.ContentEncoding.Count == 0
            ? ReadSmall(context)
            : ReadAny(context, limits, plainLimit);

    private static async ValueTask<ReadOnlyMemory<byte>?> ReadSmall(HttpContext context)
    {
        try
        {
            var body = new byte[(int)context.Request.ContentLength!];
            var filled = await context.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, context.RequestAborted);
            await SocketThreads.Leave(context);
            return body.AsMemory(0, filled);
        }
        catch (BadHttpRequestException refused)
        {
            await Problems.Write(context, refused.StatusCode, "bad-request", "The body could not be read.");
            return null;
        }
    }

    private static async ValueTask<ReadOnlyMemory<byte>?> ReadAny(HttpContext context, ServeLimits limits, long? plainLimit)
    {
        var most = plainLimit ?? limits.PlainBytes;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = Math.Min(limits.BodyBytes, most);
        var encoding = context.Request.Headers.ContentEncoding.ToString();
        if (encoding is not ("" or "identity" or "gzip"))
        {
            await Problems.Write(context, StatusCodes.Status415UnsupportedMediaType, "encoding", "Content-Encoding may be gzip or absent.");
            return null;
        }

        using var timely = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        timely.CancelAfter(limits.BodyTime);
        try
        {
            var body = new MemoryStream((int)Math.Min(context.Request.ContentLength ?? 0, Math.Min(most, FirstBytes)));
            if (encoding == "gzip")
            {
                await using var plain = new GZipStream(context.Request.Body, CompressionMode.Decompress, leaveOpen: true);
                if (!await Copy(plain, body, most, timely.Token)) return await TooLarge(context, most);
            }
            else if (!await Copy(context.Request.Body, body, most, timely.Token))
            {
                return await TooLarge(context, most);
            }

            return body.GetBuffer().AsMemory(0, (int)body.Length);
        }
        catch (InvalidDataException)
        {
            await Problems.Write(context, StatusCodes.Status400BadRequest, "not-gzip", "Content-Encoding says gzip, and the body is not whole gzip.");
        }
        catch (BadHttpRequestException refused)
        {
            await Problems.Write(context, refused.StatusCode, refused.StatusCode == StatusCodes.Status413PayloadTooLarge ? "too-large" : "bad-request",
                refused.StatusCode == StatusCodes.Status413PayloadTooLarge ? $"A body may have {Math.Min(limits.BodyBytes, most)} bytes." : "The body could not be read.");
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            await Problems.Write(context, StatusCodes.Status408RequestTimeout, "too-slow", $"The body did not arrive in {limits.BodyTime.TotalSeconds} s.");
        }

        return null;
    }

    private static async Task<ReadOnlyMemory<byte>?> TooLarge(HttpContext context, long most)
    {
        await Problems.Write(context, StatusCodes.Status413PayloadTooLarge, "too-large", $"A body may have {most} plain bytes; send several smaller ones.");
        return null;
    }

    private static async Task<bool> Copy(Stream from, MemoryStream to, long most, CancellationToken cancellation)
    {
        var piece = System.Buffers.ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            int read;
            while ((read = await from.ReadAsync(piece, cancellation)) > 0)
            {
                // Before the next piece is unpacked, and before the whole is looked at, wherever its endpoint began.
                await SocketThreads.Leave();
                if (to.Length + read > most) return false;
                to.Write(piece, 0, read);
            }

            await SocketThreads.Leave();
            return true;
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(piece);
        }
    }
}
