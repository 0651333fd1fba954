namespace Stillhunt.Proving.Suites;

/// <summary>How far one field alone goes. The threshold was chosen with the truth in hand, so this is the most that such a rule can reach.</summary>
/// <param name="Rule">What is looked at.</param>
/// <param name="Kind">"shared": how many accounts have the same value; "value": a list of values learned from the other half of the accounts; "amount": a number.</param>
/// <param name="Right">Flagged accounts that extract.</param>
/// <param name="Flagged">Flagged accounts.</param>
/// <param name="Extracting">Accounts that extract: all of the run, or of the judged half.</param>
public sealed record RuleScore(string Rule, string Kind, long Right, long Flagged, long Extracting)
{
    public double Precision => Flagged == 0 ? double.NaN : (double)Right / Flagged;

    public double Recall => Extracting == 0 ? double.NaN : (double)Right / Extracting;

    /// <summary>The harmonic mean of precision and recall.</summary>
    public double F1 => Flagged + Extracting == 0 ? double.NaN : 2.0 * Right / (Flagged + Extracting);
}
