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

    /// <summary>For each unit: the owners that use it, and the exchanges of the half that was looked at.</summary>
    public int[] Owners { get; private set; } = [];

    public int[] ExchangeCounts { get; private set; } = [];

    /// <summary>Phrase print -> unit.</summary>
    public Dictionary<uint, int> UnitOf { get; } = [];

    public int Count => Owners.Length;

    /// <summary>Finds the units in the exchanges of one half.</summary>
    public static RecurringUnits Find(Traffic traffic, int half, KeyedHash hash)
    {
        var units = new RecurringUnits();
        var postings = Postings(traffic, half);
        var phrases = new List<(uint Print, int Start, int Length)>();
        for (var i = 0; i < postings.Length;)
        {
            var print = (uint)(postings[i] >> 32);
            var end = i;
            var owners = 0;
            var lastOwner = -1;
            while (end < postings.Length && (uint)(postings[end] >> 32) == print)
            {
                var owner = traffic.OwnerOf((int)(uint)postings[end]);
                if (owner != lastOwner) owners++;
                lastOwner = owner;
                end++;
            }

            if (owners >= LeastOwners) phrases.Add((print, i, end - i));
            i = end;
        }

        units.Collapse(traffic, postings, phrases, hash);
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

    /// <summary>(print, exchange) pairs of the half, sorted: the inverted index.</summary>
    private static ulong[] Postings(Traffic traffic, int half)
    {
        // Two passes over a small counting filter first: most phrases are met once, and need no place in the index.
        var seen = new byte[1 << 22];
        for (var i = 0; i < traffic.Exchanges.Length; i++)
        {
            if (traffic.Exchanges[i].Half != half) continue;
            foreach (var print in traffic.Exchanges[i].Prints)
            {
                ref var times = ref seen[print & (seen.Length - 1)];
                if (times < LeastOwners) times++;
            }
        }

        var postings = new List<ulong>();
        for (var i = 0; i < traffic.Exchanges.Length; i++)
        {
            if (traffic.Exchanges[i].Half != half) continue;
            foreach (var print in traffic.Exchanges[i].Prints)
                if (seen[print & (seen.Length - 1)] >= LeastOwners) postings.Add((ulong)print << 32 | (uint)i);
        }

        var sorted = postings.ToArray();
        Array.Sort(sorted);
        return sorted;
    }

    private void Collapse(Traffic traffic, ulong[] postings, List<(uint Print, int Start, int Length)> phrases, KeyedHash hash)
    {
        var parent = new int[phrases.Count];
        var buckets = new Dictionary<(ulong, ulong), int>();
        for (var p = 0; p < phrases.Count; p++)
        {
            parent[p] = p;
            var (_, start, length) = phrases[p];
            Span<ulong> least = [ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue];
            for (var i = start; i < start + length; i++)
            {
                var id = traffic.Exchanges[(int)(uint)postings[i]].Id;
                for (var k = 0; k < 4; k++) least[k] = Math.Min(least[k], hash.Of(id, (ulong)k));
            }

            Join((least[0], least[1]), p);
            Join((least[2] + 1, least[3]), p);
        }

        void Join((ulong, ulong) bucket, int phrase)
        {
            if (!buckets.TryAdd(bucket, phrase) && Overlap(postings, phrases[buckets[bucket]], phrases[phrase]) >= SameUnit)
                parent[Root(parent, phrase)] = Root(parent, buckets[bucket]);
        }

        var numbers = new Dictionary<int, int>();
        for (var p = 0; p < phrases.Count; p++)
        {
            var root = Root(parent, p);
            if (!numbers.TryGetValue(root, out var unit)) numbers.Add(root, unit = numbers.Count);
            UnitOf.Add(phrases[p].Print, unit);
        }

        Owners = new int[numbers.Count];
        ExchangeCounts = new int[numbers.Count];
        var lastOwner = new int[numbers.Count];
        Array.Fill(lastOwner, -1);
        var units = Buffer();
        // Counted over all exchanges of the half, in owner order, so that an owner counts once.
        for (var i = 0; i < traffic.Exchanges.Length; i++)
        {
            if (traffic.Exchanges[i].Half != traffic.Exchanges[(int)(uint)(postings.Length > 0 ? postings[0] : 0)].Half) continue;
            var count = Of(traffic.Exchanges[i].Prints, units);
            var owner = traffic.OwnerOf(i);
            for (var u = 0; u < count; u++)
            {
                ExchangeCounts[units[u]]++;
                if (lastOwner[units[u]] == owner) continue;
                lastOwner[units[u]] = owner;
                Owners[units[u]]++;
            }
        }
    }

    private static double Overlap(ulong[] postings, (uint Print, int Start, int Length) a, (uint Print, int Start, int Length) b)
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
