using System.Text.Json;

namespace Stillhunt.Proving;

/// <summary>One account of a campaign; the end user is null where the whole account is meant.</summary>
public sealed record ResultMember(string Account, string? EndUser, double Probability);

/// <summary>One campaign of a result, with its confidence.</summary>
public sealed record ResultCampaign(string Id, double Confidence, IReadOnlyList<ResultMember> Members);

/// <summary>What any detector says: the <c>campaigns</c> and <c>suspected</c> parts of a <c>stillhunt.campaigns/1</c> file.</summary>
public sealed record RangeResult(IReadOnlyList<ResultCampaign> Campaigns, IReadOnlyList<ResultCampaign> Suspected)
{
    public const string Schema = "stillhunt.campaigns/1";

    /// <exception cref="FormatException">The file is of another schema, or a campaign lacks a field, or a probability is none.</exception>
    public static RangeResult Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            using var json = JsonDocument.Parse(stream);
            return Read(path, json.RootElement);
        }
        catch (JsonException fault)
        {
            throw new FormatException($"'{path}' is no JSON{(fault.LineNumber is { } line ? $"; what is wrong stands near line {line + 1}" : "")}.", fault);
        }
        catch (InvalidOperationException fault)
        {
            throw new FormatException($"'{path}' is not a result of schema {Schema}: a value is of another kind than its field.", fault);
        }
    }

    private static RangeResult Read(string path, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("schema", out var schema) || schema.GetString() != Schema)
            throw new FormatException($"'{path}' is not a result of schema {Schema}: a result is an object with \"schema\": \"{Schema}\" and \"campaigns\".");
        return new RangeResult(Part("campaigns"), root.TryGetProperty("suspected", out _) ? Part("suspected") : []);

        IReadOnlyList<ResultCampaign> Part(string name) =>
        [
            .. Field(root, name, null).EnumerateArray().Select(c => new ResultCampaign(Field(c, "id", name).GetString()!, Share(c, "confidence", name),
            [
                .. Field(c, "accounts", name).EnumerateArray().Select(a => new ResultMember(Field(a, "id", name).GetString()!,
                    a.TryGetProperty("end_user", out var user) ? user.GetString() : null, Share(a, "probability", name))),
            ])),
        ];

        JsonElement Field(JsonElement of, string field, string? part) =>
            of.TryGetProperty(field, out var value) ? value : throw new FormatException($"'{path}': {(part is null ? "" : $"in '{part}' ")}there is no '{field}'.");

        double Share(JsonElement of, string field, string part) =>
            Field(of, field, part).GetDouble() is >= 0 and <= 1 and var share ? share : throw new FormatException($"'{path}': in '{part}' a '{field}' is not from 0 to 1.");
    }
}
