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

    /// <summary>Owners that used both in different conversations, and how much more often than owners at large.</summary>
    public (int Owners, double Lift) Across(int a, int b)
    {
        var (x, y) = (_of[a], _of[b]);
        if (x.Length > y.Length) (x, y) = (y, x);
        int i = 0, j = 0, owners = 0;
        double both = 0;
        var gallop = y.Length > 8 * x.Length;
        while (i < x.Length && j < y.Length)
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
