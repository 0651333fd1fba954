using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Stillhunt.Bench;

/// <summary>A made-up provider, and what a gateway in front of it adds: each request is sent to both in turn, so that whatever else the machine does meets both alike.</summary>
internal static class GatewayLoad
{
    /// <summary>An answer as a chat model streams it: this many pieces, this far apart.</summary>
    private const int Pieces = 40;

    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(5);

    private static readonly byte[] Piece = Encoding.UTF8.GetBytes("data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" invoices\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n");

    private static readonly byte[] Whole = Encoding.UTF8.GetBytes("{\"id\":\"c1\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"" + new string('x', 4000) + "\"}}],\"usage\":{\"prompt_tokens\":900,\"completion_tokens\":1000}}");

    public static async Task<int> Serve(string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        await using var web = builder.Build();
        web.Run(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            if (!context.Request.Path.Value!.StartsWith("/stream", StringComparison.Ordinal))
            {
                context.Response.ContentType = "application/json";
                await context.Response.Body.WriteAsync(Whole);
                return;
            }

            context.Response.ContentType = "text/event-stream";
            for (var i = 0; i < Pieces; i++)
            {
                await context.Response.Body.WriteAsync(Piece);
                await Task.Delay(Apart);
            }
        });
        await web.StartAsync();
        Console.WriteLine("listening");
        await web.WaitForShutdownAsync();
        return 0;
    }

    public static async Task<int> Run(string[] args)
    {
        if (args.Length < 3)
        {
            Console.Error.WriteLine("gateway DIRECT-URL GATEWAY-URL REQUESTS");
            return 2;
        }

        var count = int.Parse(args[2], NumberStyles.None, CultureInfo.InvariantCulture);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        Console.WriteLine("| | at once | | first byte p50 | p99 | whole p50 | p99 |");
        Console.WriteLine("|---|--:|---|--:|--:|--:|--:|");
        foreach (var (name, path, share) in new[] { ("4 kB whole", "/v1/chat/completions", 1), ($"{Pieces} pieces, {Apart.TotalMilliseconds} ms apart", "/stream/v1/chat/completions", 10) })
        {
            foreach (var together in new[] { 1, 16 })
            {
                await Measure(http, [args[0] + path, args[1] + path], 50 * together / share + 2, together);
                var rows = await Measure(http, [args[0] + path, args[1] + path], count / share, together);
                for (var i = 0; i < 2; i++)
                    Console.WriteLine($"| {name} | {together} | {(i == 0 ? "direct" : "gateway")} | {At(rows[i].First, 0.5)} | {At(rows[i].First, 0.99)} | {At(rows[i].Whole, 0.5)} | {At(rows[i].Whole, 0.99)} |");
            }
        }

        return 0;
    }

    private static async Task<(List<double> First, List<double> Whole)[]> Measure(HttpClient http, string[] urls, int count, int together)
    {
        var rows = urls.Select(_ => (First: new List<double>(), Whole: new List<double>())).ToArray();
        var left = count;
        await Task.WhenAll(Enumerable.Range(0, together).Select(worker => Task.Run(async () =>
        {
            var piece = new byte[16 * 1024];
            while (Interlocked.Decrement(ref left) >= 0)
            {
                for (var i = 0; i < urls.Length; i++)
                {
                    using var request = new HttpRequestMessage(HttpMethod.Post, urls[i]) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes($"{{\"model\":\"m\",\"stream\":true,\"messages\":[{{\"role\":\"user\",\"content\":\"{new string('q', 2000)}\"}}]}}")) };
                    request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                    request.Headers.TryAddWithoutValidation("Authorization", $"Bearer sk-{worker}");
                    var sent = Stopwatch.GetTimestamp();
                    using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                    await using var stream = await answer.Content.ReadAsStreamAsync();
                    var read = await stream.ReadAsync(piece);
                    var first = Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
                    while (read > 0) read = await stream.ReadAsync(piece);
                    var whole = Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
                    if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{urls[i]} answered {(int)answer.StatusCode}.");
                    lock (rows)
                    {
                        rows[i].First.Add(first);
                        rows[i].Whole.Add(whole);
                    }
                }
            }
        })));
        foreach (var (first, whole) in rows)
        {
            first.Sort();
            whole.Sort();
        }

        return rows;
    }

    private static string At(List<double> sorted, double share) => sorted[(int)(share * (sorted.Count - 1))].ToString("0.00", CultureInfo.InvariantCulture) + " ms";
}
