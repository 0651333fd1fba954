using AngleSharp.Html.Parser;

namespace Stillhunt.Tests.Reporting;

/// <summary>Parsed as a browser would: the page has the elements of our own templates and nothing else.</summary>
public sealed class HostileHtmlTests
{
    private static readonly HashSet<string> OwnElements = new(StringComparer.Ordinal)
    {
        "html", "head", "meta", "title", "style", "body", "main", "header", "nav", "section", "h1", "h2", "h3", "h4", "p", "b", "a", "code", "pre", "ul", "ol", "li",
        "dl", "dt", "dd", "div", "span", "table", "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "svg", "path", "rect", "circle", "details", "summary", "sup",
    };

    private static readonly HashSet<string> OwnAttributes = new(StringComparer.Ordinal)
    {
        "lang", "charset", "http-equiv", "content", "name", "id", "class", "style", "href", "role", "scope", "tabindex", "title", "dir", "aria-label", "aria-hidden",
        "viewBox", "preserveAspectRatio", "d", "x", "y", "r", "width", "height",
    };

    public static TheoryData<int> Every => [.. Enumerable.Range(0, HostileResult.Texts.Length)];

    [Theory]
    [MemberData(nameof(Every))]
    public void Planted_text_makes_no_element_no_attribute_and_no_address(int index)
    {
        var page = new HtmlParser().ParseDocument(HtmlReportTests.Html(HostileResult.With(HostileResult.Texts[index])));
        foreach (var element in page.All)
        {
            Assert.Contains(element.LocalName, OwnElements);
            foreach (var attribute in element.Attributes)
            {
                Assert.Contains(attribute.Name, OwnAttributes);
                if (attribute.Name == "href")
                    Assert.Matches("^#[a-z0-9]+$", attribute.Value);
                if (attribute.Name == "style")
                    Assert.Matches("^(max-width|height|width|top|--zero):[0-9.]+(px|%)$", attribute.Value);
                if (attribute.Name is "d" or "viewBox" or "x" or "width" or "r" or "class" or "id")
                    Assert.Matches("^[A-Za-z0-9 .-]*$", attribute.Value);
            }
        }

        Assert.Single(page.QuerySelectorAll("style"));
        Assert.Single(page.QuerySelectorAll("title"));
        Assert.Equal(6, page.QuerySelectorAll("meta").Length);
    }

    [Theory]
    [MemberData(nameof(Every))]
    public void Planted_text_leaves_nothing_invisible_on_the_page(int index)
    {
        var html = HtmlReportTests.Html(HostileResult.With(HostileResult.Texts[index]));
        Assert.DoesNotContain(html.EnumerateRunes(), rune => rune.Value != '\n' && HostileTerminalTests.IsUnsafe(rune));
    }

    [Fact]
    public void Planted_text_can_still_be_read()
    {
        var page = new HtmlParser().ParseDocument(HtmlReportTests.Html(HostileResult.With("<script>alert(1)</script>")));
        Assert.Contains("<script>alert(1)</script>", page.QuerySelector(".skeleton")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void The_policy_stands_before_everything_that_it_governs()
    {
        var html = HtmlReportTests.Html(SampleResult.Realistic());
        var policy = html.IndexOf("Content-Security-Policy", StringComparison.Ordinal);
        Assert.InRange(policy, 0, html.IndexOf("<style", StringComparison.Ordinal));
        Assert.Contains("default-src 'none'; style-src 'unsafe-inline'; img-src data:", html, StringComparison.Ordinal);
    }

    [Fact]
    public void An_id_of_ten_thousand_characters_is_cut_and_its_length_stated()
    {
        var html = HtmlReportTests.Html(HostileResult.With(new string('w', 10_000)));
        Assert.Contains("(10,000 characters)", html, StringComparison.Ordinal);
        Assert.DoesNotContain(new string('w', 5_000), html, StringComparison.Ordinal);
    }
}
