using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Stillhunt.Proving;

namespace Stillhunt.Bench;

/// <summary>
/// Sends generated traffic to a running server at a fixed rate, and then waits until detection has seen the last of it. Prints what was
/// acknowledged, at which rate, and how long the last exchange took to count in a finished detection.
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
        }

        var ended = Stopwatch.GetTimestamp();
        var elapsed = Stopwatch.GetElapsedTime(started);
        // A round that runs now began before the last exchange; the one after it holds everything.
        var (rounds, _) = await Status(http);
        var (first, second) = (TimeSpan.Zero, TimeSpan.Zero);
        var campaigns = 0L;
        while (second == TimeSpan.Zero && Stopwatch.GetElapsedTime(ended) < TimeSpan.FromMinutes(10))
        {
            await Task.Delay(100);
            var (count, found) = await Status(http);
            campaigns = found;
            if (count > rounds && first == TimeSpan.Zero) first = Stopwatch.GetElapsedTime(ended);
            if (count > rounds + 1) second = Stopwatch.GetElapsedTime(ended);
            // Nothing was left for a second round: the first one held everything.
            if (first > TimeSpan.Zero && Stopwatch.GetElapsedTime(ended) > first * 2 + TimeSpan.FromSeconds(30)) second = first;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{sent:N0} exchanges acknowledged at {sent / elapsed.TotalSeconds:N0} a second ({refused} bodies sent again, slowest answer {slowest.TotalSeconds:0.0} s); the last exchange was in a finished detection after at most {second.TotalSeconds:0.0} s; {campaigns} campaigns."));
        return 0;
    }

    private static async Task<bool> Send(HttpClient http, HttpMethod method, string path, string body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        using var answer = await http.SendAsync(request);
        return answer.IsSuccessStatusCode;
    }

    private static async Task<(long Rounds, long Campaigns)> Status(HttpClient http)
    {
        using var json = JsonDocument.Parse(await http.GetStringAsync(new Uri("/v1/status", UriKind.Relative)));
        return (json.RootElement.GetProperty("detection_count").GetInt64(), json.RootElement.GetProperty("campaign_count").GetInt64());
    }
}
