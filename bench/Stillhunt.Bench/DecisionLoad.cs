using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Stillhunt.Bench;

/// <summary>
/// Decisions over loopback HTTP beside one EVALSHA a request on Redis: the same generator, the same number of connections, first as fast as each
/// answers, then at a fixed rate. Prints rows of a Markdown table.
/// </summary>
internal static class DecisionLoad
{
    private const int Accounts = 20_000;

    /// <summary>A counter with an expiry: what a gateway without Stillhunt would do for a limit.</summary>
    private const string Script = "local c = redis.call('INCR', KEYS[1]) if c == 1 then redis.call('EXPIRE', KEYS[1], 3600) end return c";

    public static async Task<int> Run(string[] args)
    {
        if (args.Length < 4 || args[0] is not ("http" or "redis"))
        {
            Console.Error.WriteLine("decide http|redis HOST:PORT CONNECTIONS SECONDS [RATE, default as fast as possible]");
            return 2;
        }

        var (host, port) = args[1].Split(':') is [var name, var number] ? (name, Whole(number)) : throw new FormatException("HOST:PORT");
        var (count, seconds, rate) = (Whole(args[2]), Whole(args[3]), args.Length > 4 ? Whole(args[4]) : 0);
        var isHttp = args[0] == "http";
        var connections = new List<LoadConnection>();
        for (var i = 0; i < count; i++) connections.Add(isHttp ? await LoadConnection.Http(host, port) : await LoadConnection.Redis(host, port));
        if (!isHttp) await connections[0].Ask(Command("SCRIPT", "LOAD", Script));
        var requests = Enumerable.Range(0, Accounts).Select(i => isHttp ? Http(host, i) : Redis(i)).ToArray();

        await Measure(connections, requests, TimeSpan.FromSeconds(2), rate);
        var (latencies, elapsed) = await Measure(connections, requests, TimeSpan.FromSeconds(seconds), rate);
        foreach (var connection in connections) connection.Dispose();
        latencies.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {(isHttp ? "POST /v1/decide" : "Redis EVALSHA")} | {(rate == 0 ? "as fast as it goes" : $"{rate:N0} a second asked for")} | {latencies.Count / elapsed.TotalSeconds:N0} | {At(latencies, 0.5)} | {At(latencies, 0.99)} | {At(latencies, 0.999)} |"));
        return 0;
    }

    private static async Task<(List<long> Latencies, TimeSpan Elapsed)> Measure(List<LoadConnection> connections, byte[][] requests, TimeSpan span, int rate)
    {
        var started = Stopwatch.GetTimestamp();
        var all = await Task.WhenAll(connections.Select((connection, c) => Task.Run(async () =>
        {
            var latencies = new List<long>(1 << 16);
            // Each connection has its own clock of due times. What waited for the answer before it is measured from when it was due, so that a stall
            // is not hidden; the timer's own lateness, a millisecond or so, is the generator's and does not count.
            long answered = 0;
            var interval = rate == 0 ? 0 : (double)Stopwatch.Frequency * connections.Count / rate;
            for (long n = 0; Stopwatch.GetElapsedTime(started) < span; n++)
            {
                var due = started + (long)((n + (double)c / connections.Count) * interval);
                if (rate > 0)
                {
                    var early = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
                    if (early > TimeSpan.FromMilliseconds(1)) await Task.Delay(early);
                }

                var sent = Stopwatch.GetTimestamp();
                await connection.Ask(requests[(c * 401 + n) % requests.Length]);
                latencies.Add(Stopwatch.GetTimestamp() - (rate > 0 && answered > due ? due : sent));
                answered = Stopwatch.GetTimestamp();
            }

            return latencies;
        })));
        return ([.. all.SelectMany(list => list)], Stopwatch.GetElapsedTime(started));
    }

    private static byte[] Http(string host, int account)
    {
        var body = string.Create(CultureInfo.InvariantCulture, $$"""{"account":"acct_{{account:x8}}","region":"DE","model":"m-1"}""");
        return Encoding.ASCII.GetBytes($"POST /v1/decide HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }

    private static byte[] Redis(int account) =>
        Command("EVALSHA", Sha(Script), "1", string.Create(CultureInfo.InvariantCulture, $"acct_{account:x8}"));

#pragma warning disable CA5350 // Redis names scripts by SHA-1.
    private static string Sha(string text) => Convert.ToHexStringLower(SHA1.HashData(Encoding.ASCII.GetBytes(text)));
#pragma warning restore CA5350

    private static byte[] Command(params string[] words) =>
        Encoding.ASCII.GetBytes($"*{words.Length}\r\n" + string.Concat(words.Select(word => $"${word.Length}\r\n{word}\r\n")));

    private static string At(List<long> sorted, double share) =>
        (sorted[(int)(share * (sorted.Count - 1))] * 1000.0 / Stopwatch.Frequency).ToString("0.00", CultureInfo.InvariantCulture) + " ms";

    private static int Whole(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
