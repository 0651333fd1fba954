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
    public static PhrasePostings Of(Traffic traffic, PhraseRows rows, Func<int, bool> counts, Shares shares, int least, int most = int.MaxValue)
    {
        var looked = new List<int>(traffic.Exchanges.Length);
        long prints = 0;
        for (var i = 0; i < traffic.Exchanges.Length; i++)
        {
            if (!counts(i)) continue;
            looked.Add(i);
            prints += rows[i].Length;
        }

        // Each slice of the table is one thread's, which looks through all exchanges for the phrases whose cells lie in it, and so meets each owner in order.
        var cells = rows.Cells(prints, out var cellCount);
        var mask = (uint)cellCount - 1;
        var counted = new int[shares.SliceCount][];
        shares.Slices(cellCount, (slice, from, to) =>
        {
            foreach (var i in looked)
            {
                var owner = (uint)traffic.OwnerOf(i) + 1;
                foreach (var print in rows[i])
                {
                    if (!IsIn(print, from, to)) continue;
                    ref var cell = ref cells[print & mask];
                    if (cell >> CountBits != owner) cell = owner << CountBits | Math.Min(MostCounted, (cell & MostCounted) + 1);
                }
            }

            var own = counted[slice] = new int[1 << PartBits];
            foreach (var i in looked)
            {
                foreach (var print in rows[i])
                    if (IsIn(print, from, to) && IsWanted(cells[print & mask])) own[PartOf(print)]++;
            }
        });

        // Within a part the slices stand one after the other.
        var parts = new List<(int Start, int Length)>();
        var all = 0;
        for (var part = 0; part < 1 << PartBits; part++)
        {
            var start = all;
            foreach (var own in counted) (own[part], all) = (all, all + own[part]);
            parts.Add((start, all - start));
        }

        var postings = new ulong[all];
        shares.Slices(cellCount, (slice, from, to) =>
        {
            var next = counted[slice];
            foreach (var i in looked)
            {
                foreach (var print in rows[i])
                    if (IsIn(print, from, to) && IsWanted(cells[print & mask])) postings[next[PartOf(print)]++] = (ulong)print << 32 | (uint)i;
            }
        });
        return new PhrasePostings(postings, parts);

        bool IsWanted(uint cell) => (cell & MostCounted) >= least && (cell & MostCounted) <= most;

        bool IsIn(uint print, int from, int to) => (print & mask) - (uint)from < (uint)(to - from);

        static int PartOf(uint print) => (int)(print >> (32 - PartBits));
    }
}
