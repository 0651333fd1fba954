using System.Buffers;
using Stillhunt.Response.Countermeasures;

namespace Stillhunt.Server.Gateway;

/// <summary>Brings a provider's answer to the client: piece by piece as it came, or rewritten.</summary>
internal sealed class AnswerRelay(GatewayLimits limits, GatewayCounters counters)
{
    /// <param name="measures">What is done to the answer; null passes it as it comes.</param>
    /// <param name="timely">Cancelled when the provider falls silent.</param>
    /// <exception cref="InvalidDataException">The answer has to be rewritten and can't be read.</exception>
    public async Task Send(GatewayCall call, HttpResponseMessage answer, Measures? measures, CancellationTokenSource timely)
    {
        var response = call.Context.Response;
        var encoding = string.Join(',', answer.Content.Headers.ContentEncoding);
        // A mark takes nothing away: an answer that can't be read goes without.
        if (measures is { OnlyMarks: true } && !ContentCoding.IsKnown(encoding)) measures = null;
        call.Status = response.StatusCode = (int)answer.StatusCode;
        call.IsStream = answer.Content.Headers.ContentType?.MediaType?.Equals("text/event-stream", StringComparison.OrdinalIgnoreCase) == true;
        ProxyHeaders.Copy(answer, response, measures is not null);
        timely.CancelAfter(limits.UpstreamSilence);
        await using var content = await answer.Content.ReadAsStreamAsync(timely.Token);
        if (measures is null)
        {
            call.Encoding = encoding;
            await response.StartAsync(call.Aborted);
            await response.Body.FlushAsync(call.Aborted);
            await Copy(content, timely, async piece =>
            {
                call.Tee.Add(piece.Span);
                await response.Body.WriteAsync(piece, call.Aborted);
            });
            ProxyHeaders.CopyTrailers(answer, response, rewritten: false);
            return;
        }

        // Some providers compress whether asked or not.
        await using var plain = ContentCoding.Decoded(content, encoding) ?? throw new InvalidDataException("The answer has an encoding that is not known here.");
        if (call.IsStream) await Stream(call, plain, measures, timely);
        else await Whole(call, plain, measures, timely);
        ProxyHeaders.CopyTrailers(answer, response, rewritten: true);
    }

    private async Task Stream(GatewayCall call, Stream content, Measures measures, CancellationTokenSource timely)
    {
        var response = call.Context.Response;
        var events = new AnswerEvents(call.Api!.Value, measures);
        var changed = new ArrayBufferWriter<byte>(16 * 1024);
        async Task Send()
        {
            call.OutputTokens = events.OutputTokens;
            if (changed.WrittenCount == 0) return;
            call.Tee.Add(changed.WrittenSpan);
            await response.Body.WriteAsync(changed.WrittenMemory, call.Aborted);
            changed.ResetWrittenCount();
        }

        await response.StartAsync(call.Aborted);
        await response.Body.FlushAsync(call.Aborted);
        await Copy(content, timely, piece =>
        {
            events.Push(piece.Span, changed);
            return Send();
        });
        events.End(changed);
        await Send();
        counters.UnreadableEvents.Add(events.UnreadableCount);
    }

    private async Task Whole(GatewayCall call, Stream content, Measures measures, CancellationTokenSource timely)
    {
        var response = call.Context.Response;
        var whole = new ArrayBufferWriter<byte>(64 * 1024);
        await Copy(content, timely, piece =>
        {
            if (whole.WrittenCount + piece.Length > limits.AnswerBytes) throw new InvalidDataException("The answer is too long to be rewritten.");
            whole.Write(piece.Span);
            return Task.CompletedTask;
        });
        // The answer to HEAD, and statuses without a body.
        if (whole.WrittenCount == 0) return;
        var changed = new ArrayBufferWriter<byte>(whole.WrittenCount + 64);
        if (!AnswerBody.TryRewrite(call.Api!.Value, measures, whole.WrittenSpan, changed, out var tokens)) throw new InvalidDataException("The answer is no JSON object, and can't be rewritten.");
        call.OutputTokens = tokens;
        response.ContentLength = changed.WrittenCount;
        call.Tee.Add(changed.WrittenSpan);
        await response.Body.WriteAsync(changed.WrittenMemory, call.Aborted);
    }

    /// <summary>Reads no faster than the pieces are taken, and gives up where the provider falls silent.</summary>
    private async Task Copy(Stream from, CancellationTokenSource timely, Func<ReadOnlyMemory<byte>, Task> take)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            while (true)
            {
                timely.CancelAfter(limits.UpstreamSilence);
                var read = await Read(from, buffer, timely.Token);
                if (read == 0) return;
                // A slow client is no silence of the provider.
                timely.CancelAfter(Timeout.InfiniteTimeSpan);
                await take(buffer.AsMemory(0, read));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async ValueTask<int> Read(Stream from, byte[] into, CancellationToken cancellation)
    {
        try
        {
            return await from.ReadAsync(into, cancellation);
        }
        catch (InvalidOperationException broken) when (from is System.IO.Compression.BrotliStream)
        {
            // So Brotli's decoder calls bytes that are none of its.
            throw new InvalidDataException("The answer is no Brotli.", broken);
        }
    }
}
