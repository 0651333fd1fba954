using System.Runtime.InteropServices;

namespace Stillhunt.Linking;

/// <summary>
/// Which units belong to one grammar. Two units are joined if they stand in one prompt for several owners, and if an owner who uses
/// the one uses the other too, in other conversations, far more often than owners at large. The first alone would join what
/// speakers of one language say; the second alone the topics of one person.
/// </summary>
internal static class UnitGraph
{
    /// <summary>Owners that must have used a pair in one prompt, and in different conversations.</summary>
    public const int LeastOwners = 3;

    /// <summary>
    /// And this share of the owners of the rarer one. Sentences of one grammar meet for most of those who use it; two turns of speech that
    /// everybody uses meet now and then, and weighing all those chance meetings would be most of the work.
    /// </summary>
    private const double LeastShare = 0.03;

    /// <summary>
    /// How many times more often the one is met in the other conversations of those who use the other. Taken over rates and not over
    /// presence, so that a busy account, which has met everything common once, joins nothing; what operators put into
    /// slots comes out near 1 with their wrapper.
    /// </summary>
    public const double LeastLift = 4;

    public static WeightedGraph Build(Traffic traffic, RecurringUnits units, UnitPostings postings, int half)
    {
        var holdings = Holdings.Find(traffic, postings, half, out var pairs);
        var graph = new WeightedGraph(units.Count);
        foreach (var pair in pairs.Where(Holds).Select(pair => pair.Key).Order())
        {
            var (a, b) = Split(pair, units.Count);
            var (across, lift) = holdings.Across(a, b);
            if (across >= LeastOwners && lift >= LeastLift) graph.Add(a, b, Math.Sqrt(across) * Math.Log2(lift));
        }

        return graph;

        bool Holds(KeyValuePair<ulong, int> pair)
        {
            var (a, b) = Split(pair.Key, units.Count);
            return pair.Value >= LeastOwners && pair.Value >= LeastShare * Math.Min(units.Owners[a], units.Owners[b]);
        }
    }

    /// <summary>
    /// A pair as one number, row by row. Not two halves of 32 bits: the runtime hashes a 64-bit key by the exclusive or of its halves, and pairs
    /// of small numbers would all meet in a few buckets.
    /// </summary>
    private static ulong Pair(int a, int b, int count) => ((ulong)a * (ulong)count) + (ulong)b;

    private static (int A, int B) Split(ulong pair, int count) => ((int)(pair / (ulong)count), (int)(pair % (ulong)count));

    /// <summary>For each unit its owners, with the number of conversations in which each used it.</summary>
    private sealed class Holdings
    {
        private readonly List<(int Owner, int Conversations)>[] _of;

        /// <summary>Conversations of each owner.</summary>
        private readonly int[] _volume;

        /// <summary>Sum over owners of the share of their conversations that hold the unit.</summary>
        private readonly double[] _rates;

        private int _repeatOwners;

        private Holdings(int units, int owners)
        {
            _of = new List<(int, int)>[units];
            for (var u = 0; u < units; u++) _of[u] = [];
            _volume = new int[owners];
            _rates = new double[units];
        }

        public static Holdings Find(Traffic traffic, UnitPostings postings, int half, out Dictionary<ulong, int> pairs)
        {
            var holdings = new Holdings(postings.UnitCount, traffic.OwnerCount);
            var counts = new Dictionary<ulong, int>();
            var pairsOfOwner = new List<ulong>();
            var unitsOfOwner = new List<(int Unit, uint Conversation)>();
            var conversations = new HashSet<uint>();
            var owner = -1;
            for (var i = 0; i < traffic.Exchanges.Length; i++)
            {
                var exchange = traffic.Exchanges[i];
                if (exchange.Half != half) continue;
                if (traffic.OwnerOf(i) != owner)
                {
                    Flush();
                    owner = traffic.OwnerOf(i);
                }

                var conversation = exchange.Thread;
                conversations.Add(conversation);
                var held = postings.UnitsOf(i);
                for (var a = 0; a < held.Length; a++)
                {
                    unitsOfOwner.Add((held[a], conversation));
                    for (var b = a + 1; b < held.Length; b++) pairsOfOwner.Add(Pair(held[a], held[b], postings.UnitCount));
                }
            }

            Flush();
            pairs = counts;
            return holdings;

            void Flush()
            {
                pairsOfOwner.Sort();
                for (var p = 0; p < pairsOfOwner.Count; p++)
                    if (p == 0 || pairsOfOwner[p] != pairsOfOwner[p - 1]) CollectionsMarshal.GetValueRefOrAddDefault(counts, pairsOfOwner[p], out _)++;
                if (owner >= 0)
                {
                    holdings._volume[owner] = conversations.Count;
                    if (conversations.Count > 1) holdings._repeatOwners++;
                }

                unitsOfOwner.Sort();
                for (var u = 0; u < unitsOfOwner.Count;)
                {
                    var unit = unitsOfOwner[u].Unit;
                    var held = 0;
                    for (uint last = 0; u < unitsOfOwner.Count && unitsOfOwner[u].Unit == unit; u++)
                    {
                        if (held == 0 || unitsOfOwner[u].Conversation != last) held++;
                        last = unitsOfOwner[u].Conversation;
                    }

                    holdings._of[unit].Add((owner, held));
                    if (conversations.Count > 1) holdings._rates[unit] += (double)held / conversations.Count;
                }

                pairsOfOwner.Clear();
                unitsOfOwner.Clear();
                conversations.Clear();
            }
        }

        /// <summary>Owners that used both in different conversations, and how much more often than owners at large.</summary>
        public (int Owners, double Lift) Across(int a, int b)
        {
            List<(int Owner, int Conversations)> x = _of[a], y = _of[b];
            if (x.Count > y.Count) (x, y) = (y, x);
            int i = 0, j = 0, owners = 0;
            double both = 0;
            var gallop = y.Count > 8 * x.Count;
            while (i < x.Count && j < y.Count)
            {
                if (gallop && y[j].Owner < x[i].Owner)
                {
                    j = Seek(y, j, x[i].Owner);
                    continue;
                }

                var step = x[i].Owner.CompareTo(y[j].Owner);
                if (step == 0)
                {
                    // At most the smaller number of conversations can hold both: those pairs are no evidence.
                    double n = _volume[x[i].Owner];
                    var across = ((double)x[i].Conversations * y[j].Conversations) - Math.Min(x[i].Conversations, y[j].Conversations);
                    if (across > 0)
                    {
                        owners++;
                        both += across / (n * (n - 1));
                    }
                }

                if (step <= 0) i++;
                if (step >= 0) j++;
            }

            return (owners, both == 0 ? 0 : both * _repeatOwners / (_rates[a] * _rates[b]));
        }

        /// <summary>First position from <paramref name="from"/> on whose owner is not below the given one.</summary>
        private static int Seek(List<(int Owner, int Conversations)> list, int from, int owner)
        {
            int low = from, high = list.Count;
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (list[middle].Owner < owner) low = middle + 1;
                else high = middle;
            }

            return low;
        }
    }
}
