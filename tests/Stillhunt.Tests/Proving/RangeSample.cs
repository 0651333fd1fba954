using System.Text;
using System.Text.Json;
using Stillhunt.Proving;

namespace Stillhunt.Tests.Proving;

/// <summary>One documented run in memory, read back as anybody would read it, for all tests that look at what is in it.</summary>
internal sealed class RangeSample
{
    private static readonly Lazy<RangeSample> Made = new(() => new RangeSample(new RangeOptions { HonestAccounts = 1500, Seed = 11 }));

    private static readonly Lazy<RangeSample> MadeAwkward = new(() => new RangeSample(new RangeOptions { Scenario = "awkward", HonestAccounts = 1000, Seed = 11 }));

    public static RangeSample Documented => Made.Value;

    public static RangeSample Awkward => MadeAwkward.Value;

    public RangeSample(RangeOptions options)
    {
        using var stream = new MemoryStream();
        RangeRun run;
        var extracting = new Dictionary<string, string>(StringComparer.Ordinal);
        using (var writer = TrafficWriter.To(stream, options.Format))
        {
            run = RangeMaker.Make(options, writer, extracting.Add);
        }

        Run = run;
        var truth = new StringWriter();
        run.WriteTruth(truth);
        Truth = truth.ToString();
        var accounts = new StringWriter();
        run.WriteAccounts(accounts);
        Accounts = accounts.ToString();
        Bytes = stream.ToArray();
        var told = Truth.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => JsonDocument.Parse(l).RootElement).Where(e => e.TryGetProperty("account", out _)).ToList();
        Kinds = told
            .ToDictionary(e => e.GetProperty("account").GetString()!, e => e.GetProperty("campaign").GetString() ?? e.GetProperty("kind").GetString()!);
        Operators = [.. told
            .Where(e => e.GetProperty("campaign").ValueKind == JsonValueKind.String).Select(e => e.GetProperty("account").GetString()!)];
        if (options.Format == TrafficFormat.Native) Exchanges = [.. Lines.Select(l => Read(l, extracting))];
        Campaigns = [.. Exchanges.Where(e => e.Extracts).Select(e => (e.Account, extracting[e.Id]))];
    }

    public RangeRun Run { get; }
    public byte[] Bytes { get; }
    public string Truth { get; }
    public string Accounts { get; }

    /// <summary>The case, or the honest kind, of each account.</summary>
    public Dictionary<string, string> Kinds { get; }

    public HashSet<string> Operators { get; }

    public List<Seen> Exchanges { get; } = [];

    /// <summary>For each extracting exchange its account and whose work it is.</summary>
    public List<(string Account, string Campaign)> Campaigns { get; } = [];

    public IEnumerable<Seen> Hostile => Exchanges.Where(e => e.Extracts);

    public IEnumerable<Seen> Honest => Exchanges.Where(e => !Operators.Contains(e.Account));

    public IEnumerable<string> Lines => Encoding.UTF8.GetString(Bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What a test looks at.</summary>
    public sealed record Seen(string Id, string Account, DateTimeOffset Time, string Ip, string Client, string? Tls, string? System, string Turn, int LineCount,
        string? Tools, int? MaxTokens, int Output, int Status, string? Handle, string? Conversation, string Model, string Pathway, bool Extracts, string? Stop, string? EndUser);

    private static Seen Read(string line, Dictionary<string, string> extracting)
    {
        using var json = JsonDocument.Parse(line);
        var e = json.RootElement;
        var messages = e.GetProperty("messages");
        var last = messages[messages.GetArrayLength() - 1].GetProperty("content");
        return new Seen(
            Text("id")!, Text("account")!, e.GetProperty("time").GetDateTimeOffset(), Text("ip")!, Text("client")!, Text("tls"), Text("system"),
            last.ValueKind == JsonValueKind.String ? last.GetString()! : last[0].GetProperty("text").GetString()!, messages.GetArrayLength(),
            e.TryGetProperty("tools", out var tools) ? tools.GetRawText() : null,
            e.GetProperty("params").TryGetProperty("max_tokens", out var limit) ? limit.GetInt32() : null,
            e.GetProperty("usage").GetProperty("output").GetInt32(), e.GetProperty("status").GetInt32(), Text("reasoning_ref"), Text("conversation"),
            Text("model")!, Text("pathway")!, extracting.ContainsKey(Text("id")!), Text("stop"), Text("end_user"));

        string? Text(string name) => e.TryGetProperty(name, out var value) ? value.GetString() : null;
    }
}
