using System.Security.Cryptography;
using System.Text;

namespace Stillhunt.Response.Canaries;

/// <summary>
/// The append-only record of what was served, JSON Lines. Each line holds the SHA-256 of the line before it, so that nothing in between can be changed or left out unseen; a file that is cut at its
/// end shows nothing of that, so note its last hash elsewhere.
/// </summary>
public static class CanaryRecordFile
{
    /// <summary>Stands before the first line.</summary>
    public static string Beginning { get; } = new('0', 64);

    public static string HashOf(string line) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(line)));

    /// <summary>All that was served, in order. A last line without its end was never finished, and is left out.</summary>
    /// <param name="head">Hash of the last line.</param>
    /// <param name="wholeBytes">Bytes up to the end of the last whole line.</param>
    /// <exception cref="InvalidDataException">A line is none, or does not follow from the one before; it is named.</exception>
    public static IReadOnlyList<CanaryServed> Read(string path, out string head, out long wholeBytes)
    {
        var bytes = File.ReadAllBytes(path);
        (head, wholeBytes) = (Beginning, Array.LastIndexOf(bytes, (byte)'\n') + 1);
        var served = new List<CanaryServed>();
        var number = 0;
        foreach (var line in Encoding.UTF8.GetString(bytes, 0, (int)wholeBytes).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            number++;
            try
            {
                served.Add(CanaryServed.Read(line, out var after));
                if (after != head) throw new InvalidDataException($"{path}, line {number}: it does not follow from the line before; something was changed, left out or put in.");
            }
            catch (FormatException broken)
            {
                throw new InvalidDataException($"{path}, line {number}: {broken.Message}", broken);
            }

            head = HashOf(line);
        }

        return served;
    }
}
