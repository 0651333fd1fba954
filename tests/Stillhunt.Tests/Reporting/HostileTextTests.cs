using System.Globalization;
using AngleSharp.Html.Parser;
using CsvHelper;
using Markdig;
using Stillhunt.Reporting;
using Stillhunt.Reporting.Text;

namespace Stillhunt.Tests.Reporting;

/// <summary>CSV and Markdown, read back by the parsers that people use.</summary>
public sealed class HostileTextTests
{
    private static readonly MarkdownPipeline Everything = new MarkdownPipelineBuilder().UseAdvancedExtensions().UseAutoLinks().UseEmojiAndSmiley().Build();

    public static TheoryData<int> Every => [.. Enumerable.Range(0, HostileResult.Texts.Length)];

    [Theory]
    [MemberData(nameof(Every))]
    public void Planted_text_starts_no_formula_in_the_account_list_and_breaks_no_row(int index)
    {
        var result = HostileResult.With(HostileResult.Texts[index]);
        using var writer = new StringWriter();
        AccountCsv.Write(writer, result);
        using var csv = CsvReader.FromText(writer.ToString(), new CsvReaderOptions { Separator = ',', HasHeader = true, TrimWhitespace = false });
        var rows = 0;
        while (csv.Read())
        {
            rows++;
            Assert.Equal(9, csv.FieldCount);
            foreach (var column in new[] { "campaign", "account", "source", "end_user", "key" })
            {
                var field = csv.GetString(column);
                Assert.DoesNotContain(field.EnumerateRunes(), HostileTerminalTests.IsUnsafe);
                // A spreadsheet set to another separator would split here.
                foreach (var cell in field.Split(',', ';', '|'))
                    Assert.DoesNotMatch("^[\\s\"“”‘’]*[=+\\-@＝＋－＠−]", cell);
            }

            Assert.True(double.Parse(csv.GetString("probability"), CultureInfo.InvariantCulture) >= 0.5);
        }

        Assert.Equal(464, rows);
    }

    [Theory]
    [MemberData(nameof(Every))]
    public void Planted_text_makes_no_markup_in_the_summary(int index)
    {
        using var writer = new StringWriter();
        MarkdownSummary.Write(writer, HostileResult.With(HostileResult.Texts[index]));
        var page = new HtmlParser().ParseDocument(Markdig.Markdown.ToHtml(writer.ToString(), Everything));
        Assert.All(page.Body!.QuerySelectorAll("*"), element => Assert.Contains(element.LocalName, new[] { "h1", "h2", "p", "ul", "li", "code", "em" }));
        Assert.Single(page.QuerySelectorAll("h1"));
        Assert.Equal(3, page.QuerySelectorAll("h2").Length);
        Assert.DoesNotContain(page.Body.QuerySelectorAll("*"), element => element.Attributes.Any(a => a.Name != "id"));
    }

    [Theory]
    [MemberData(nameof(Every))]
    public void A_planted_sentence_in_a_markdown_paragraph_item_or_cell_stays_one_text(int index)
    {
        var sentence = OutputText.Markdown(HostileResult.Texts[index]);
        foreach (var around in new[] { sentence, "- " + sentence, "They use " + sentence + " together.", "| a | b |\n|---|---|\n| x | " + sentence + " |" })
        {
            var page = new HtmlParser().ParseDocument(Markdig.Markdown.ToHtml(around, Everything));
            Assert.All(page.Body!.QuerySelectorAll("*"), element => Assert.Contains(element.LocalName, new[] { "p", "ul", "li", "table", "thead", "tbody", "tr", "th", "td" }));
            Assert.InRange(page.QuerySelectorAll("td").Length, 0, 2);
        }
    }

    [Theory]
    [InlineData("acct-1", "\"acct-1\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("=1+1", "\"'=1+1\"")]
    [InlineData("a;-1", "\"a;'-1\"")]
    [InlineData("a-b=c", "\"a-b=c\"")]
    [InlineData("a\r\nb", "\"a\\r\\nb\"")]
    public void A_field_of_the_account_list_is_quoted_and_disarmed(string text, string field) => Assert.Equal(field, OutputText.Csv(text));

    [Theory]
    [InlineData("plain text, in any script: текст 文字 עברית", "plain text, in any script: текст 文字 עברית")]
    [InlineData("a\u001b[31m", "a\\u{1B}[31m")]
    [InlineData("a\u202Eb", "a\\u{202E}b")]
    [InlineData("a\nb\tc", "a\\nb\\tc")]
    [InlineData("e\u0301", "e\u0301")]
    public void What_cannot_be_seen_is_written_out(string text, string shown) => Assert.Equal(shown, OutputText.Terminal(text));

    [Theory]
    [InlineData("https://evil.example", "https\\[\\:\\]//evil.example")]
    [InlineData("www.evil.example", "www\\[\\.\\]evil.example")]
    [InlineData("eve@evil.example", "eve\\[\\@\\]evil.example")]
    [InlineData("2 Mar 2026, 00:30 UTC", "2 Mar 2026, 00:30 UTC")]
    [InlineData("Marked TLP:AMBER.", "Marked TLP:AMBER.")]
    [InlineData("xTLP:AMBER 1http:12", "xTLP\\[\\:\\]AMBER 1http\\[\\:\\]12")]
    [InlineData("see #12", "see \\[\\#\\]12")]
    public void What_ticket_systems_find_in_finished_text_is_defanged(string text, string markdown) =>
        Assert.Equal(markdown, OutputText.Markdown(text));

    [Fact]
    public void Ordinary_sentences_stay_readable_in_the_markdown_source() =>
        Assert.Equal("Of 96,212 fills, 41% recur (by chance): see f-01c2.", OutputText.Markdown("Of 96,212 fills, 41% recur (by chance): see f-01c2."));
}
