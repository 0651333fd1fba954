using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stillhunt.Fingerprinting;

/// <summary>A word of ASCII letters as one vector.</summary>
internal static class AsciiWord
{
    /// <summary>Letters of the longest word that a vector holds together with what ends it.</summary>
    public const int Longest = 15;

    /// <summary>
    /// How many ASCII letters stand in a row from <paramref name="start"/> on; more than <see cref="Longest"/> for more of them. 0 also where the whole text is shorter than a vector:
    /// then it is taken byte by byte.
    /// </summary>
    /// <param name="folded">The letters in lower case, and behind them anything.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Load(ReadOnlySpan<byte> text, int start, out Vector128<byte> folded)
    {
        Vector128<byte> bytes;
        if (start + Vector128<byte>.Count <= text.Length)
        {
            bytes = Vector128.Create(text.Slice(start, Vector128<byte>.Count));
        }
        else if (text.Length >= Vector128<byte>.Count)
        {
            // The last words of a text: its last bytes, moved down; what comes in from above is no letter.
            var beyond = start + Vector128<byte>.Count - text.Length;
            bytes = Vector128.Shuffle(Vector128.Create(text[^Vector128<byte>.Count..]), Vector128<byte>.Indices + Vector128.Create((byte)beyond));
        }
        else
        {
            folded = default;
            return 0;
        }

        folded = bytes | Vector128.Create((byte)0x20);
        var letters = Vector128.LessThan(folded - Vector128.Create((byte)'a'), Vector128.Create((byte)26));
        return BitOperations.TrailingZeroCount(~letters.ExtractMostSignificantBits());
    }
}
