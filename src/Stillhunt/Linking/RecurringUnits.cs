using Stillhunt.Sketches;

namespace Stillhunt.Linking;

/// <summary>
/// The phrases that several owners use, with those that always stand together taken as one unit. A prompt that is copied
/// whole, an app's system prompt or a benchmark's template is a single unit, however long; an operator's interchangeable
/// sentences are many.
/// </summary>
internal sealed class RecurringUnits
{
    /// <summary>
    /// Owners that must use a phrase before it counts. Below three a shared phrase says nothing that two people quoting one
    /// page would not.
    /// </summary>
    public const int LeastOwners = 3;

    /// <summary>Two phrases whose exchanges overlap by this Jaccard share are one unit.</summary>
    private const double SameUnit = 0.8;

    /// <summary>Units of one exchange that are looked at; the rest, by hash, are not. Only long copied texts have more.</summary>
    private const int MostUnitsOfExchange = 24;

    /// <summary>Phrase print -> unit.</summary>
    public Dictionary<uint, int> UnitOf { get; } = [];

    public int Count { get; private set; }

    /// <summary>Finds the units in the exchanges of one half.</summary>
    public static RecurringUnits Find(Traffic traffic, PhraseRows rows, int half, KeyedHash hash, Shares shares)
    {
        var units = new RecurringUnits();
        var (postings, parts) = PhrasePostings.Of(traffic, rows, i => traffic.HalfOf(i) == half, shares, LeastOwners);
        var phrases = shares.Of(parts, part =>
        {
            Array.Sort(postings, part.Start, part.Length);
            return Phrases(traffic, postings, part, hash);
        });
        units.Collapse(postings, [.. phrases.SelectMany(part => part)]);
        return units;
    }

    /// <summary>The distinct units in an exchange, ascending; at most as many as fit.</summary>
    public int Of(ReadOnlySpan<uint> prints, Span<int> into)
    {
        var count = 0;
        foreach (var print in prints)
        {
            if (!UnitOf.TryGetValue(print, out var unit)) continue;
            var at = into[..count].BinarySearch(unit);
            if (at >= 0) continue;
            at = ~at;
            if (count == into.Length)
            {
                if (at == count) continue;
                count--;
            }

            into[at..count].CopyTo(into[(at + 1)..]);
            into[at] = unit;
            count++;
        }

        return count;
    }

    public static int[] Buffer() => new int[MostUnitsOfExchange];

    /// <summary>A phrase of several owners: where its exchanges stand in the index, and the least of four hashes over them.</summary>
    private readonly record struct Phrase(uint Print, int Start, int Length, (ulong, ulong) Least, (ulong, ulong) LeastElse);

    /// <summary>The phrases of one sorted part that have owners enough.</summary>
    private static List<Phrase> Phrases(Traffic traffic, ulong[] postings, (int Start, int Length) part, KeyedHash hash)
    {
        var phrases = new List<Phrase>();
        Span<ulong> least = stackalloc ulong[4];
        var last = part.Start + part.Length;
        for (var i = part.Start; i < last;)
        {
            var print = (uint)(postings[i] >> 32);
            var end = i;
            var owners = 0;
            var lastOwner = -1;
            while (end < last && (uint)(postings[end] >> 32) == print)
            {
                var owner = traffic.OwnerOf((int)(uint)postings[end]);
                if (owner != lastOwner) owners++;
                lastOwner = owner;
                end++;
            }

            if (owners >= LeastOwners)
            {
                least.Fill(ulong.MaxValue);
                for (var p = i; p < end; p++)
                {
                    var id = traffic.IdOf((int)(uint)postings[p]);
                    for (var k = 0; k < least.Length; k++) least[k] = Math.Min(least[k], hash.Of(id, (ulong)k));
                }

                phrases.Add(new Phrase(print, i, end - i, (least[0], least[1]), (least[2] + 1, least[3])));
            }

            i = end;
        }

        return phrases;
    }

    /// <summary>Phrases that stand in the same exchanges are one unit.</summary>
    private void Collapse(ulong[] postings, List<Phrase> phrases)
    {
        var parent = new int[phrases.Count];
        var buckets = new Dictionary<(ulong, ulong), int>();
        for (var p = 0; p < phrases.Count; p++)
        {
            parent[p] = p;
            Join(phrases[p].Least, p);
            Join(phrases[p].LeastElse, p);
        }

        var numbers = new Dictionary<int, int>();
        for (var p = 0; p < phrases.Count; p++)
        {
            var root = Root(parent, p);
            if (!numbers.TryGetValue(root, out var unit)) numbers.Add(root, unit = numbers.Count);
            UnitOf.Add(phrases[p].Print, unit);
        }

        Count = numbers.Count;

        void Join((ulong, ulong) bucket, int phrase)
        {
            if (!buckets.TryAdd(bucket, phrase) && Overlap(postings, phrases[buckets[bucket]], phrases[phrase]) >= SameUnit)
                parent[Root(parent, phrase)] = Root(parent, buckets[bucket]);
        }
    }

    private static double Overlap(ulong[] postings, Phrase a, Phrase b)
    {
        int i = a.Start, j = b.Start, both = 0;
        while (i < a.Start + a.Length && j < b.Start + b.Length)
        {
            uint x = (uint)postings[i], y = (uint)postings[j];
            if (x == y) both++;
            if (x <= y) i++;
            if (y <= x) j++;
        }

        return (double)both / (a.Length + b.Length - both);
    }

    internal static int Root(int[] parent, int node)
    {
        while (parent[node] != node) node = parent[node] = parent[parent[node]];
        return node;
    }
}
