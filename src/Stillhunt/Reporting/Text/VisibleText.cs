using System.Globalization;
using System.Text;

namespace Stillhunt.Reporting.Text;

/// <summary>
/// Makes log text say what it holds: whatever is invisible, moves the cursor or reorders its neighbours becomes a visible
/// escape (<c>\u{202E}</c>, <c>\n</c>). The first step of every encoder. Not reversible: the exact text stands in campaigns.json.
/// </summary>
internal static class VisibleText
{
    /// <summary>More marks than this on one letter paint over the neighbouring lines; no living orthography stacks as many.</summary>
    private const int MostMarks = 4;

    /// <summary>
    /// The text on one line, cut after <paramref name="limit"/> characters with the full length stated;
    /// <paramref name="keepLines"/> leaves line feeds as they are, for places that show several lines.
    /// </summary>
    public static string Of(string? text, int limit = int.MaxValue, bool keepLines = false)
    {
        if (string.IsNullOrEmpty(text) || (text.Length <= limit && !NeedsWork(text)))
            return text ?? "";

        var shown = new StringBuilder(Math.Min(text.Length, limit) + 16);
        var marks = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length >= limit)
            {
                shown.Append(CultureInfo.InvariantCulture, $"… ({text.Length:N0} characters)");
                break;
            }

            marks = Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark ? marks + 1 : 0;
            if (marks > MostMarks || (IsHidden(rune) && !(keepLines && rune.Value == '\n')))
                AppendEscape(shown, rune);
            else
                shown.Append(rune);
        }

        return shown.ToString();
    }

    /// <summary>Controls (C0, C1), bidi controls, zero-width and other format characters, invisible fillers, tags, private use.</summary>
    public static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse => true,
        UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
        _ => IsFiller(rune.Value) || (rune.Value & 0xFFFE) == 0xFFFE || rune.Value is >= 0xFDD0 and <= 0xFDEF,
    };

    /// <summary>Drawn as nothing although their category says letter, mark or unassigned.</summary>
    private static bool IsFiller(int value) => value
        is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x2800 or 0x3164 or 0xFFA0
        or (>= 0x180B and <= 0x180F) or (>= 0xE0000 and <= 0xE0FFF);

    private static void AppendEscape(StringBuilder to, Rune rune)
    {
        switch (rune.Value)
        {
            case '\n': to.Append("\\n"); break;
            case '\r': to.Append("\\r"); break;
            case '\t': to.Append("\\t"); break;
            default: to.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X}}}"); break;
        }
    }

    private static bool NeedsWork(string text) => text.AsSpan().ContainsAnyExceptInRange(' ', '~');
}
