using System.Text;
using Stillhunt.Fingerprinting;
using Stillhunt.Linking;
using Stillhunt.Sketches;

namespace Stillhunt.Campaigns;

/// <summary>
/// The invariant words of a family, from the sampled texts. A word is shown only where a phrase of three words with it stands in the
/// texts of at least <see cref="LeastOwners"/> owners: what one customer wrote alone, a slot, never is.
/// </summary>
internal static class Skeletons
{
    public const int LeastOwners = 3;
    public const string Slot = "‹…›";
    private const int MostCharacters = 700;
    private const int MostTexts = 400;

    /// <summary>The skeleton of the text that shows most of the family, or a lone slot where too few texts were sampled.</summary>
    public static string Of(Traffic traffic, IEnumerable<int> exchanges, KeyedHash hash)
    {
        var texts = exchanges.Where(i => traffic.Exchanges[i].Text is not null).Take(MostTexts)
            .Select(i => (Owner: traffic.PayerOf(i), Text: traffic.Exchanges[i].Text!)).ToList();
        var words = new Word[4096];
        var owners = new Dictionary<ulong, HashSet<int>>();
        foreach (var (owner, text) in texts)
        {
            var count = PhraseScanner.Scan(text, hash, words);
            for (var i = 0; i + 2 < count; i++)
            {
                var phrase = Phrase(words, i, hash);
                if (!owners.TryGetValue(phrase, out var set)) owners.Add(phrase, set = []);
                set.Add(owner);
            }
        }

        var best = Slot;
        var most = 0;
        foreach (var (_, text) in texts)
        {
            var count = PhraseScanner.Scan(text, hash, words);
            var shown = new bool[count];
            for (var i = 0; i + 2 < count; i++)
                if (owners[Phrase(words, i, hash)].Count >= LeastOwners) shown[i] = shown[i + 1] = shown[i + 2] = true;
            var score = shown.Count(s => s);
            if (score <= most) continue;
            most = score;
            best = Render(text, words, shown);
        }

        return best;
    }

    private static ulong Phrase(Word[] words, int at, KeyedHash hash) =>
        hash.Of(hash.Of(words[at].Hash, words[at + 1].Hash), words[at + 2].Hash);

    private static string Render(byte[] text, Word[] words, bool[] shown)
    {
        var skeleton = new StringBuilder();
        var inSlot = false;
        for (var i = 0; i < shown.Length && skeleton.Length < MostCharacters; i++)
        {
            if (shown[i])
            {
                if (skeleton.Length > 0)
                {
                    // What stands between two shown words (a colon, a tag's bracket) belongs to the skeleton where it is short.
                    var between = i > 0 && shown[i - 1] ? Encoding.UTF8.GetString(text.AsSpan(words[i - 1].End, words[i].Start - words[i - 1].End)) : " ";
                    skeleton.Append(between.Length is > 0 and <= 4 ? between.Replace('\n', ' ') : words[i].HalfWords == 2 || inSlot ? " " : "");
                }

                // Digits were folded before owners were counted: the number itself may be one customer's.
                var word = Encoding.UTF8.GetString(text.AsSpan(words[i].Start, words[i].End - words[i].Start));
                skeleton.Append(char.IsDigit(word, 0) ? "#" : word);
                inSlot = false;
            }
            else if (!inSlot)
            {
                if (skeleton.Length > 0) skeleton.Append(' ');
                skeleton.Append(Slot);
                inSlot = true;
            }
        }

        if (skeleton.Length >= MostCharacters) skeleton.Append(" …");
        return skeleton.ToString();
    }
}
