using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Stillhunt.Proving;

namespace Stillhunt.Bench;

/// <summary>
/// Sends the same customers' traffic again and again to a running server, each time with new ids and as many days later as it lasts, so that as much ages out as comes in.
/// Prints twice a minute, as rows of a Markdown table, what the server holds: flat where nothing leaks.
/// </summary>
internal static partial class Soak
{
    private const int Exchanges = 60_000, Pieces = 10, SpanDays = 5;

    private static readonly TimeSpan Told = TimeSpan.FromSeconds(30);

    public static async Task<int> Run(string[] args)
    {
        if (args.Length < 3)
        {
            Console.Error.WriteLine("soak URL MINUTES RATE");
            return 2;
        }

        var (url, minutes, rate) = (new Uri(args[0]), double.Parse(args[1], CultureInfo.InvariantCulture), int.Parse(args[2], CultureInfo.InvariantCulture));
        using var http = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromMinutes(5) };
        var folder = GeneratedTraffic.Folder(Exchanges);
        await Send(http, HttpMethod.Put, "/v1/accounts", File.ReadAllText(Path.Combine(folder, RangeFiles.AccountsName)));
        var lines = File.ReadAllLines(Path.Combine(folder, RangeFiles.TrafficName(new RangeOptions())));
        Console.WriteLine("| minute | exchanges | times round | accounts | memory | store | waiting | whole round | collector's pauses |");
        Console.WriteLine("|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        var started = Stopwatch.GetTimestamp();
        var told = TimeSpan.Zero;
        long sent = 0, refused = 0;
        for (var round = 0; Stopwatch.GetElapsedTime(started).TotalMinutes < minutes; round++)
        {
            foreach (var piece in lines.Chunk(Math.Max(1, rate / Pieces)))
            {
                if (Stopwatch.GetElapsedTime(started) is var now && TimeSpan.FromSeconds((double)sent / rate) is var due && now < due) await Task.Delay(due - now);
                var body = new StringBuilder();
                foreach (var line in piece) body.Append(Later(line, round)).Append('\n');
                while (!await Send(http, HttpMethod.Post, "/v1/exchanges", body.ToString()))
                {
                    refused++;
                    await Task.Delay(TimeSpan.FromSeconds(1));
                }

                sent += piece.Length;
                if (Stopwatch.GetElapsedTime(started) - told < Told) continue;
                told = Stopwatch.GetElapsedTime(started);
                await Tell(http, told, sent, round);
                if (told.TotalMinutes >= minutes) break;
            }
        }

        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sent:N0} exchanges in {Stopwatch.GetElapsedTime(started).TotalMinutes:0.0} minutes, {refused} bodies sent again."));
        return 0;
    }

    /// <summary>The same exchange under another id, so many times the traffic's span later.</summary>
    private static string Later(string line, int round) => round == 0 ? line : Id().Replace(
        Time().Replace(line, time => DateTimeOffset.Parse(time.Groups[1].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).AddDays(SpanDays * round).ToString("'\"time\":\"'yyyy-MM-dd'T'HH:mm:ss.fff'Z\"'", CultureInfo.InvariantCulture), 1),
        id => string.Create(CultureInfo.InvariantCulture, $"\"id\":\"{id.Groups[1].Value}-{round}\""), 1);

    private static async Task Tell(HttpClient http, TimeSpan at, long sent, int round)
    {
        var metrics = (await http.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Split('\n').Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(' ')).ToDictionary(pair => pair[0], pair => double.Parse(pair[1], CultureInfo.InvariantCulture));
        using var status = System.Text.Json.JsonDocument.Parse(await http.GetStringAsync(new Uri("/v1/status", UriKind.Relative)));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {at.TotalMinutes:0.0} | {sent:N0} | {round + 1} | {status.RootElement.GetProperty("account_count").GetInt64():N0} | {metrics["stillhunt_memory_bytes"] / 1e6:N0} MB | {metrics["stillhunt_store_bytes"] / 1e6:N0} MB | {metrics["stillhunt_intake_waiting_bytes"] / 1e6:0.0} MB | {metrics["stillhunt_detection_seconds"]:0.0} s | {metrics["stillhunt_collector_pause_seconds"]:0.0} s |"));
    }

    private static async Task<bool> Send(HttpClient http, HttpMethod method, string path, string body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        using var answer = await http.SendAsync(request);
        return answer.IsSuccessStatusCode;
    }

    [GeneratedRegex("\"time\":\"([^\"]+)\"")]
    private static partial Regex Time();

    [GeneratedRegex("\"id\":\"([^\"]+)\"")]
    private static partial Regex Id();
}
