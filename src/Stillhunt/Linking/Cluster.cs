namespace Stillhunt.Linking;

/// <summary>Accounts that may have one operator, and the exchanges that make it look so.</summary>
internal sealed class Cluster
{
    /// <summary>Positions of accounts in the traffic, ascending.</summary>
    public List<int> Members { get; set; } = [];

    /// <summary>
    /// The accounts that the forming half of the exchanges alone puts into the cluster. Only they are tested, on the other half; the list of
    /// members, with more accounts in it, is made from both.
    /// </summary>
    public HashSet<int> Tested { get; set; } = [];

    /// <summary>P(the account is of this operator), beside <see cref="Members"/>.</summary>
    public List<double> Probabilities { get; set; } = [];

    /// <summary>Sampled exchanges of both halves of members that are the operator's own work, ascending.</summary>
    public List<int> Extracting { get; set; } = [];

    /// <summary>Those of the testing half by the accounts in <see cref="Tested"/>, ascending: what the tests look at.</summary>
    public List<int> Test { get; set; } = [];

    /// <summary>Members that are more likely the operator's than not.</summary>
    public HashSet<int> Likely() => [.. Members.Where((_, m) => Probabilities[m] >= 0.5)];

    /// <summary>The cluster less some accounts and what they sent.</summary>
    public Cluster Without(Func<int, bool> leaves, Traffic traffic)
    {
        var stay = Enumerable.Range(0, Members.Count).Where(m => !leaves(Members[m])).ToList();
        return new Cluster
        {
            Members = [.. stay.Select(m => Members[m])],
            Probabilities = [.. stay.Select(m => Probabilities[m])],
            Tested = [.. Tested.Where(account => !leaves(account))],
            Extracting = [.. Extracting.Where(i => !leaves(traffic.SubjectOf[i]))],
            Test = [.. Test.Where(i => !leaves(traffic.SubjectOf[i]))],
            UnitBits = UnitBits,
            LeastBits = LeastBits,
            IsWorkList = IsWorkList,
            IsByMeans = IsByMeans,
            IsToldAnew = IsToldAnew,
        };
    }

    /// <summary>Two clusters that are marked by units of one index, put together; nothing of it was tested.</summary>
    public static Cluster Both(Cluster a, Cluster b)
    {
        var probabilities = new SortedDictionary<int, double>();
        foreach (var cluster in new[] { a, b })
            for (var m = 0; m < cluster.Members.Count; m++) probabilities[cluster.Members[m]] = Math.Max(probabilities.GetValueOrDefault(cluster.Members[m]), cluster.Probabilities[m]);
        return new Cluster
        {
            Members = [.. probabilities.Keys],
            Probabilities = [.. probabilities.Values],
            Extracting = [.. a.Extracting.Union(b.Extracting).Order()],
            UnitBits = a.UnitBits.Concat(b.UnitBits).GroupBy(unit => unit.Key).ToDictionary(unit => unit.Key, unit => unit.Max(u => u.Value)),
        };
    }

    /// <summary>The cluster with other members and work. What it was tested on and is marked by stays.</summary>
    public Cluster Holding(SortedDictionary<int, double> probabilities, IEnumerable<int> extracting) => new()
    {
        Members = [.. probabilities.Keys],
        Probabilities = [.. probabilities.Values],
        Tested = Tested,
        Extracting = [.. extracting.Order()],
        Test = Test,
        UnitBits = UnitBits,
        LeastBits = LeastBits,
        IsWorkList = IsWorkList,
        IsByMeans = IsByMeans,
        IsToldAnew = IsToldAnew,
    };

    /// <summary>Bits that each unit gives for an exchange to be this operator's.</summary>
    public Dictionary<int, double> UnitBits { get; set; } = [];

    /// <summary>The bits that an exchange needs to be this operator's.</summary>
    public double LeastBits { get; set; }

    /// <summary>Whether items that were dealt twice have grouped it (<see cref="WorkLists"/>), and no wording.</summary>
    public bool IsWorkList { get; init; }

    /// <summary>Whether means of payment or of access have grouped it, and nothing that was asked.</summary>
    public bool IsByMeans { get; init; }

    /// <summary>Whether all members once left at once, and were told from strangers anew.</summary>
    public bool IsToldAnew { get; set; }
}
