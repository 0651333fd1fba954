namespace Stillhunt.Linking;

/// <summary>Accounts that may have one operator, and the exchanges that make it look so.</summary>
internal sealed class Cluster
{
    /// <summary>Positions of accounts in the traffic, ascending.</summary>
    public List<int> Members { get; set; } = [];

    /// <summary>P(the account is of this operator), beside <see cref="Members"/>.</summary>
    public List<double> Probabilities { get; set; } = [];

    /// <summary>Sampled exchanges of members that are the operator's own work, ascending.</summary>
    public List<int> Extracting { get; set; } = [];

    /// <summary>Bits that each unit gives for an exchange to be this operator's.</summary>
    public Dictionary<int, double> UnitBits { get; set; } = [];

    /// <summary>The bits that an exchange needs to be this operator's.</summary>
    public double LeastBits { get; set; }
}
