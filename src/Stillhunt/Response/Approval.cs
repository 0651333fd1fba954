namespace Stillhunt.Response;

/// <summary>A person's word on a rule for a campaign.</summary>
public readonly record struct ApprovalKey(string Campaign, string Rule);

/// <summary>What a person said of a rule, and of which: a name says nothing of what is done under it.</summary>
/// <param name="RuleDigest">That of the rule as it was (<see cref="RuleDigest"/>); empty where it was not kept.</param>
public sealed record Approval(bool Approved, string RuleDigest);

/// <summary>What a person's word comes to under the policy in force.</summary>
public enum ApprovalWord
{
    Approved,
    Denied,

    /// <summary>The rule says something else by now, so neither holds: it waits until a person decides anew.</summary>
    Outdated,
}

/// <summary>Approvals and the rules that they were given for.</summary>
public static class Approvals
{
    /// <summary>What holds of the words that people gave, by the rules of a policy. Rules that the policy does not have are left out.</summary>
    public static IReadOnlyDictionary<ApprovalKey, ApprovalWord> Under(Policy policy, IReadOnlyDictionary<ApprovalKey, Approval> given)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(given);
        var digests = new Dictionary<(bool OfAccess, string Rule), string>();
        foreach (var rule in policy.CampaignRules) digests[(false, rule.Id)] = RuleDigest.Of(rule);
        foreach (var rule in policy.AccessRules) digests[(true, rule.Id)] = RuleDigest.Of(rule);
        var words = new Dictionary<ApprovalKey, ApprovalWord>();
        foreach (var (key, approval) in given)
        {
            if (!digests.TryGetValue((key.Campaign == AccessBrake.Campaign, key.Rule), out var digest)) continue;
            words[key] = approval.RuleDigest != digest ? ApprovalWord.Outdated : approval.Approved ? ApprovalWord.Approved : ApprovalWord.Denied;
        }

        return words;
    }
}
