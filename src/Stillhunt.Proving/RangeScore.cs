using System.Text.Json;

namespace Stillhunt.Proving;

/// <summary>
/// How one case fared. Found: some flagged campaign holds mostly accounts of the case. Pieces: flagged campaigns that hold more accounts of this case than
/// of any other. Exchange recall: extracting exchanges of flagged accounts / all of the case. Account recall counts accounts with an extracting exchange.
/// </summary>
public sealed record CaseScore(string Case, bool Found, int Pieces, double ExchangeRecall, double AccountRecall, int AccountCount, long ExtractingCount);

/// <summary>Honest accounts of one kind that stand in a flagged campaign.</summary>
public sealed record TouchedKind(string Kind, int Touched, int AccountCount);

/// <summary>A result against the truth. Shares are null where nothing was there to divide by.</summary>
public sealed record RangeReport(
    IReadOnlyList<CaseScore> Cases,
    double? ExchangeRecall,
    double? AccountPrecision,
    int FlaggedAccounts,
    int Campaigns,
    IReadOnlyList<string> FalseCampaigns,
    IReadOnlyList<TouchedKind> Touched,
    IReadOnlyList<string> UnknownAccounts);

/// <summary>Scores a <c>campaigns.json</c> against a <c>stillhunt.truth/1</c> file; both are read as the public formats say, whoever wrote them.</summary>
public static class RangeScore
{
    private sealed record Known(string Kind, string? Campaign, long Exchanges, long Extracting);

    /// <summary>Membership and confidence from which a finding counts as flagged (DESIGN.md section 7).</summary>
    private const double Flagged = 0.5;

    public static RangeReport Score(string truthPath, string campaignsJsonPath)
    {
        var truth = ReadTruth(truthPath);
        var flagged = ReadFlagged(campaignsJsonPath);
        return Score(truth, flagged);
    }

    private static RangeReport Score(Dictionary<string, Known> truth, List<(string Id, List<string> Accounts)> campaigns)
    {
        var everywhere = new HashSet<string>(StringComparer.Ordinal);
        var unknown = new SortedSet<string>(StringComparer.Ordinal);
        var pieces = new Dictionary<string, int>(StringComparer.Ordinal);
        var found = new HashSet<string>(StringComparer.Ordinal);
        var falseOnes = new List<string>();
        foreach (var (id, accounts) in campaigns)
        {
            var byCase = new SortedDictionary<string, int>(StringComparer.Ordinal);
            foreach (var account in accounts)
            {
                everywhere.Add(account);
                if (!truth.TryGetValue(account, out var known)) unknown.Add(account);
                else if (known is { Campaign: { } campaign, Extracting: > 0 }) byCase[campaign] = byCase.GetValueOrDefault(campaign) + 1;
            }

            if (byCase.Count == 0)
            {
                falseOnes.Add(id);
                continue;
            }

            var owner = byCase.MaxBy(c => c.Value);
            pieces[owner.Key] = pieces.GetValueOrDefault(owner.Key) + 1;
            if (owner.Value * 2 > accounts.Count) found.Add(owner.Key);
            if (byCase.Values.Sum() * 2 < accounts.Count) falseOnes.Add(id);
        }

        var cases = truth.Where(t => t.Value is { Campaign: not null }).GroupBy(t => t.Value.Campaign!).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => CaseOf(g.Key, [.. g], found, pieces, everywhere)).ToList();
        var flaggedKnown = everywhere.Count;
        var right = everywhere.Count(a => truth.TryGetValue(a, out var k) && k.Extracting > 0);
        var total = cases.Sum(c => c.ExtractingCount);
        var touched = truth.Where(t => t.Value.Extracting == 0 && t.Value.Campaign is null).GroupBy(t => t.Value.Kind).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new TouchedKind(g.Key, g.Count(t => everywhere.Contains(t.Key)), g.Count())).ToList();
        return new RangeReport(cases, total == 0 ? null : cases.Sum(c => c.ExchangeRecall * c.ExtractingCount) / total,
            flaggedKnown == 0 ? null : (double)right / flaggedKnown, flaggedKnown, campaigns.Count, falseOnes, touched, [.. unknown]);
    }

    private static CaseScore CaseOf(string id, List<KeyValuePair<string, Known>> accounts, HashSet<string> found, Dictionary<string, int> pieces, HashSet<string> flagged)
    {
        var extracting = accounts.Sum(a => a.Value.Extracting);
        var hit = accounts.Where(a => flagged.Contains(a.Key)).ToList();
        var active = accounts.Count(a => a.Value.Extracting > 0);
        return new CaseScore(id, found.Contains(id), pieces.GetValueOrDefault(id),
            extracting == 0 ? 0 : (double)hit.Sum(a => a.Value.Extracting) / extracting,
            active == 0 ? 0 : (double)hit.Count(a => a.Value.Extracting > 0) / active, active, extracting);
    }

    private static Dictionary<string, Known> ReadTruth(string path)
    {
        var accounts = new Dictionary<string, Known>(StringComparer.Ordinal);
        var first = true;
        foreach (var line in File.ReadLines(path))
        {
            if (line.Length == 0) continue;
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            if (first)
            {
                if (!root.TryGetProperty("schema", out var schema) || schema.GetString() != RangeRun.TruthSchema)
                    throw new FormatException($"'{path}' does not begin with a header of schema {RangeRun.TruthSchema}.");
                first = false;
                continue;
            }

            // Lines of single exchanges may follow those of accounts.
            if (!root.TryGetProperty("account", out var account)) continue;
            accounts[account.GetString()!] = new Known(
                root.GetProperty("kind").GetString()!,
                root.TryGetProperty("campaign", out var campaign) ? campaign.GetString() : null,
                root.GetProperty("exchange_count").GetInt64(),
                root.GetProperty("extracting_count").GetInt64());
        }

        if (first) throw new FormatException($"'{path}' is empty.");
        return accounts;
    }

    private static List<(string Id, List<string> Accounts)> ReadFlagged(string path)
    {
        using var stream = File.OpenRead(path);
        using var json = JsonDocument.Parse(stream);
        if (!json.RootElement.TryGetProperty("schema", out var schema) || schema.GetString() != "stillhunt.campaigns/1")
            throw new FormatException($"'{path}' is not a result of schema stillhunt.campaigns/1.");
        var list = new List<(string, List<string>)>();
        foreach (var campaign in json.RootElement.GetProperty("campaigns").EnumerateArray())
        {
            if (campaign.GetProperty("confidence").GetDouble() < Flagged) continue;
            var accounts = campaign.GetProperty("accounts").EnumerateArray()
                .Where(a => a.GetProperty("probability").GetDouble() >= Flagged)
                .Select(a => a.GetProperty("id").GetString()!).Distinct(StringComparer.Ordinal).ToList();
            if (accounts.Count > 0) list.Add((campaign.GetProperty("id").GetString()!, accounts));
        }

        return list;
    }
}
