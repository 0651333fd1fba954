namespace Stillhunt.Linking;

/// <summary>An account that sends a group's work and is not listed.</summary>
/// <param name="Account">Place among the subjects.</param>
/// <param name="Probability">P(it is the operator's), at least one half.</param>
/// <param name="Exchanges">Those of its exchanges that are the group's work, ascending.</param>
internal readonly record struct Unlisted(int Account, double Probability, List<int> Exchanges);
