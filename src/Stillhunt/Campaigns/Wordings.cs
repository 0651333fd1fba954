using System.Runtime.InteropServices;
using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>
/// In how many different wordings one account asks. A classifier of wording errs on one long honest instruction in five, and on a fixed text it errs however often that
/// is sent; of many wordings each is a look of its own.
/// </summary>
/// <param name="IsFixed">Whether one text stands in most of its prompts.</param>
/// <param name="Showing">Wordings most of whose prompts show a technique.</param>
internal readonly record struct Wordings(bool IsFixed, int Showing)
{
    /// <summary>Prompts looked at, chosen by hash; each further one is compared with all wordings before.</summary>
    private const int MostPrompts = 64;

    /// <summary>A phrase of the wording stands in three different turns; of so many in this share of them the text is fixed.</summary>
    private const int LeastTurns = 3, FixedPhrases = 3;

    private const double FixedShare = 0.7;

    /// <summary>Prompts that have so much of their wording in common (Jaccard) have one; a prompt with less than two phrases of it has none.</summary>
    private const double SameWording = 0.6;

    private const int LeastPhrases = 2;

    /// <param name="exchanges">Of one account.</param>
    public static Wordings Of(Traffic traffic, IEnumerable<int> exchanges)
    {
        var prompts = exchanges.Select(i => traffic.Exchanges[i]).Where(exchange => exchange.HasPrompt).OrderBy(exchange => exchange.Id).DistinctBy(exchange => exchange.User).ToList();
        var turns = new Dictionary<uint, int>();
        foreach (var prompt in prompts)
            foreach (var print in prompt.Prints) CollectionsMarshal.GetValueRefOrAddDefault(turns, print, out _)++;
        var wordings = new List<(HashSet<uint> Phrases, int Prompts, int Showing)>();
        foreach (var prompt in prompts.Take(MostPrompts))
        {
            var phrases = prompt.Prints.Where(print => turns[print] >= LeastTurns).ToHashSet();
            if (phrases.Count < LeastPhrases) continue;
            var at = wordings.FindIndex(wording => AreAlike(wording.Phrases, phrases));
            if (at < 0)
            {
                at = wordings.Count;
                wordings.Add((phrases, 0, 0));
            }

            wordings[at] = (wordings[at].Phrases, wordings[at].Prompts + 1, wordings[at].Showing + (Everybody.Shows(prompt) ? 1 : 0));
        }

        return new Wordings(turns.Values.Count(count => count >= FixedShare * prompts.Count) >= FixedPhrases, wordings.Count(wording => wording.Showing * 2 > wording.Prompts));
    }

    private static bool AreAlike(HashSet<uint> a, HashSet<uint> b)
    {
        var common = a.Count(b.Contains);
        return common >= SameWording * (a.Count + b.Count - common);
    }
}
