using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Stillhunt.Campaigns;
using Stillhunt.Fingerprinting;

namespace Stillhunt.Sharing;

/// <summary>What is left of a campaign's texts under a profile. Fails closed: a word that nobody vouches for becomes a slot.</summary>
internal sealed partial class Redaction(ShareProfile profile, CampaignIndicators? indicators)
{
    public const string Slot = "‹…›";

    private static readonly Lazy<HashSet<string>> SentenceWords = new(ReadSentenceWords);

    /// <summary>Whether a word may be written.</summary>
    public bool Allows(string word, Word scanned) =>
        profile.LeastOwners == 0 || word == "0" || SharedWords.IsPublic(scanned) || (indicators?.Words.GetValueOrDefault(word) ?? 0) >= profile.LeastOwners;

    /// <summary>
    /// Whether a word of a text may be written. A character of a script without spaces is no word: it is written only where the pairs that it makes with the characters beside it are as common
    /// as a word must be, in itself or in the lexicon, so that a name of common characters is not.
    /// </summary>
    private bool Allows(byte[] text, ReadOnlySpan<Word> words, int at)
    {
        if (!Allows(SharedWords.Text(text, words[at]), words[at])) return false;
        return (at == 0 || AllowsPair(text, words[at - 1], words[at])) && (at + 1 == words.Length || AllowsPair(text, words[at], words[at + 1]));
    }

    private bool AllowsPair(byte[] text, Word first, Word second) => !SharedWords.TryPair(first, second, out var pair) || SharedWords.IsPublicPair(pair)
        || (indicators?.Words.GetValueOrDefault(SharedWords.Text(text, first) + SharedWords.Text(text, second)) ?? 0) >= profile.LeastOwners;

    /// <summary>The skeleton with everything but allowed words as slots. What stands between words goes too, except single spaces.</summary>
    public string Skeleton(string skeleton)
    {
        if (profile.LeastOwners == 0) return skeleton;
        var text = Encoding.UTF8.GetBytes(skeleton);
        var words = new Word[4096];
        var count = SharedWords.Scan(text, words);
        var left = new StringBuilder();
        var inSlot = false;
        var end = 0;
        for (var i = 0; i < count; i++)
        {
            // The slot's own sign and the sign of a number are no words, so they stand in the gap.
            var gap = Encoding.UTF8.GetString(text.AsSpan(end, words[i].Start - end));
            if (gap.Contains('…', StringComparison.Ordinal)) Hide();
            else if (gap.Contains('#', StringComparison.Ordinal)) Append("#");
            var word = SharedWords.Text(text, words[i]);
            if (Allows(text, words.AsSpan(0, count), i)) Append(word == "0" ? "#" : word);
            else Hide();
            end = words[i].End;
        }

        if (Encoding.UTF8.GetString(text.AsSpan(end)).Contains('…', StringComparison.Ordinal)) Hide();
        return left.ToString();

        void Append(string word)
        {
            if (left.Length > 0) left.Append(' ');
            left.Append(word);
            inSlot = false;
        }

        void Hide()
        {
            if (inSlot) return;
            Append(Slot);
            inSlot = true;
        }
    }

    /// <summary>Phrases of which every word may leave, as the values of their words.</summary>
    public List<(ulong[] Words, FamilyPhrase Phrase)> Phrases()
    {
        var kept = new List<(ulong[], FamilyPhrase)>();
        var words = new Word[64];
        foreach (var phrase in indicators?.Phrases ?? [])
        {
            var text = Encoding.UTF8.GetBytes(phrase.Words);
            var count = SharedWords.Scan(text, words);
            if (count is 0 or > 12) continue;
            var own = words[..count];
            if (Array.TrueForAll(own, word => Allows(SharedWords.Text(text, word), word))) kept.Add(([.. own.Select(word => word.Hash)], phrase));
        }

        return kept;
    }

    /// <summary>
    /// An evidence sentence. Outside the house only the words that the program's own sentences are made of pass, and numbers of reasonable length: a
    /// name that found its way into a sentence does not.
    /// </summary>
    public string Sentence(string sentence)
    {
        if (profile.Identities) return sentence;
        var left = new StringBuilder();
        for (var at = 0; at < sentence.Length;)
        {
            var start = at;
            if (char.IsLetterOrDigit(sentence[at]))
            {
                while (at < sentence.Length && (char.IsLetterOrDigit(sentence[at]) || (sentence[at] is '-' or '\'' or '.' or ',' && at + 1 < sentence.Length && char.IsLetterOrDigit(sentence[at + 1])))) at++;
                var word = sentence[start..at];
                left.Append(Number(word) ?? (SentenceWords.Value.Contains(word.ToLowerInvariant()) ? word : Slot));
                continue;
            }

            left.Append(sentence[at++] is var sign && sign is ' ' or '.' or ',' or ';' or ':' or '(' or ')' or '%' or '=' or '/' or '+' or '-' ? sign : ' ');
        }

        return left.ToString().Replace(Slot + " " + Slot, Slot, StringComparison.Ordinal);
    }

    /// <summary>
    /// A number as the program's sentences have it, and no telephone, address or id: thousands stand apart, and at most four digits without that. A count is as coarse as others of the profile.
    /// </summary>
    private string? Number(string word)
    {
        if (!NumberForm().IsMatch(word)) return null;
        var isCount = !word.Contains('.', StringComparison.Ordinal) && (word.Length < 4 || word.Contains(',', StringComparison.Ordinal));
        return isCount ? profile.Count(long.Parse(word, NumberStyles.AllowThousands, CultureInfo.InvariantCulture)).ToString("N0", CultureInfo.InvariantCulture) : word;
    }

    [GeneratedRegex(@"\A(?:[0-9]{1,4}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.[0-9]{1,4})?\z")]
    private static partial Regex NumberForm();

    private static HashSet<string> ReadSentenceWords()
    {
        using var stream = typeof(Redaction).Assembly.GetManifestResourceStream("Stillhunt.SentenceWords.txt")
            ?? throw new InvalidOperationException("The word list SentenceWords.txt is not embedded in the assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return [.. reader.ReadToEnd().Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries), .. TechniqueNames.All, .. TechniqueNames.Capabilities];
    }
}
