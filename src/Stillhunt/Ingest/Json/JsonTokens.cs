using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stillhunt.Ingest.Json;

/// <summary>
/// Where the tokens of a JSON text stand: the quotes of its strings, and the brackets outside them, found 64 bytes at a time (Langdale and Lemire, "Parsing
/// gigabytes of JSON per second", VLDB Journal 2019). It says nothing of their order: <see cref="JsonMembers"/> does. Serves one thread.
/// </summary>
internal sealed class JsonTokens
{
    /// <summary>Longer texts are left to the reader that needs no room for each of their tokens.</summary>
    public const int LongestText = 1 << 16;

    private const int Block = 64;

    private int[] _positions = new int[4096 + (2 * Block)];
    private int[] _slashes = new int[256];
    private int _slashCount;
    private int _slash;

    public int Count { get; private set; }

    /// <summary>Where the token stands; beyond the last one, beyond the text.</summary>
    public int this[int token] => _positions[token];

    /// <summary>
    /// Finds the tokens. False where the text is too long, a string is not ended, holds a control character or a bad escape, or a backslash stands outside of strings.
    /// </summary>
    /// <param name="vectors">False takes every byte alone: the twin that a test holds the vectors to.</param>
    public bool TryFind(ReadOnlySpan<byte> json, bool vectors = true)
    {
        Count = _slashCount = _slash = 0;
        if (json.Length > LongestText) return false;
        if (_positions.Length < json.Length + (2 * Block)) _positions = new int[json.Length + (2 * Block)];
        var state = default(State);
        var at = 0;
        for (; at + Block <= json.Length; at += Block)
        {
            if (!Take(json.Slice(at, Block), at, vectors, ref state)) return false;
        }

        if (at < json.Length)
        {
            Span<byte> rest = stackalloc byte[Block];
            rest.Fill((byte)' ');
            json[at..].CopyTo(rest);
            if (!Take(rest, at, vectors, ref state)) return false;
        }

        if (state.InString != 0) return false;
        _positions[Count] = int.MaxValue;
        AddSlash(int.MaxValue);
        return EscapesAreGood(json);
    }

    /// <summary>Whether a backslash stands between two positions; asked for in rising order it costs nothing to speak of.</summary>
    public bool HasEscape(int start, int end)
    {
        while (_slash > 0 && _slashes[_slash - 1] >= start) _slash--;
        while (_slashes[_slash] < start) _slash++;
        return _slashes[_slash] < end;
    }

    /// <param name="InString">All ones where the block starts inside a string.</param>
    /// <param name="Escaped">1 where its first byte is escaped.</param>
    private record struct State(ulong InString, ulong Escaped);

    private bool Take(ReadOnlySpan<byte> block, int at, bool vectors, ref State state)
    {
        var classes = default(Classes);
        classes.Find(block, vectors);
        var quotes = classes.Quotes;
        if ((classes.Slashes | state.Escaped) != 0) quotes &= ~Escapes(classes.Slashes, at, ref state);
        // Bit by bit the parity of the quotes so far: from an opening quote up to its closing one.
        var inside = quotes;
        inside ^= inside << 1;
        inside ^= inside << 2;
        inside ^= inside << 4;
        inside ^= inside << 8;
        inside ^= inside << 16;
        inside ^= inside << 32;
        inside ^= state.InString;
        state.InString = (ulong)((long)inside >> 63);
        if (((classes.Controls & inside) | (classes.Slashes & ~inside)) != 0) return false;
        var tokens = (classes.Brackets & ~inside) | quotes;
        var count = BitOperations.PopCount(tokens);
        // In fours, so that how many there are is guessed right more often; what is written too much is overwritten.
        var into = _positions.AsSpan(Count, Block);
        for (var i = 0; i < count; i += 4)
        {
            var four = into.Slice(i, 4);
            four[0] = at + BitOperations.TrailingZeroCount(tokens);
            tokens &= tokens - 1;
            four[1] = at + BitOperations.TrailingZeroCount(tokens);
            tokens &= tokens - 1;
            four[2] = at + BitOperations.TrailingZeroCount(tokens);
            tokens &= tokens - 1;
            four[3] = at + BitOperations.TrailingZeroCount(tokens);
            tokens &= tokens - 1;
        }

        Count += count;
        return true;
    }

    /// <summary>The bytes that a backslash escapes.</summary>
    private ulong Escapes(ulong slashes, int at, ref State state)
    {
        var escaped = state.Escaped;
        state.Escaped = 0;
        slashes &= ~escaped;
        while (slashes != 0)
        {
            var slash = BitOperations.TrailingZeroCount(slashes);
            AddSlash(at + slash);
            if (slash == Block - 1) state.Escaped = 1;
            var next = 2UL << slash;
            escaped |= next;
            slashes &= (slashes - 1) & ~next;
        }

        return escaped;
    }

    private void AddSlash(int at)
    {
        if (_slashCount == _slashes.Length) Array.Resize(ref _slashes, _slashCount * 2);
        _slashes[_slashCount++] = at;
    }

    private bool EscapesAreGood(ReadOnlySpan<byte> json)
    {
        foreach (var slash in _slashes.AsSpan(0, _slashCount - 1))
        {
            if (!JsonBytes.IsEscape(json, slash)) return false;
        }

        return true;
    }

    /// <summary>Bytes of 64 by what they are, a bit a byte. Backslashes and control characters count wherever they stand.</summary>
    private ref struct Classes
    {
        // Two braces and two brackets differ in one bit.
        private const byte CaseBit = 0x20;

        public ulong Quotes, Slashes, Controls, Brackets;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Find(ReadOnlySpan<byte> block, bool vectors)
        {
            if (!vectors || !Vector128.IsHardwareAccelerated) OneByOne(block);
            else if (Vector512.IsHardwareAccelerated) AtOnce(block);
            else InQuarters(block);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void AtOnce(ReadOnlySpan<byte> block)
        {
            var bytes = Vector512.Create(block);
            var cased = bytes | Vector512.Create(CaseBit);
            Quotes = Vector512.Equals(bytes, Vector512.Create((byte)'"')).ExtractMostSignificantBits();
            Slashes = Vector512.Equals(bytes, Vector512.Create((byte)'\\')).ExtractMostSignificantBits();
            Controls = Vector512.LessThan(bytes, Vector512.Create((byte)' ')).ExtractMostSignificantBits();
            Brackets = Vector512.Equals(cased, Vector512.Create((byte)'{')).ExtractMostSignificantBits() | Vector512.Equals(cased, Vector512.Create((byte)'}')).ExtractMostSignificantBits();
        }

        private void InQuarters(ReadOnlySpan<byte> block)
        {
            (Quotes, Slashes, Controls, Brackets) = (0, 0, 0, 0);
            for (var at = 0; at < Block; at += Vector128<byte>.Count)
            {
                var bytes = Vector128.Create(block.Slice(at, Vector128<byte>.Count));
                var cased = bytes | Vector128.Create(CaseBit);
                Quotes |= (ulong)Vector128.Equals(bytes, Vector128.Create((byte)'"')).ExtractMostSignificantBits() << at;
                Slashes |= (ulong)Vector128.Equals(bytes, Vector128.Create((byte)'\\')).ExtractMostSignificantBits() << at;
                Controls |= (ulong)Vector128.LessThan(bytes, Vector128.Create((byte)' ')).ExtractMostSignificantBits() << at;
                Brackets |= (ulong)(Vector128.Equals(cased, Vector128.Create((byte)'{')) | Vector128.Equals(cased, Vector128.Create((byte)'}'))).ExtractMostSignificantBits() << at;
            }
        }

        private void OneByOne(ReadOnlySpan<byte> block)
        {
            (Quotes, Slashes, Controls, Brackets) = (0, 0, 0, 0);
            for (var i = 0; i < Block; i++)
            {
                var bit = 1UL << i;
                if (block[i] == '"') Quotes |= bit;
                else if (block[i] == '\\') Slashes |= bit;
                else if (block[i] < ' ') Controls |= bit;
                else if (block[i] is (byte)'{' or (byte)'}' or (byte)'[' or (byte)']') Brackets |= bit;
            }
        }
    }
}
