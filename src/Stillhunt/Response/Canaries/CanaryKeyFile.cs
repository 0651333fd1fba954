using System.Security.Cryptography;

namespace Stillhunt.Response.Canaries;

/// <summary>
/// The canary keys of a deployment, in a file that only its owner reads: one <c>EPOCH HEX</c> a line, 64 hexadecimal digits. The last line is in use; earlier ones are kept, because a model that
/// was trained on their answers can be tested with nothing else.
/// </summary>
public static class CanaryKeyFile
{
    private const int MostEpochCharacters = 64;

    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="InvalidDataException">A line holds something else than a key; the line is named, never what stands in it.</exception>
    public static IReadOnlyList<CanaryKey> Load(string path)
    {
        var keys = new List<CanaryKey>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (line.Trim() is not { Length: > 0 } text || text[0] == '#') continue;
            var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length != 2 || parts[0].Length > MostEpochCharacters || parts[1].Length != 2 * CanaryKey.Bytes || !parts[1].All(char.IsAsciiHexDigit))
                throw new InvalidDataException($"{path}, line {number}: expected is the name of an epoch and a key of {2 * CanaryKey.Bytes} hexadecimal digits.");
            if (keys.Any(key => key.Epoch == parts[0])) throw new InvalidDataException($"{path}, line {number}: the epoch {parts[0]} stands there twice.");
            keys.Add(new CanaryKey(parts[0], Convert.FromHexString(parts[1])));
        }

        return keys.Count > 0 ? keys : throw new InvalidDataException($"{path} holds no canary key; make one with 'stillhunt canary key'.");
    }

    /// <summary>Appends a new key, which is in use from the next start on; makes the file where there is none.</summary>
    /// <exception cref="InvalidDataException">The epoch is no name, or stands there already.</exception>
    public static CanaryKey Add(string path, string epoch)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        if (epoch.Length is 0 or > MostEpochCharacters || !epoch.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':'))
            throw new InvalidDataException($"An epoch is named by up to {MostEpochCharacters} letters, digits, dashes, dots and colons.");
        var exists = File.Exists(path);
        if (exists && Load(path).Any(key => key.Epoch == epoch)) throw new InvalidDataException($"{path} has an epoch {epoch} already.");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        Span<byte> secret = stackalloc byte[CanaryKey.Bytes];
        RandomNumberGenerator.Fill(secret);
        var key = new CanaryKey(epoch, secret);
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows() && !exists) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(path, options);
        writer.WriteLine($"{key.Epoch} {key.Hex}");
        return key;
    }
}
