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

    /// <exception cref="FormatException">The file has no header, a line lacks a field or has one of another kind, an account stands twice, or its lines are not what the header counts; names file, line and field.</exception>
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
            var of = new JsonRecord(json.RootElement, $"{path}, line {number}");
            if (counted is null)
            {
                if (!json.RootElement.TryGetProperty("schema", out var schema) || schema.ValueKind != JsonValueKind.String || !schema.ValueEquals(RangeRun.TruthSchema))
                    throw new FormatException($"'{path}' does not begin with a header of schema {RangeRun.TruthSchema}.");
                counted = (Counted("exchange_count"), Counted("account_count"), Counted("tenant_count"));
            }
            else if (of.Has("account"))
            {
                accounts++;
                var known = Known(of.Text("kind"));
                if (!truth.Accounts.TryAdd(of.Text("account"), known)) throw of.Fault($"the account '{of.Text("account")}' stands twice.");
                exchanges += known.ExchangeCount;
            }
            else if (of.Has("tenant_of"))
            {
                tenants++;
                if (!truth.Tenants.TryAdd((of.Text("tenant_of"), of.Text("end_user")), Known("tenant"))) throw of.Fault($"the end user '{of.Text("end_user")}' of '{of.Text("tenant_of")}' stands twice.");
            }

            // Lines of single exchanges may follow.
            KnownAccount Known(string kind) => new(kind, of.OptionalText("campaign"), of.Count("exchange_count"), of.Count("extracting_count"));

            long? Counted(string name) => of.Has(name) ? of.Count(name) : null;
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
