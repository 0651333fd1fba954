using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Stillhunt.Proving;

namespace Stillhunt.Tests.Architecture;

/// <summary>
/// A detector that knew the range's words would score well on the range and nowhere else. No four words in a row that the range says may stand in
/// what the detector was made of. Chinese and Japanese have no spaces: there ten characters count as four words.
/// </summary>
public sealed partial class WordingSeparationTests
{
    private const int WordsInARow = 4;
    private const int CharactersInARow = 10;

    /// <summary>Each line of a grammar is said this often with other choices.</summary>
    private const int SayingsPerLine = 150;

    private static readonly Lazy<HashSet<string>> Range = new(() => RangeWording.Samples(SayingsPerLine).SelectMany(Runs).ToHashSet(StringComparer.Ordinal));

    [Fact]
    public void The_range_says_something() => Assert.True(Range.Value.Count > 5_000);

    [Fact]
    public void Runs_of_words_are_compared_without_case_marks_and_accents()
    {
        Assert.Equal(["set out each step", "out each step please"], Runs("Set out EACH step, pléase."));
        Assert.Equal(["一二三四五六七八九十"], Runs("一二三四五六七八九十。一二"));
        Assert.Empty(Runs("one two. 三四五 six"));
    }

    [Fact]
    public void The_training_text_shares_no_four_words_with_the_range()
    {
        var shared = new List<string>();
        foreach (var path in Repository.Files("training", "*.jsonl"))
        {
            foreach (var line in File.ReadLines(path).Where(line => line.Length > 0))
            {
                using var row = JsonDocument.Parse(line);
                foreach (var text in Texts(row.RootElement)) Collect(shared, path, text);
            }
        }

        Assert.True(shared.Count == 0, Told(shared));
    }

    [Fact]
    public void The_lexicon_and_the_weights_share_no_four_words_with_the_range()
    {
        var shared = new List<string>();
        foreach (var pattern in new[] { "*.txt", "*.json" })
        {
            foreach (var path in Repository.Files("src/Stillhunt/Fingerprinting", pattern))
            {
                foreach (var term in File.ReadLines(path).SelectMany(line => line.Split([',', '|', '"', '+', ':']))) Collect(shared, path, term);
            }
        }

        Assert.True(shared.Count == 0, Told(shared));
    }

    [Fact]
    public void The_strings_in_the_detectors_source_share_no_four_words_with_the_range()
    {
        var shared = new List<string>();
        foreach (var path in Repository.Files("src/Stillhunt", "*.cs"))
        {
            foreach (Match text in Strings().Matches(File.ReadAllText(path))) Collect(shared, path, text.Value);
        }

        Assert.True(shared.Count == 0, Told(shared));
    }

    private static void Collect(List<string> shared, string path, string text) =>
        shared.AddRange(Runs(text).Where(Range.Value.Contains).Select(run => $"{Path.GetFileName(path)}: {run}"));

    private static string Told(List<string> shared) => $"{shared.Count} runs are shared, for example:\n" + string.Join('\n', shared.Distinct().Take(40));

    private static IEnumerable<string> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Texts),
        JsonValueKind.Object => value.EnumerateObject().SelectMany(property => Texts(property.Value)),
        _ => [],
    };

    /// <summary>Every four words, and every ten characters of an unspaced script, that stand in a row within one sentence or phrase.</summary>
    private static IEnumerable<string> Runs(string text)
    {
        foreach (var part in Parts().Split(Fold(text)))
        {
            var words = Words().Matches(part).Select(match => match.Value).ToArray();
            for (var i = 0; i + WordsInARow <= words.Length; i++)
            {
                if (words.AsSpan(i, WordsInARow).ToArray().All(word => !Unspaced().IsMatch(word))) yield return string.Join(' ', words[i..(i + WordsInARow)]);
            }

            foreach (Match run in Unspaced().Matches(part))
            {
                for (var i = 0; i + CharactersInARow <= run.Length; i++) yield return run.Value.Substring(i, CharactersInARow);
            }
        }
    }

    private static string Fold(string text) => string.Concat(text.ToLowerInvariant().Normalize(NormalizationForm.FormD)
        .Where(c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)).Normalize(NormalizationForm.FormC);

    /// <summary>A full stop ends a row; a comma does not.</summary>
    [GeneratedRegex(@"[.!?;:¤。！？；：、，\n\r\t|<>\[\]{}()""“”«»‹›]+")]
    private static partial Regex Parts();

    [GeneratedRegex(@"[\p{L}\p{N}]+")]
    private static partial Regex Words();

    [GeneratedRegex(@"[\p{IsCJKUnifiedIdeographs}\p{IsHiragana}\p{IsKatakana}]+")]
    private static partial Regex Unspaced();

    [GeneratedRegex("\"\"\".*?\"\"\"|\"(?:[^\"\\\\\\n]|\\\\.)*\"", RegexOptions.Singleline)]
    private static partial Regex Strings();
}
