namespace Stillhunt.Proving.Suites;

/// <summary>How sure a result is that an account extracts, and whether it does.</summary>
public readonly record struct Membership(double Probability, bool Extracts)
{
    /// <summary>What an account counts as that no campaign names, and the least and most that any counts as: a claim of certainty is never rewarded without end.</summary>
    public const double Floor = 1e-4;

    /// <summary>One for each account of the truth: the largest product of a campaign's confidence and the account's probability in it, flagged or only suspected.</summary>
    public static IReadOnlyList<Membership> Of(RangeTruth truth, RangeResult result)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(result);
        var best = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var campaign in result.Campaigns.Concat(result.Suspected))
        {
            foreach (var member in campaign.Members) best[member.Account] = Math.Max(best.GetValueOrDefault(member.Account), campaign.Confidence * member.Probability);
        }

        return [.. truth.Accounts.Select(a => new Membership(Math.Clamp(best.GetValueOrDefault(a.Key), Floor, 1 - Floor), a.Value.ExtractingCount > 0))];
    }
}
