using System.Runtime.InteropServices;

namespace Stillhunt.Linking;

/// <summary>
/// Which units belong to one grammar. Two units are joined if they stand in one prompt for several owners, and if those who use the
/// one use the other too, in other conversations, far more often than their volume explains. The first alone would join
/// the halves of a page that people copy; the second alone would join what speakers of one language say.
/// </summary>
internal static class UnitGraph
{
    /// <summary>Owners that must have used a pair in one prompt, and in different conversations.</summary>
    public const int LeastOwners = 3;

    /// <summary>How many times more owners than if the two were independent, volume considered.</summary>
    public const double LeastLift = 3;

    /// <summary>Conversations of an owner that count toward its chance to hold a unit: beyond it, it has met most that is common.</summary>
    private const int VolumeCap = 32;

    public static WeightedGraph Build(Traffic traffic, RecurringUnits units, int half)
    {
        var holdings = Holdings.Find(traffic, units, half, out var pairs, out var dispersion);
        var graph = new WeightedGraph(units.Count);
        foreach (var (pair, together) in pairs.OrderBy(pair => pair.Key))
        {
            if (together < LeastOwners) continue;
            int a = (int)(pair >> 32), b = (int)(uint)pair;
            var across = holdings.Across(a, b);
            if (across < LeastOwners) continue;
            var lift = (double)across * traffic.OwnerCount / ((double)units.Owners[a] * units.Owners[b] * dispersion);
            if (lift >= LeastLift) graph.Add(a, b, Math.Sqrt(across) * Math.Log2(lift));
        }

        return graph;
    }

    /// <summary>For each unit its owners, with one conversation in which each used it.</summary>
    private sealed class Holdings
    {
        private readonly List<(int Owner, uint Conversation)>[] _of;

        private Holdings(int units)
        {
            _of = new List<(int, uint)>[units];
            for (var u = 0; u < units; u++) _of[u] = [];
        }

        public static Holdings Find(Traffic traffic, RecurringUnits units, int half, out Dictionary<ulong, int> pairs, out double dispersion)
        {
            var holdings = new Holdings(units.Count);
            var counts = new Dictionary<ulong, int>();
            var pairsOfOwner = new HashSet<ulong>();
            var unitsOfOwner = new SortedDictionary<int, uint>();
            var conversations = new HashSet<uint>();
            var buffer = RecurringUnits.Buffer();
            var owner = -1;
            double sum = 0, squares = 0;
            var owners = 0;
            for (var i = 0; i < traffic.Exchanges.Length; i++)
            {
                var exchange = traffic.Exchanges[i];
                if (exchange.Half != half) continue;
                if (traffic.OwnerOf(i) != owner)
                {
                    Flush();
                    owner = traffic.OwnerOf(i);
                }

                // An exchange without a conversation is one of its own. Conversation 0 says: more than one.
                var conversation = exchange.Conversation != 0 ? exchange.Conversation : (uint)(exchange.Id >> 32) | 1;
                conversations.Add(conversation);
                var count = units.Of(exchange.Prints, buffer);
                for (var a = 0; a < count; a++)
                {
                    if (!unitsOfOwner.TryAdd(buffer[a], conversation) && unitsOfOwner[buffer[a]] != conversation)
                        unitsOfOwner[buffer[a]] = 0;
                    for (var b = a + 1; b < count; b++) pairsOfOwner.Add((ulong)buffer[a] << 32 | (uint)buffer[b]);
                }
            }

            Flush();
            pairs = counts;
            dispersion = sum == 0 ? 1 : Math.Max(1, owners * squares / (sum * sum));
            return holdings;

            void Flush()
            {
                foreach (var pair in pairsOfOwner) CollectionsMarshal.GetValueRefOrAddDefault(counts, pair, out _)++;
                foreach (var (unit, conversation) in unitsOfOwner) holdings._of[unit].Add((owner, conversation));
                if (owner >= 0)
                {
                    double volume = Math.Min(VolumeCap, conversations.Count);
                    sum += volume;
                    squares += volume * volume;
                    owners++;
                }

                pairsOfOwner.Clear();
                unitsOfOwner.Clear();
                conversations.Clear();
            }
        }

        /// <summary>Owners that used both, not merely in one and the same conversation.</summary>
        public int Across(int a, int b)
        {
            List<(int Owner, uint Conversation)> x = _of[a], y = _of[b];
            int i = 0, j = 0, across = 0;
            while (i < x.Count && j < y.Count)
            {
                if (x[i].Owner == y[j].Owner && (x[i].Conversation == 0 || x[i].Conversation != y[j].Conversation)) across++;
                var step = x[i].Owner.CompareTo(y[j].Owner);
                if (step <= 0) i++;
                if (step >= 0) j++;
            }

            return across;
        }
    }
}
