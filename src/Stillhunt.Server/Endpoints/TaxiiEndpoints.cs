using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Stillhunt.Server.Security;
using Stillhunt.Server.Sharing;
using Stillhunt.Sharing.Taxii;

namespace Stillhunt.Server.Endpoints;

/// <summary>The TAXII 2.1 server: <c>/taxii2/</c> and everything below its API root. Its rules stand in <see cref="TaxiiServer"/>.</summary>
internal static class TaxiiEndpoints
{
    public static void MapTaxii(this IEndpointRouteBuilder routes, ServerState state)
    {
        var options = new TaxiiOptions();
        var server = new TaxiiServer(options, new SharedCollections(state.Store.Sharing, state.Time), state.Time);
        var form = new RefusalForm((context, refusal) => Write(context, TaxiiServer.Refused(refusal.Status, refusal.Text)));
        foreach (var root in (string[])["taxii2", options.ApiRoot])
            routes.Map($"/{root}/{{**rest}}", context => Answer(context, state, server, options)).Needs(Scopes.Share).WithMetadata(form);
    }

    private static async Task Answer(HttpContext context, ServerState state, TaxiiServer server, TaxiiOptions options)
    {
        var body = ReadOnlyMemory<byte>.Empty;
        if (HttpMethods.IsPost(context.Request.Method))
        {
            if (await RequestBody.Read(context, state.Limits, options.MaxContentLength) is not { } read) return;
            body = read;
        }

        await Write(context, server.Handle(new TaxiiRequest
        {
            Method = context.Request.Method, Path = context.Request.Path.Value ?? "", Query = [.. context.Request.Query.SelectMany(pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value ?? "")))],
            Accept = Header(context.Request.Headers.Accept), ContentType = Header(context.Request.Headers.ContentType), User = SharedCollections.UserOf(KeyGate.KeyOf(context)), Body = body,
        }));
    }

    private static string? Header(Microsoft.Extensions.Primitives.StringValues values) => values.Count == 0 ? null : values.ToString();

    private static Task Write(HttpContext context, TaxiiResponse answer)
    {
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        context.Response.ContentLength = answer.Body.Length;
        foreach (var (name, value) in answer.Headers) context.Response.Headers[name] = value;
        return context.Response.Body.WriteAsync(answer.Body, context.RequestAborted).AsTask();
    }
}
