using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Stillhunt.Sketches;

/// <summary>
/// The 64-bit hash behind everything that is kept. The key is a secret of the deployment: without it nobody can build texts
/// that collide. A folded multiply over 8-byte words (the construction of wyhash): not a MAC, but its collisions can't be
/// aimed at without the key. The same key and bytes give the same value on every machine.
/// </summary>
public readonly record struct KeyedHash(ulong Key)
{
    private const ulong P0 = 0xA0761D6478BD642F;
    private const ulong P1 = 0xE7037ED1A0B428DB;
    private const ulong P2 = 0x8EBC6AF09C88C6E3;

    /// <summary>A fixed key for the range and for tests, never for a deployment.</summary>
    public static KeyedHash Fixed { get; } = new(0x5DEECE66D1CE4E5B);

    public ulong Of(ReadOnlySpan<byte> bytes)
    {
        var h = Key ^ P0;
        var length = bytes.Length;
        while (bytes.Length > 16)
        {
            h = Fold(BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ P1, BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]) ^ h);
            bytes = bytes[16..];
        }

        ulong a, b;
        if (bytes.Length >= 8)
        {
            a = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            b = BinaryPrimitives.ReadUInt64LittleEndian(bytes[^8..]);
        }
        else if (bytes.Length >= 4)
        {
            a = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            b = BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..]);
        }
        else
        {
            a = 0;
            foreach (var x in bytes) a = a << 8 | x;
            b = 0;
        }

        return Fold(P1 ^ (ulong)length, Fold(a ^ P1, b ^ h) ^ P2 ^ Key);
    }

    /// <summary>As <see cref="Of(ReadOnlySpan{byte})"/> of the first <paramref name="length"/> (1 to 15) of sixteen bytes in two registers, little-endian; what stands behind them does not count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ulong OfShort(ulong low, ulong high, int length)
    {
        ulong a, b;
        if (length >= 8)
        {
            var shift = (length - 8) * 8;
            (a, b) = (low, (low >> shift) | (high << 1 << (63 - shift)));
        }
        else if (length >= 4)
        {
            (a, b) = ((uint)low, (uint)(low >> ((length - 4) * 8)));
        }
        else
        {
            (a, b) = (BinaryPrimitives.ReverseEndianness(low) >> (64 - (length * 8)), 0);
        }

        return Fold(P1 ^ (ulong)length, Fold(a ^ P1, b ^ Key ^ P0) ^ P2 ^ Key);
    }

    /// <summary>Hashes two values into one, in order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Of(ulong a, ulong b) => Fold(Fold(a ^ P1, b ^ Key ^ P0), P2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}
