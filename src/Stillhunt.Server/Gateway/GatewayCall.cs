using Microsoft.AspNetCore.Http;
using Stillhunt.Response.Canaries;
using Stillhunt.Response.Countermeasures;
using Stillhunt.Server.Enforcement;

using BadHttpRequestException = Microsoft.AspNetCore.Http.BadHttpRequestException;

namespace Stillhunt.Server.Gateway;

/// <summary>What becomes known of one request while it is handled.</summary>
internal sealed class GatewayCall(HttpContext context, DateTimeOffset began, ModelApi? api, int mostReportBytes)
{
    public HttpContext Context { get; } = context;

    public DateTimeOffset Began { get; } = began;

    /// <summary>Null where the path is none of a known API.</summary>
    public ModelApi? Api { get; } = api;

    /// <summary>Whether it asks a model, rather than for something that was answered before.</summary>
    public bool AsksModel { get; } = HttpMethods.IsPost(context.Request.Method) && ModelApis.AsksModel(context.Request.Path.Value ?? "", context.Request.ContentType);

    /// <summary>Cancelled when the client leaves.</summary>
    public CancellationToken Aborted => Context.RequestAborted;

    /// <summary>As the client sent it.</summary>
    public ReadOnlyMemory<byte> Sent { get; private set; }

    /// <summary>What <see cref="Sent"/> says: unpacked where it came compressed. The same bytes where it did not, or can't be unpacked.</summary>
    public ReadOnlyMemory<byte> Body { get; private set; }

    public bool HasBody { get; private set; }

    /// <summary>Null where the body is no JSON object.</summary>
    public RequestFacts? Facts { get; set; }

    public RequestSender Sender { get; set; }

    public string? Region { get; set; }

    /// <summary>Of the answer that the client got; null before there is one.</summary>
    public int? Status { get; set; }

    public bool IsStream { get; set; }

    /// <summary>Content-Encoding of what the client got.</summary>
    public string? Encoding { get; set; }

    /// <summary>What the whole answer declared; null also where it broke off.</summary>
    public long? OutputTokens { get; set; }

    /// <summary>Tokens set aside under a cap.</summary>
    public TokenReservation? Reservation { get; set; }

    /// <summary>How the answer is marked; null where it is not, or no answer came.</summary>
    public CanaryMark? Canary { get; set; }

    public AnswerTee Tee { get; } = new(mostReportBytes);

    /// <summary>Reads the body whole: who sent it, for which model, and the report need it, and no provider answers before it has all of it.</summary>
    /// <param name="mostBytes">Of what it says, unpacked.</param>
    /// <exception cref="Microsoft.AspNetCore.Http.BadHttpRequestException">It is too large, too slow, or broken.</exception>
    public async Task ReadBody(long mostBytes)
    {
        HasBody = Context.Request.ContentLength is not null || Context.Request.Headers.TransferEncoding.Count > 0 || !HttpProtocol.IsHttp11(Context.Request.Protocol);
        if (!HasBody) return;
        using var body = new MemoryStream((int)Math.Min(Context.Request.ContentLength ?? 0, 1 << 20));
        await Context.Request.Body.CopyToAsync(body, Aborted);
        Sent = Body = body.GetBuffer().AsMemory(0, (int)body.Length);
        HasBody = Context.Request.ContentLength is not null || body.Length > 0;
        if (Context.Request.Headers.ContentEncoding is not { Count: > 0 } encoding) return;
        // Elsewhere nothing depends on what it says.
        if (!PackedRequest.TryUnpack(Sent, string.Join(',', encoding.ToArray()), mostBytes, out var plain, out var isTooLong)) Body = AsksModel ? default : Sent;
        else Body = plain;
        if (isTooLong && AsksModel) throw new BadHttpRequestException("The request is too large unpacked.", StatusCodes.Status413PayloadTooLarge);
    }
}
