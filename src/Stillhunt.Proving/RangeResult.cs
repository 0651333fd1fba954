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

    /// <exception cref="FormatException">The file is of another schema, or a campaign or account lacks a field or has one of another kind; names which.</exception>
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
    }

    private static RangeResult Read(string path, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("schema", out var schema) || schema.ValueKind != JsonValueKind.String || !schema.ValueEquals(Schema))
            throw new FormatException($"'{path}' is not a result of schema {Schema}: a result is an object with \"schema\": \"{Schema}\" and \"campaigns\".");
        var result = new JsonRecord(root, $"'{path}'");
        return new RangeResult(Part("campaigns"), result.Has("suspected") ? Part("suspected") : []);

        ResultCampaign[] Part(string name) =>
        [
            .. result.List(name).Select(c => new ResultCampaign(c.Text("id"), c.Share("confidence"),
                [.. c.List("accounts").Select(a => new ResultMember(a.Text("id"), a.OptionalText("end_user"), a.Share("probability")))])),
        ];
    }
}
