namespace Stillhunt.Linking;

/// <summary>For each unit the owners that use it in one half, ascending, with the number of conversations in which each does.</summary>
internal sealed class UnitHoldings
{
    private readonly (int Owner, int Conversations)[][] _of;

    /// <summary>Conversations of each owner.</summary>
    private readonly int[] _volume;

    /// <summary>For each unit the sum over owners of the share of their conversations that hold it.</summary>
    private readonly double[] _rates;

    private readonly int _repeatOwners;

    public UnitHoldings(Traffic traffic, UnitPostings postings, int half, Shares shares)
    {
        _volume = new int[traffic.OwnerCount];
        int[] all = [.. Enumerable.Range(0, traffic.Exchanges.Length)];
        foreach (var (owner, conversations) in Conversations(traffic, half, all)) _volume[owner] = conversations;
        _repeatOwners = _volume.Count(conversations => conversations > 1);
        _of = shares.Of(Enumerable.Range(0, postings.UnitCount).ToArray(), unit => Conversations(traffic, half, postings.ExchangesWith(unit)).ToArray());
        _rates = [.. _of.Select(owners => owners.Where(held => _volume[held.Owner] > 1).Sum(held => (double)held.Conversations / _volume[held.Owner]))];
    }

    public int OwnersOf(int unit) => _of[unit].Length;

    /// <summary>One unit after the other, beside others; for one thread.</summary>
    public sealed class Beside(UnitHoldings holdings)
    {
        /// <summary>A unit with so many times as many owners is looked up by the first one's.</summary>
        private const int MuchLonger = 8;

        /// <summary>By owner the conversations that hold the unit; all 0 between two uses.</summary>
        private readonly int[] _conversations = new int[holdings._volume.Length];

        private int _unit;

        public void Take(int unit)
        {
            _unit = unit;
            foreach (var (owner, conversations) in holdings._of[unit]) _conversations[owner] = conversations;
        }

        public void Leave()
        {
            foreach (var (owner, _) in holdings._of[_unit]) _conversations[owner] = 0;
        }

        /// <summary>Owners that used both in different conversations, and how much more often than owners at large.</summary>
        public (int Owners, double Lift) Across(int other)
        {
            var (own, theirs) = (holdings._of[_unit], holdings._of[other]);
            var owners = 0;
            double both = 0;
            if (theirs.Length <= MuchLonger * own.Length)
            {
                foreach (var (owner, conversations) in theirs) Add(owner, _conversations[owner], conversations);
            }
            else
            {
                var at = 0;
                foreach (var (owner, conversations) in own)
                {
                    at = Seek(theirs, at, owner);
                    if (at == theirs.Length) break;
                    if (theirs[at].Owner == owner) Add(owner, conversations, theirs[at].Conversations);
                }
            }

            return (owners, both == 0 ? 0 : both * holdings._repeatOwners / (holdings._rates[_unit] * holdings._rates[other]));

            void Add(int owner, int a, int b)
            {
                // At most the smaller number of conversations can hold both: those pairs are no evidence.
                var across = ((double)a * b) - Math.Min(a, b);
                if (across <= 0) return;
                double n = holdings._volume[owner];
                owners++;
                both += across / (n * (n - 1));
            }
        }
    }

    /// <summary>The owners of some exchanges, each with how many conversations they are of.</summary>
    /// <param name="exchanges">Ascending; those of the other half are passed over.</param>
    private static List<(int Owner, int Conversations)> Conversations(Traffic traffic, int half, ReadOnlySpan<int> exchanges)
    {
        var found = new List<(int, int)>();
        var threads = new ThreadCount();
        var owner = -1;
        foreach (var i in exchanges)
        {
            if (traffic.HalfOf(i) != half) continue;
            if (traffic.OwnerOf(i) != owner && owner >= 0) found.Add((owner, threads.Take()));
            owner = traffic.OwnerOf(i);
            threads.Add(traffic.ThreadOf(i));
        }

        if (owner >= 0) found.Add((owner, threads.Take()));
        return found;
    }

    /// <summary>First position from <paramref name="from"/> on whose owner is not below the given one.</summary>
    private static int Seek((int Owner, int Conversations)[] list, int from, int owner)
    {
        int low = from, high = list.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (list[middle].Owner < owner) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
