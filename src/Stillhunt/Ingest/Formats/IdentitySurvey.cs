using System.Text.Json;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Formats;

/// <summary>What only a look at a whole source tells about its identities: which of two fields varies. See <see cref="BedrockSurvey"/>.</summary>
internal sealed class IdentitySurvey
{
    private string? _owner;

    public BedrockSurvey Bedrock { get; } = new();

    /// <summary>More than one <c>helicone_user</c> was seen: it tells customers apart.</summary>
    public bool HeliconeOwnersVary { get; private set; }

    /// <summary>Nothing further can change any decision.</summary>
    public bool Decided => Bedrock.Decided || HeliconeOwnersVary;

    /// <summary>Looks at a record where it can be of a format with such a choice; whether it can.</summary>
    public bool Look(ReadOnlySpan<byte> record)
    {
        // Cheap tests first: each of the two formats names a field that no other has.
        if (record.IndexOf("modelId"u8) >= 0)
        {
            Bedrock.Look(record);
            return true;
        }

        if (record.IndexOf("helicone_user"u8) < 0) return false;
        LookHelicone(record);
        return true;
    }

    private void LookHelicone(ReadOnlySpan<byte> record)
    {
        try
        {
            var value = JsonValue.Of(record);
            var rows = value.Get("data"u8);
            if (!rows.IsArray) rows = value;
            if (rows.IsArray) foreach (var row in rows.Items()) TakeOwner(row);
            else TakeOwner(value);
        }
        catch (JsonException)
        {
            // Counted as a refused record when it is read; it says nothing about identities.
        }
    }

    private void TakeOwner(JsonValue row)
    {
        if (row.Get("helicone_user"u8).ToText() is not { Length: > 0 } owner) return;
        _owner ??= owner;
        HeliconeOwnersVary |= owner != _owner;
    }
}
