using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Stillhunt.Response.Canaries;

/// <summary>What one campaign was served in one stretch of time: counts, and nothing of any text.</summary>
/// <param name="Table">Version of the published pairs.</param>
/// <param name="AnswerCount">Answers that were looked through.</param>
/// <param name="MarkedCount">Of these, answers with at least one place where the key chose.</param>
/// <param name="PlaceCount">Places where the key chose.</param>
/// <param name="ChangedCount">Of these, places where the model had written the other form.</param>
public sealed record CanaryServed(DateTimeOffset From, DateTimeOffset To, string Campaign, string Epoch, int Table, long AnswerCount, long MarkedCount, long PlaceCount, long ChangedCount)
{
    /// <summary>One line of JSON without its end.</summary>
    /// <param name="after">SHA-256 of the line before, in hex.</param>
    public string Line(string after)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteString("from", Time(From));
            writer.WriteString("to", Time(To));
            writer.WriteString("campaign", Campaign);
            writer.WriteString("epoch", Epoch);
            writer.WriteNumber("table", Table);
            writer.WriteNumber("answer_count", AnswerCount);
            writer.WriteNumber("marked_count", MarkedCount);
            writer.WriteNumber("place_count", PlaceCount);
            writer.WriteNumber("changed_count", ChangedCount);
            writer.WriteString("after", after);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(json.ToArray());
    }

    /// <exception cref="FormatException">The line is none of these.</exception>
    public static CanaryServed Read(string line, out string after)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            after = root.GetProperty("after").GetString() ?? "";
            return new CanaryServed(root.GetProperty("from").GetDateTimeOffset(), root.GetProperty("to").GetDateTimeOffset(), root.GetProperty("campaign").GetString() ?? "", root.GetProperty("epoch").GetString() ?? "",
                root.GetProperty("table").GetInt32(), root.GetProperty("answer_count").GetInt64(), root.GetProperty("marked_count").GetInt64(), root.GetProperty("place_count").GetInt64(), root.GetProperty("changed_count").GetInt64());
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException("It is no record of canaries.", broken);
        }
    }

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
