using Stillhunt.Campaigns;

namespace Stillhunt.Cli.Output;

/// <summary>Ids that a person may have meant: those that begin with or contain what was typed, or differ from it by few letters.</summary>
internal static class NearIds
{
    private const int Most = 5;
    private const int MostEdits = 3;

    /// <summary>Longer ids are pasted, not typed; comparing them letter by letter is not worth the time.</summary>
    private const int LongestTyped = 64;

    public static IReadOnlyList<string> Of(ScanResult result, string typed)
    {
        if (typed.Length is 0 or > LongestTyped)
            return [];
        var all = result.Campaigns.Concat(result.Suspected).SelectMany(c => c.Accounts.Select(a => a.Id).Prepend(c.Id))
            .Concat(result.Cleared.SelectMany(group => group.Accounts));
        return
        [
            .. all.Distinct(StringComparer.Ordinal).Where(id => id.Length <= LongestTyped)
                .Select(id => (id, distance: Distance(id, typed)))
                .Where(candidate => candidate.distance <= Math.Min(MostEdits, Math.Max(1, typed.Length / 3)))
                .OrderBy(candidate => candidate.distance).ThenBy(candidate => candidate.id, StringComparer.Ordinal)
                .Take(Most)
                .Select(candidate => candidate.id),
        ];
    }

    /// <summary>0 for another case, 1 where one contains the other's four letters or more, else the number of edits (Levenshtein).</summary>
    private static int Distance(string id, string typed)
    {
        if (id.Equals(typed, StringComparison.OrdinalIgnoreCase))
            return 0;
        if (typed.Length >= 4 && id.Contains(typed, StringComparison.OrdinalIgnoreCase))
            return 1;
        if (Math.Abs(id.Length - typed.Length) > MostEdits)
            return int.MaxValue;

        Span<int> row = stackalloc int[typed.Length + 1];
        for (var j = 0; j <= typed.Length; j++)
            row[j] = j;
        for (var i = 1; i <= id.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= typed.Length; j++)
            {
                var replaced = diagonal + (char.ToLowerInvariant(id[i - 1]) == char.ToLowerInvariant(typed[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[typed.Length];
    }
}
