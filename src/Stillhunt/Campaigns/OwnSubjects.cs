namespace Stillhunt.Campaigns;

/// <summary>
/// Which accounts of a group bring subjects of their own. Workers of one list ask about what the list holds, each about as much of everything; whoever
/// borrowed the wording asks about what is theirs.
/// </summary>
internal static class OwnSubjects
{
    /// <summary>Of the accounts' interests the middle one must be below this, or there is no one list to stray from.</summary>
    private const double OneList = 0.2;

    /// <summary>Accounts from which on the middle one says anything.</summary>
    private const int LeastAccounts = 5;

    /// <summary>
    /// An account's own interests from which on it strays, by so many standard errors beyond <see cref="OneList"/>. On the range and on another author's
    /// traffic borrowers came out at 0.7 to 4.3 with an error of 0.2 or 0.3, workers at most at 0.6 with an error of 0.3.
    /// </summary>
    private const double StandardErrors = 2.5, Least = 0.5;

    /// <param name="interests">As <see cref="GroupMeasuring.InterestsOf"/> measures them.</param>
    public static HashSet<int> Of(IReadOnlyDictionary<int, (double Own, double Error)> interests)
    {
        var known = interests.Values.Where(account => !double.IsNaN(account.Own)).Select(account => account.Own).Order().ToList();
        if (known.Count < LeastAccounts || known[known.Count / 2] > OneList) return [];
        return [.. interests.Where(pair => pair.Value.Own >= Least && pair.Value.Own - (StandardErrors * pair.Value.Error) > OneList).Select(pair => pair.Key)];
    }
}
