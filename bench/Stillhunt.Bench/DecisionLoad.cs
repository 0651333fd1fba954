using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
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

    private static readonly Dictionary<string, string> Names = new() { ["http"] = "POST /v1/decide", ["bare"] = "a constant", ["redis"] = "Redis EVALSHA" };

    /// <summary>Longest that the generator sleeps while requests are due: what poll(2) can tell apart.</summary>
    private const int SleepMicroseconds = 1000;

    public static int Run(string[] args)
    {
        if (args.Length < 4 || args[0] is not ("http" or "bare" or "redis"))
        {
            Console.Error.WriteLine("decide http|bare|redis HOST:PORT CONNECTIONS SECONDS [RATE, default as fast as possible]");
            return 2;
        }

        var (host, port) = args[1].Split(':') is [var name, var number] ? (name, Whole(number)) : throw new FormatException("HOST:PORT");
        var (count, seconds, rate) = (Whole(args[2]), Whole(args[3]), args.Length > 4 ? Whole(args[4]) : 0);
        var isHttp = args[0] != "redis";
        List<LoadConnection> connections = [.. Enumerable.Range(0, count).Select(_ => LoadConnection.Open(isHttp, host, port))];
        if (!isHttp) Load(connections[0]);
        var requests = Enumerable.Range(0, Accounts).Select(i => isHttp ? Http(host, i) : Redis(i)).ToArray();

        Measure(connections, requests, TimeSpan.FromSeconds(2), rate);
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var (latencies, elapsed) = Measure(connections, requests, TimeSpan.FromSeconds(seconds), rate);
        process.Refresh();
        var own = process.TotalProcessorTime - before;
        foreach (var connection in connections) connection.Dispose();
        latencies.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {Names[args[0]]} | {(rate == 0 ? "as fast as it goes" : $"{rate:N0} a second asked for")} | {latencies.Count / elapsed.TotalSeconds:N0} | {At(latencies, 0.5)} | {At(latencies, 0.99)} | {At(latencies, 0.999)} | {own / elapsed:P0} |"));
        return 0;
    }

    private static void Load(LoadConnection connection)
    {
        connection.Send(Command("SCRIPT", "LOAD", Script), 0);
        while (!connection.TryFinish(0)) { }
    }

    /// <summary>
    /// One thread sends what is due and reads what has come, so that the generator takes little of the processors that it measures. Each connection has its
    /// own clock of due times. What waited for the answer before it is measured from when it was due, so that a stall is not hidden; lateness of the
    /// generator's own sleep, a millisecond at most, does not count.
    /// </summary>
    private static (List<long> Latencies, TimeSpan Elapsed) Measure(List<LoadConnection> connections, byte[][] requests, TimeSpan span, int rate)
    {
        var latencies = new List<long>(1 << 20);
        var started = Stopwatch.GetTimestamp();
        var until = started + (long)(span.TotalSeconds * Stopwatch.Frequency);
        var interval = rate == 0 ? 0 : (double)Stopwatch.Frequency * connections.Count / rate;
        var first = connections.ConvertAll(connection => connection.Sent);
        var readable = new List<Socket>(connections.Count);
        var bySocket = connections.ToDictionary(connection => connection.Socket);
        while (true)
        {
            var now = Stopwatch.GetTimestamp();
            readable.Clear();
            for (var c = 0; c < connections.Count; c++)
            {
                var connection = connections[c];
                if (!connection.IsBusy && now < until)
                {
                    var due = started + (long)((connection.Sent - first[c] + (double)c / connections.Count) * interval);
                    if (rate == 0 || now >= due)
                    {
                        var at = Stopwatch.GetTimestamp();
                        connection.Send(requests[(c * 401 + connection.Sent) % requests.Length], rate > 0 && connection.Answered > due ? due : at);
                    }
                }

                if (connection.IsBusy) readable.Add(connection.Socket);
            }

            if (readable.Count == 0 && now >= until) return (latencies, Stopwatch.GetElapsedTime(started));
            if (readable.Count == 0)
            {
                Thread.Sleep(1);
                continue;
            }

            Socket.Select(readable, null, null, SleepMicroseconds);
            foreach (var socket in readable)
            {
                var at = Stopwatch.GetTimestamp();
                if (bySocket[socket].TryFinish(at)) latencies.Add(at - bySocket[socket].Due);
            }
        }
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
