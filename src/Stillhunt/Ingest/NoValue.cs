using System.Text;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest;

/// <summary>What logs and tables write where they have no value: <c>-</c> (nginx, Envoy), <c>NULL</c> and <c>\N</c> (databases). As an organisation it would make all accounts one owner's.</summary>
internal static class NoValue
{
    public static bool Is(string value) => value is "-" or "\\N" || value.Equals("null", StringComparison.OrdinalIgnoreCase);

    public static bool Is(JsonValue value) => value.IsString && (value.Is("-"u8) || value.Is("\\N"u8) || Ascii.EqualsIgnoreCase(value.Raw, "null"u8));
}
