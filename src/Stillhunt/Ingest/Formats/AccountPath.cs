using System.Text.Json;
using Stillhunt.Ingest.Content;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Formats;

/// <summary>
/// Where the user says that the account stands: one path, or several with commas between, of which the first that a record fills counts. The format's own rule is never a silent
/// fallback: a gateway's name would then stand beside its customers' as if it were one of them.
/// </summary>
internal sealed class AccountPath
{
    private readonly FieldPath[] _paths;

    /// <param name="text"><c>metadata.tenant</c>, or <c>metadata.tenant,user</c>.</param>
    public AccountPath(string text)
    {
        _paths = [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(path => new FieldPath(path))];
        Text = string.Join(", else ", _paths.Select(path => path.Text));
    }

    /// <summary>As a person reads it: <c>metadata.tenant, else user</c>.</summary>
    public string Text { get; }

    /// <summary>The first field with a value in it; where there is none, the last one that stands there, so that it can be told to be of the wrong type.</summary>
    public JsonValue Find(JsonValue record)
    {
        JsonValue last = default;
        foreach (var path in _paths)
        {
            var value = path.Find(record);
            if (IsFilled(value)) return value;
            if (value.Exists) last = value;
        }

        return last;
    }

    /// <summary>The rank of an attribute's whole name among the paths, 0 for the first; <see cref="int.MaxValue"/> where it is none of them.</summary>
    public int RankOf(ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < _paths.Length; i++)
            if (name.SequenceEqual(_paths[i].Utf8)) return i;
        return int.MaxValue;
    }

    /// <summary>A value that can name an account: neither absent nor empty nor what a redactor left in its place.</summary>
    public static bool IsFilled(JsonValue value) => value.Type == JsonTokenType.Number || (value.IsString && !value.Raw.IsEmpty && !LoggedText.IsPlaceholder(value.Raw));
}
