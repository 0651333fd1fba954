using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Stillhunt.Proving;

namespace Stillhunt.Bench;

/// <summary>
/// Sends generated traffic to a fresh server at a fixed rate, and then waits until detection has seen the last of it. Prints what was acknowledged, at which rate, and how
/// long exchanges took from there until a finished detection, or a finished quick look, held them: the last one, and the slowest of all.
/// </summary>
internal static class LiveFeed
{
    private const int Pieces = 10;

    public static async Task<int> Run(string[] args)
    {
        if (args.Length < 3)
        {
            Console.Error.WriteLine("feed URL EXCHANGES RATE");
            return 2;
        }

        var (url, wanted, rate) = (new Uri(args[0]), long.Parse(args[1], CultureInfo.InvariantCulture), int.Parse(args[2], CultureInfo.InvariantCulture));
        using var http = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromMinutes(5) };
        var folder = GeneratedTraffic.Folder(wanted);
        await Send(http, HttpMethod.Put, "/v1/accounts", File.ReadAllText(Path.Combine(folder, RangeFiles.AccountsName)));
        var acknowledged = new Acknowledged();
        var watching = Watch(http, acknowledged);
        var started = Stopwatch.GetTimestamp();
        long sent = 0, refused = 0;
        var slowest = TimeSpan.Zero;
        foreach (var lines in File.ReadLines(Path.Combine(folder, RangeFiles.TrafficName(new RangeOptions()))).Chunk(Math.Max(1, rate / Pieces)))
        {
            var due = TimeSpan.FromSeconds((double)sent / rate);
            if (Stopwatch.GetElapsedTime(started) is var now && now < due) await Task.Delay(due - now);
            var at = Stopwatch.GetTimestamp();
            while (!await Send(http, HttpMethod.Post, "/v1/exchanges", string.Join('\n', lines)))
            {
                refused++;
                await Task.Delay(TimeSpan.FromSeconds(1));
            }

            slowest = new[] { slowest, Stopwatch.GetElapsedTime(at) }.Max();
            sent += lines.Length;
            acknowledged.Add(sent);
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        acknowledged.End();
        var slowestFound = await watching;
        var (_, campaigns, rounds, looks) = await Status(http);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{sent:N0} exchanges acknowledged at {sent / elapsed.TotalSeconds:N0} a second ({refused} bodies sent again, slowest answer {slowest.TotalSeconds:0.0} s); from being acknowledged to being in a finished detection the last exchange took {slowestFound.Last.TotalSeconds:0.0} s, the slowest {slowestFound.Longest.TotalSeconds:0.0} s; {campaigns} campaigns; {rounds} whole rounds, {looks} quick looks."));
        return 0;
    }

    /// <summary>Looks five times a second how many exchanges a finished detection has held, until it is all of them.</summary>
    private static async Task<(TimeSpan Longest, TimeSpan Last)> Watch(HttpClient http, Acknowledged acknowledged)
    {
        var longest = TimeSpan.Zero;
        while (true)
        {
            await Task.Delay(200);
            var (detected, _, _, _) = await Status(http);
            if (acknowledged.Waiting(detected) is not { } waiting) continue;
            if (waiting > longest) longest = waiting;
            if (acknowledged.HasEnded(detected) is { } last) return (longest, last);
        }
    }

    /// <summary>When each exchange was acknowledged, by how many were before it.</summary>
    private sealed class Acknowledged
    {
        private readonly Lock _lock = new();
        private readonly Queue<(long Count, long At)> _waiting = new();
        private long _all, _lastAt;
        private bool _ended;

        public void Add(long count)
        {
            lock (_lock)
            {
                (_all, _lastAt) = (count, Stopwatch.GetTimestamp());
                _waiting.Enqueue((count, _lastAt));
            }
        }

        public void End()
        {
            lock (_lock) _ended = true;
        }

        /// <summary>How long the first exchange that is not among the detected ones waits, or zero.</summary>
        public TimeSpan? Waiting(long detected)
        {
            lock (_lock)
            {
                TimeSpan? longest = TimeSpan.Zero;
                // What was found since the last look waited until now at most.
                if (_waiting.TryPeek(out var first)) longest = Stopwatch.GetElapsedTime(first.At);
                while (_waiting.TryPeek(out first) && first.Count <= detected) _waiting.Dequeue();
                return longest;
            }
        }

        /// <summary>How long the last exchange waited, once all were sent and detected.</summary>
        public TimeSpan? HasEnded(long detected)
        {
            lock (_lock) return _ended && detected >= _all ? Stopwatch.GetElapsedTime(_lastAt) : null;
        }
    }

    private static async Task<bool> Send(HttpClient http, HttpMethod method, string path, string body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        using var answer = await http.SendAsync(request);
        return answer.IsSuccessStatusCode;
    }

    private static async Task<(long Detected, long Campaigns, long Rounds, long Looks)> Status(HttpClient http)
    {
        using var json = JsonDocument.Parse(await http.GetStringAsync(new Uri("/v1/status", UriKind.Relative)));
        var root = json.RootElement;
        return (root.GetProperty("detected_exchange_count").GetInt64(), root.GetProperty("campaign_count").GetInt64(), root.GetProperty("detection_count").GetInt64(), root.GetProperty("quick_look_count").GetInt64());
    }
}
