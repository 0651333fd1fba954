using System.Globalization;
using System.Security.Cryptography;

namespace Stillhunt.Sketches;

/// <summary>The deployment's secret key, kept in a file that only its owner reads: 16 hexadecimal digits.</summary>
public static class HashKeyFile
{
    /// <summary>Where the key is kept unless told otherwise: the user's own configuration folder.</summary>
    public static string DefaultPath => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "stillhunt", "key");

    /// <summary>Reads the key, or makes one.</summary>
    /// <exception cref="IOException">The file can't be read or written.</exception>
    /// <exception cref="InvalidDataException">The file holds something else than a key.</exception>
    public static KeyedHash LoadOrCreate(string path)
    {
        if (!File.Exists(path)) Create(path);
        var text = File.ReadAllText(path).Trim();
        return ulong.TryParse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var key) && text.Length == 16
            ? new KeyedHash(key)
            : throw new InvalidDataException($"{path} does not hold a key: 16 hexadecimal digits are expected.");
    }

    /// <summary>Makes a key beside and gives it its name, so that nobody reads half of one; where another was sooner, that one's stays.</summary>
    private static void Create(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        Span<byte> secret = stackalloc byte[8];
        RandomNumberGenerator.Fill(secret);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var made = $"{path}.{Guid.NewGuid():N}.new";
        try
        {
            using (var writer = new StreamWriter(made, options)) writer.WriteLine(Convert.ToHexStringLower(secret));
            HardLink.TryName(made, path);
        }
        finally
        {
            File.Delete(made);
        }
    }
}
