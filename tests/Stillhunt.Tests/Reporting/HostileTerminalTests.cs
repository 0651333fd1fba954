using System.Globalization;
using System.Text;
using Spectre.Console;
using Stillhunt.Cli.Output;

namespace Stillhunt.Tests.Reporting;

/// <summary>Everything that the console prints, scanned rune by rune: no colours are on, so not one control may be left but the line feed.</summary>
public sealed class HostileTerminalTests
{
    public static TheoryData<int> Every => [.. Enumerable.Range(0, HostileResult.Texts.Length)];

    [Theory]
    [MemberData(nameof(Every))]
    public void Planted_text_reaches_the_terminal_without_controls(int index)
    {
        var planted = HostileResult.Texts[index];
        var result = HostileResult.With(planted);
        foreach (var width in new[] { 80, 160 })
        {
            var output = Consoles.Print(width, console =>
            {
                ResultTable.Print(console, result);
                Assert.True(Explanation.Print(console, result, planted));
                Assert.True(Explanation.Print(console, result, planted + 1));
                Assert.False(Explanation.Print(console, result, planted + "nowhere"));
            });
            Assert.DoesNotContain(output.EnumerateRunes(), rune => rune.Value != '\n' && IsUnsafe(rune));
        }
    }

    [Fact]
    public void Planted_text_adds_no_colour_and_no_link_where_colours_are_on()
    {
        var plain = Escapes("harmless");
        foreach (var planted in HostileResult.Texts)
        {
            var escapes = Escapes(planted);
            Assert.DoesNotContain("\u001b]", escapes.Output, StringComparison.Ordinal);
            Assert.Subset(plain.Codes, escapes.Codes);
        }
    }

    [Fact]
    public void Markup_of_the_console_library_is_shown_as_it_stands()
    {
        var output = Consoles.Print(160, console => Explanation.Print(console, HostileResult.With("[bold red]x[/]"), "[bold red]x[/]"));
        Assert.Contains("[bold red]x[/]", output, StringComparison.Ordinal);
    }

    /// <summary>An oracle of its own, by category, so that it shares no table with the code under test.</summary>
    internal static bool IsUnsafe(Rune rune) => rune.Value is 0x115F or 0x1160 or 0x3164 or 0xFFA0
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static (HashSet<string> Codes, string Output) Escapes(string planted)
    {
        var output = Consoles.Print(120, console => ResultTable.Print(console, HostileResult.With(planted)), colours: true);
        var codes = System.Text.RegularExpressions.Regex.Matches(output, "\u001b.[0-9;]*[a-zA-Z]?").Select(m => m.Value).ToHashSet(StringComparer.Ordinal);
        return (codes, output);
    }
}
