using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Stillhunt.Campaigns;
using Stillhunt.Ingest;
using Stillhunt.Profiles;
using Stillhunt.Sharing;
using Stillhunt.Sharing.Intel;

namespace Stillhunt.Bench;

/// <summary>
/// What each number in the matching of others' indicators is worth: the second provider's traffic, looked through once with each number changed. Rows of a Markdown table for docs/sharing.md.
/// Used by bench/sketches.sh, over folders that bench/sharing/two_providers.py split.
/// </summary>
internal static class IntelAblation
{
    private static readonly int[] Leasts = [3, 4, 5, 6, 8, 12];

    public static int Run(string[] args)
    {
        if (args.Length < 3)
        {
            Console.Error.WriteLine("intel GROUP-KEY SHARE FOLDER...");
            return 2;
        }

        var key = GroupKey.Load(args[0]);
        var totals = new Dictionary<string, Outcome>(StringComparer.Ordinal);
        var order = new List<string>();
        foreach (var folder in args[2..])
        {
            foreach (var (name, outcome) in Look(folder, args[1], key))
            {
                if (!totals.TryGetValue(name, out var sum)) order.Add(name);
                totals[name] = (sum ?? new Outcome(0, 0, 0, 0, 0, 0)) + outcome;
            }
        }

        Console.WriteLine("| changed | operators' accounts matched | of | honest accounts matched | of | indicators used | rejected |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|");
        foreach (var name in order)
        {
            var sum = totals[name];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {sum.Operators:N0} | {sum.OfOperators:N0} | {sum.Honest:N0} | {sum.OfHonest:N0} | {sum.Used:N0} | {sum.Rejected:N0} |"));
        }

        return 0;
    }

    private sealed record Outcome(int Operators, int OfOperators, int Honest, int OfHonest, int Used, int Rejected)
    {
        public static Outcome operator +(Outcome a, Outcome b) =>
            new(a.Operators + b.Operators, a.OfOperators + b.OfOperators, a.Honest + b.Honest, a.OfHonest + b.OfHonest, a.Used + b.Used, a.Rejected + b.Rejected);
    }

    private static IEnumerable<(string Name, Outcome Outcome)> Look(string folder, string share, GroupKey key)
    {
        var options = new IntelOptions { Key = key, Now = TimeProvider.System.GetUtcNow() };
        var sent = IntelStore.Read(JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "intel.json")))!.AsObject(), folder).Indicators();
        var matchers = new List<(string Name, IntelMatcher Matcher)> { ("nothing", new IntelMatcher(sent, options)) };
        foreach (var least in Leasts) matchers.Add((string.Create(CultureInfo.InvariantCulture, $"phrases that make a match: {least}"), new IntelMatcher([.. sent.Select(indicator => With(indicator, least))], options)));
        matchers.Add(("sketches alone", new IntelMatcher([.. sent.Where(indicator => indicator.Kind == "sketch")], options)));
        matchers.Add(("all but sketches", new IntelMatcher([.. sent.Where(indicator => indicator.Kind != "sketch")], options)));
        var sink = new Sink([.. matchers.Select(pair => pair.Matcher)]);
        LogScan.Run(LogFiles.Find([new LogInput(Path.Combine(folder, $"second-{share}.jsonl"))]), new LogScanOptions(), sink);

        var operators = File.ReadLines(Path.Combine(folder, "truth.jsonl")).Select(line => JsonNode.Parse(line)!).Where(line => line["campaign"] is not null && line["account"] is not null)
            .Select(line => "second-" + (string)line["account"]!).ToHashSet(StringComparer.Ordinal);
        ScanResult own;
        using (var from = File.OpenRead(Path.Combine(folder, $"second-{share}.json"))) own = ScanResultJson.Read(from);
        var records = AccountsFile.Load(Path.Combine(folder, "second.csv")).Records;
        var entitled = sink.Accounts.Where(pair => IntelGround.IsEntitled(records.GetValueOrDefault(pair.Key.Id), pair.Value.FirstMs)).Select(pair => pair.Key).ToHashSet();
        var ground = new IntelGround
        {
            Exchanges = sink.Accounts.ToDictionary(pair => pair.Key, pair => pair.Value.Count), BeginsMs = sink.Accounts.Values.Min(hit => hit.FirstMs), Entitled = entitled,
            Trusted = entitled.Concat(sink.Accounts.Keys.Where(account => records.GetValueOrDefault(account.Id) is { Verified: true })).ToHashSet(), Flagged = IntelGround.FlaggedIn(own),
        };
        for (var i = 0; i < matchers.Count; i++) yield return (matchers[i].Name, Weighed(i, options));
        foreach (var least in (double[])[0.01, 0.02, 0.1, 0.2]) yield return (string.Create(CultureInfo.InvariantCulture, $"share of an account's exchanges: {least}"), Weighed(0, options with { LeastShare = least }));
        foreach (var most in (double[])[0.02, 0.05, 0.2]) yield return (string.Create(CultureInfo.InvariantCulture, $"share of all accounts: {most}"), Weighed(0, options with { MostAccounts = most }));

        Outcome Weighed(int matcher, IntelOptions changed)
        {
            var result = new IntelWeighing(matchers[matcher].Matcher, changed, ground).Weigh(sink.Hits[matcher]);
            var named = result.Accounts.Select(match => match.Id).ToList();
            return new Outcome(named.Count(operators.Contains), sink.Accounts.Keys.Count(account => operators.Contains(account.Id)), named.Count(id => !operators.Contains(id)),
                sink.Accounts.Keys.Count(account => !operators.Contains(account.Id)), result.Indicators.Count(use => use.Status == "used"), result.Indicators.Count(use => use.Status is "too-common" or "hits-trusted"));
        }
    }

    private static IntelIndicator With(IntelIndicator indicator, int least) => indicator.Pattern is { Kind: "sketch" } pattern && pattern.Phrases.Count >= least
        ? indicator with { Pattern = pattern with { Least = least } } : indicator;

    private sealed class Sink(IReadOnlyList<IntelMatcher> matchers) : IExchangeSink
    {
        public Dictionary<AccountId, IntelHit> Accounts { get; } = [];

        public IReadOnlyList<Dictionary<(AccountId Account, int Indicator), IntelHit>> Hits { get; } = [.. matchers.Select(_ => new Dictionary<(AccountId, int), IntelHit>())];

        public void Accept(Exchange exchange, LogPosition position)
        {
            var account = new AccountId("default", Encoding.UTF8.GetString(exchange[ExchangeField.Account]));
            var hit = new IntelHit(1, exchange.TimeMs, exchange.TimeMs);
            Accounts[account] = Accounts.TryGetValue(account, out var span) ? span.Merge(hit) : hit;
            for (var i = 0; i < matchers.Count; i++)
                foreach (var indicator in matchers[i].Match(exchange)) Hits[i][(account, indicator)] = Hits[i].TryGetValue((account, indicator), out var before) ? before.Merge(hit) : hit;
        }

        public void Reject(Rejection rejection, LogPosition position)
        {
        }

        public void DroppedField(string field, LogPosition position)
        {
        }
    }
}
