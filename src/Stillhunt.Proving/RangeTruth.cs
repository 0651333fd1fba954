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

    /// <exception cref="FormatException">The file has no header, or a line lacks a field; names file, line and field.</exception>
    public static RangeTruth Read(string path)
    {
        var truth = new RangeTruth();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (line.Length == 0) continue;
            using var json = Parse(path, number, line);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object) throw new FormatException($"{path}, line {number}: this is no JSON object.");
            if (number == 1)
            {
                if (!root.TryGetProperty("schema", out var schema) || schema.GetString() != RangeRun.TruthSchema)
                    throw new FormatException($"'{path}' does not begin with a header of schema {RangeRun.TruthSchema}.");
                continue;
            }

            if (root.TryGetProperty("account", out var account))
                truth.Accounts[account.GetString()!] = new KnownAccount(Field("kind").GetString()!, Campaign(), Field("exchange_count").GetInt64(), Field("extracting_count").GetInt64());
            else if (root.TryGetProperty("tenant_of", out var owner))
                truth.Tenants[(owner.GetString()!, Field("end_user").GetString()!)] = new KnownAccount("tenant", Campaign(), Field("exchange_count").GetInt64(), Field("extracting_count").GetInt64());

            // Lines of single exchanges may follow.
            JsonElement Field(string name) => root.TryGetProperty(name, out var value) ? value : throw new FormatException($"{path}, line {number}: there is no '{name}'.");

            string? Campaign() => root.TryGetProperty("campaign", out var campaign) ? campaign.GetString() : null;
        }

        return number > 0 ? truth : throw new FormatException($"'{path}' is empty.");
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
