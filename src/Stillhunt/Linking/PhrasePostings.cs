using System.Numerics;

namespace Stillhunt.Linking;

/// <summary>Which exchanges hold which phrases, as an inverted index of (phrase, exchange) pairs: part after part, so that threads share the work.</summary>
/// <param name="Postings">A phrase's print in the upper half, the exchange in the lower; each part is to be sorted yet.</param>
/// <param name="Parts">By the first bits of the print.</param>
internal sealed record PhrasePostings(ulong[] Postings, IReadOnlyList<(int Start, int Length)> Parts)
{
    /// <summary>Prints are shared out by their first bits.</summary>
    private const int PartBits = 6;

    /// <summary>Bits of a cell that count owners; the others name the last one.</summary>
    private const int CountBits = 4;

    private const uint MostCounted = (1 << CountBits) - 1;

    /// <summary>
    /// The index of phrases that have so many owners. A small table first: most phrases have one owner, and need no place. Owners come one after the other, so a cell that keeps the last one counts
    /// those of all its phrases: never fewer than one phrase has, and sometimes more.
    /// </summary>
    /// <param name="counts">Which exchanges are looked at.</param>
    /// <param name="most">Owners; phrases in a cell with more are left out, a few of them for their neighbours' sake.</param>
    public static PhrasePostings Of(Traffic traffic, Func<int, bool> counts, int least, int most = int.MaxValue)
    {
        long prints = 0;
        for (var i = 0; i < traffic.Exchanges.Length; i++)
            if (counts(i)) prints += traffic.Exchanges[i].Prints.Length;
        var cells = new uint[Math.Clamp(BitOperations.RoundUpToPowerOf2((ulong)prints), 1 << 16, 1 << 26)];
        var mask = (uint)cells.Length - 1;
        for (var i = 0; i < traffic.Exchanges.Length; i++)
        {
            if (!counts(i)) continue;
            var owner = (uint)traffic.OwnerOf(i) + 1;
            foreach (var print in traffic.Exchanges[i].Prints)
            {
                ref var cell = ref cells[print & mask];
                if (cell >> CountBits != owner) cell = owner << CountBits | Math.Min(MostCounted, (cell & MostCounted) + 1);
            }
        }

        var starts = new int[(1 << PartBits) + 1];
        for (var i = 0; i < traffic.Exchanges.Length; i++)
        {
            if (!counts(i)) continue;
            foreach (var print in traffic.Exchanges[i].Prints)
                if (IsWanted(cells[print & mask])) starts[(print >> (32 - PartBits)) + 1]++;
        }

        for (var part = 1; part < starts.Length; part++) starts[part] += starts[part - 1];
        var postings = new ulong[starts[^1]];
        var next = (int[])starts.Clone();
        for (var i = 0; i < traffic.Exchanges.Length; i++)
        {
            if (!counts(i)) continue;
            foreach (var print in traffic.Exchanges[i].Prints)
                if (IsWanted(cells[print & mask])) postings[next[print >> (32 - PartBits)]++] = (ulong)print << 32 | (uint)i;
        }

        return new PhrasePostings(postings, [.. starts[..^1].Select((start, part) => (start, starts[part + 1] - start))]);

        bool IsWanted(uint cell) => (cell & MostCounted) >= least && (cell & MostCounted) <= most;
    }
}
