using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Stillhunt.Bench;

/// <summary>Fills a TAXII collection of a running server, reads it page by page, and prints how long pages took at its beginning, in its middle and at its end.</summary>
internal static class TaxiiPages
{
    private const int PerPage = 1000, Sections = 5;

    public static async Task<int> Run(string[] args)
    {
        if (args.Length < 2 || !int.TryParse(args[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count < Sections * PerPage)
        {
            Console.Error.WriteLine($"taxii COLLECTION-URL OBJECTS, at least {Sections * PerPage}");
            return 2;
        }

        using var http = new HttpClient { BaseAddress = new Uri(args[0]), Timeout = TimeSpan.FromMinutes(5) };
        var started = Stopwatch.GetTimestamp();
        for (var at = 0; at < count; at += PerPage)
        {
            using var content = new StringContent(Envelope(at, Math.Min(PerPage, count - at)), Encoding.UTF8, MediaTypeHeaderValue.Parse("application/taxii+json;version=2.1"));
            using var answer = await http.PostAsync(new Uri("objects/", UriKind.Relative), content);
            answer.EnsureSuccessStatusCode();
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count:N0} objects added in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s, {PerPage:N0} a request"));
        // Once unmeasured, so that neither code nor files are cold.
        await Read(http);
        var times = await Read(http);
        Console.WriteLine("| pages | median | slowest |\n|---|--:|--:|");
        for (var section = 0; section < Sections; section++)
        {
            var own = times[(section * times.Count / Sections)..((section + 1) * times.Count / Sections)].Order().ToList();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {(section * times.Count / Sections) + 1} to {(section + 1) * times.Count / Sections} | {own[own.Count / 2]:0.0} ms | {own[^1]:0.0} ms |"));
        }

        return 0;
    }

    private static async Task<List<double>> Read(HttpClient http)
    {
        var times = new List<double>();
        string? next = null;
        do
        {
            var started = Stopwatch.GetTimestamp();
            var page = JsonNode.Parse(await http.GetByteArrayAsync(new Uri($"objects/?limit={PerPage}{(next is null ? "" : "&next=" + Uri.EscapeDataString(next))}", UriKind.Relative)))!;
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            next = (string?)page["next"];
        }
        while (next is not null);
        return times;
    }

    private static string Envelope(int from, int count)
    {
        var objects = new JsonArray([.. Enumerable.Range(from, count).Select(i => (JsonNode)new JsonObject
        {
            ["type"] = "indicator", ["spec_version"] = "2.1", ["id"] = string.Create(CultureInfo.InvariantCulture, $"indicator--00000000-0000-4000-8000-{i:d12}"),
            ["created"] = "2026-01-01T00:00:00.000Z", ["modified"] = "2026-01-01T00:00:00.000Z", ["valid_from"] = "2026-01-01T00:00:00.000Z",
            ["pattern_type"] = "stix", ["pattern"] = string.Create(CultureInfo.InvariantCulture, $"[ipv4-addr:value = '10.{i >> 16}.{i >> 8 & 255}.{i & 255}']"),
        })]);
        return new JsonObject { ["objects"] = objects }.ToJsonString();
    }
}
