using System.Globalization;
using System.Text.Json;

namespace Stillhunt.Proving;

/// <summary>What the truth says of one account, or of one end user of it.</summary>
public sealed record KnownAccount(string Kind, string? Campaign, long ExchangeCount, long ExtractingCount)
{
    public bool IsHonest => ExtractingCount == 0 && Campaign is null;
}

/// <summary>A <c>stillhunt.truth/1</c> file in memory: accounts by id, and end users where the truth tells them apart.</summary>
public sealed class RangeTruth
{
    public Dictionary<string, KnownAccount> Accounts { get; } = new(StringComparer.Ordinal);

    /// <summary>By account and end user. The exchanges of an end user are also counted in its account.</summary>
    public Dictionary<(string Account, string EndUser), KnownAccount> Tenants { get; } = [];

    /// <exception cref="FormatException">The file has no header, a line lacks a field, or its lines are not what the header counts; names file, line and field.</exception>
    public static RangeTruth Read(string path)
    {
        var truth = new RangeTruth();
        int number = 0;
        long accounts = 0, exchanges = 0, tenants = 0;
        (long? Exchanges, long? Accounts, long? Tenants)? counted = null;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (line.Length == 0) continue;
            using var json = Parse(path, number, line);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object) throw new FormatException($"{path}, line {number}: this is no JSON object.");
            if (counted is null)
            {
                if (!root.TryGetProperty("schema", out var schema) || schema.GetString() != RangeRun.TruthSchema)
                    throw new FormatException($"'{path}' does not begin with a header of schema {RangeRun.TruthSchema}.");
                counted = (Counted("exchange_count"), Counted("account_count"), Counted("tenant_count"));
                continue;
            }

            if (root.TryGetProperty("account", out var account))
            {
                accounts++;
                var known = new KnownAccount(Field("kind").GetString()!, Campaign(), Field("exchange_count").GetInt64(), Field("extracting_count").GetInt64());
                truth.Accounts[account.GetString()!] = known;
                exchanges += known.ExchangeCount;
            }
            else if (root.TryGetProperty("tenant_of", out var owner))
            {
                tenants++;
                truth.Tenants[(owner.GetString()!, Field("end_user").GetString()!)] = new KnownAccount("tenant", Campaign(), Field("exchange_count").GetInt64(), Field("extracting_count").GetInt64());
            }

            // Lines of single exchanges may follow.
            JsonElement Field(string name) => root.TryGetProperty(name, out var value) ? value : throw new FormatException($"{path}, line {number}: there is no '{name}'.");

            long? Counted(string name) => root.TryGetProperty(name, out var value) ? value.GetInt64() : null;

            string? Campaign() => root.TryGetProperty("campaign", out var campaign) ? campaign.GetString() : null;
        }

        if (counted is not { } header) throw new FormatException($"'{path}' is empty.");
        Check(path, "exchange", header.Exchanges, exchanges);
        // Another author may count accounts that sent nothing, of which there is no line: exchanges say more.
        if (header.Exchanges is null) Check(path, "account", header.Accounts, accounts);
        Check(path, "tenant", header.Tenants, tenants);
        return accounts > 0 ? truth : throw new FormatException($"'{path}' names no account.");
    }

    /// <summary>A file that was cut between two lines reads well, and a score by it is wrong.</summary>
    /// <param name="counted">What the header says; null where it does not, as another author's may.</param>
    private static void Check(string path, string what, long? counted, long held)
    {
        if (counted is { } all && all != held) throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"'{path}' holds {held} of its {what}s, and its header counts {all} ('{what}_count'): it is not whole."));
    }

    private static JsonDocument Parse(string path, int number, string line)
    {
        try
        {
            return JsonDocument.Parse(line);
        }
        catch (JsonException fault)
        {
            throw new FormatException($"{path}, line {number}: this is no JSON.", fault);
        }
    }
}
