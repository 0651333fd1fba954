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
    /// How many times more often the one is met in the other conversations of those who use the other. Taken over rates and not over
    /// presence, so that a busy account, which has met everything common once, joins nothing; what operators put into
    /// slots comes out near 1 with their wrapper.
    /// </summary>
    public const double LeastLift = 4;

    public static WeightedGraph Build(Traffic traffic, RecurringUnits units, int half)
    {
        var holdings = Holdings.Find(traffic, units, half, out var pairs);
        var graph = new WeightedGraph(units.Count);
        foreach (var (pair, together) in pairs.OrderBy(pair => pair.Key))
        {
            if (together < LeastOwners) continue;
            int a = (int)(pair >> 32), b = (int)(uint)pair;
            var (across, lift) = holdings.Across(a, b);
            if (across >= LeastOwners && lift >= LeastLift) graph.Add(a, b, Math.Sqrt(across) * Math.Log2(lift));
        }

        return graph;
    }

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

        public static Holdings Find(Traffic traffic, RecurringUnits units, int half, out Dictionary<ulong, int> pairs)
        {
            var holdings = new Holdings(units.Count, traffic.OwnerCount);
            var counts = new Dictionary<ulong, int>();
            var pairsOfOwner = new HashSet<ulong>();
            var unitsOfOwner = new HashSet<(int Unit, uint Conversation)>();
            var conversations = new HashSet<uint>();
            var buffer = RecurringUnits.Buffer();
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
                var count = units.Of(exchange.Prints, buffer);
                for (var a = 0; a < count; a++)
                {
                    unitsOfOwner.Add((buffer[a], conversation));
                    for (var b = a + 1; b < count; b++) pairsOfOwner.Add((ulong)buffer[a] << 32 | (uint)buffer[b]);
                }
            }

            Flush();
            pairs = counts;
            return holdings;

            void Flush()
            {
                foreach (var pair in pairsOfOwner) CollectionsMarshal.GetValueRefOrAddDefault(counts, pair, out _)++;
                if (owner >= 0)
                {
                    holdings._volume[owner] = conversations.Count;
                    if (conversations.Count > 1) holdings._repeatOwners++;
                }

                foreach (var held in unitsOfOwner.GroupBy(held => held.Unit))
                {
                    holdings._of[held.Key].Add((owner, held.Count()));
                    if (conversations.Count > 1) holdings._rates[held.Key] += (double)held.Count() / conversations.Count;
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
            int i = 0, j = 0, owners = 0;
            double both = 0;
            while (i < x.Count && j < y.Count)
            {
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
    }
}
