using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Stillhunt.Sharing;

/// <summary>
/// One epoch of a sharing group's secret. Sketches are HMAC-SHA-256 under it, so that only members can compare them. Members can: a keyed hash
/// hides a value from a member only if the value can't be guessed, which is why addresses and mail domains are never hashed.
/// </summary>
public sealed record GroupEpoch(string Group, string Epoch, DateTimeOffset From, DateTimeOffset Until, ReadOnlyMemory<byte> Secret)
{
    public bool IsValidAt(DateTimeOffset time) => time >= From && time < Until;

    /// <summary>The 64-bit value of a phrase, from the values of its words.</summary>
    internal ulong PhraseOf(ReadOnlySpan<ulong> words)
    {
        Span<byte> message = stackalloc byte[8 * (words.Length + 1)];
        "phrase:1"u8.CopyTo(message);
        for (var i = 0; i < words.Length; i++) BinaryPrimitives.WriteUInt64LittleEndian(message[(8 * (i + 1))..], words[i]);
        Span<byte> hash = stackalloc byte[32];
        HMACSHA256.HashData(Secret.Span, message, hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }

    /// <summary>The 128-bit value of a text of a kind, as 32 hexadecimal digits.</summary>
    internal string ValueOf(string kind, ReadOnlySpan<byte> text)
    {
        var prefix = Encoding.UTF8.GetBytes(kind + ":1\0");
        byte[] message = [.. prefix, .. text];
        return Convert.ToHexStringLower(HMACSHA256.HashData(Secret.Span, message).AsSpan(0, 16));
    }

    /// <summary>Never shows the secret.</summary>
    public override string ToString() => $"{Group}/{Epoch}";
}

/// <summary>
/// The key file of a sharing group, schema <c>stillhunt.groupkey/1</c>: its name and the epochs of its secret. It is handed to members by hand and
/// is as secret as a password.
/// </summary>
public sealed partial record GroupKey(string Group, IReadOnlyList<GroupEpoch> Epochs)
{
    public const string SchemaName = "stillhunt.groupkey/1";

    private const int SecretBytes = 32;

    /// <summary>The youngest epoch that is valid at a time, or null.</summary>
    public GroupEpoch? At(DateTimeOffset time) => Epochs.Where(epoch => epoch.IsValidAt(time)).MaxBy(epoch => epoch.From);

    public GroupEpoch? Find(string group, string epoch) => group == Group ? Epochs.FirstOrDefault(known => known.Epoch == epoch) : null;

    /// <summary>The same key with one more epoch of a fresh secret; group null makes the first.</summary>
    public static GroupKey WithNewEpoch(GroupKey? known, string group, string epoch, DateTimeOffset from, DateTimeOffset until)
    {
        var secret = new byte[SecretBytes];
        RandomNumberGenerator.Fill(secret);
        return new GroupKey(group, [.. known?.Epochs ?? [], new GroupEpoch(group, epoch, from, until, secret)]);
    }

    /// <summary>Names of groups and epochs: they stand in patterns, so they hold no spaces.</summary>
    public static bool IsName(string name) => NamePattern().IsMatch(name);

    /// <exception cref="InvalidDataException">With the file, the epoch and the field.</exception>
    public static GroupKey Load(string path)
    {
        JsonObject root;
        try
        {
            root = JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new InvalidDataException($"{path} does not hold a group key.");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{path} does not hold a group key: {fault.Message}", fault);
        }

        if (Text(root, "schema") != SchemaName) throw new InvalidDataException($"{path}, field schema: '{SchemaName}' is expected.");
        var group = Text(root, "group");
        if (group is null || !IsName(group)) throw new InvalidDataException($"{path}, field group: a name of letters, digits, '.', '-' and '_' is expected.");
        if (root["epochs"] is not JsonArray { Count: > 0 } epochs) throw new InvalidDataException($"{path}, field epochs: a list with at least one epoch is expected.");
        var read = epochs.Select((node, at) => Epoch(path, group, node as JsonObject, at)).ToList();
        if (read.Select(epoch => epoch.Epoch).Distinct(StringComparer.Ordinal).Count() < read.Count) throw new InvalidDataException($"{path}, field epochs: two epochs have one name.");
        return new GroupKey(group, read);
    }

    public JsonObject ToJson() => new()
    {
        ["schema"] = SchemaName,
        ["group"] = Group,
        ["epochs"] = new JsonArray([.. Epochs.Select(epoch => new JsonObject
        {
            ["epoch"] = epoch.Epoch, ["from"] = Time(epoch.From), ["until"] = Time(epoch.Until), ["secret"] = Convert.ToHexStringLower(epoch.Secret.Span),
        })]),
    };

    private static GroupEpoch Epoch(string path, string group, JsonObject? node, int at)
    {
        var where = string.Create(CultureInfo.InvariantCulture, $"{path}, epochs[{at}]");
        if (node is null) throw new InvalidDataException($"{where}: an object is expected.");
        var name = Text(node, "epoch");
        if (name is null || !IsName(name)) throw new InvalidDataException($"{where}.epoch: a name of letters, digits, '.', '-' and '_' is expected.");
        var secret = Text(node, "secret");
        if (secret is null || secret.Length != 2 * SecretBytes || !secret.All(char.IsAsciiHexDigit)) throw new InvalidDataException($"{where}.secret: 64 hexadecimal digits are expected.");
        var (from, until) = (Instant(Text(node, "from")), Instant(Text(node, "until")));
        if (from is null || until is null || until <= from) throw new InvalidDataException($"{where}: from and until are times with an offset, the second later.");
        return new GroupEpoch(group, name, from.Value, until.Value, Convert.FromHexString(secret));
    }

    private static string? Text(JsonObject node, string field) => node[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static DateTimeOffset? Instant(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    private static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex NamePattern();
}
