using System.Diagnostics;
using Stillhunt.Tests.Ingest;
using Stillhunt.Tests.Reporting;

namespace Stillhunt.Tests.Cli;

/// <summary>The report in a real browser without network. Needs chromium; <c>./test.sh --all</c> installs it.</summary>
[Trait("needs", "chromium")]
public sealed class ReportPictureTests : IDisposable
{
    private const int Height = 2400;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1280)]
    [InlineData(380)]
    public void The_report_fits_its_window_and_is_not_blank(int width)
    {
        var page = _folder.Write("report.html", HtmlReportTests.Html(SampleResult.Realistic()));
        var picture = Shoot(page, width);
        Assert.Equal((width, Height), (picture.Width, picture.Height));

        var background = picture[0, 0];
        var written = 0;
        var colours = new HashSet<(byte, byte, byte)>();
        for (var y = 0; y < picture.Height; y++)
        {
            for (var x = 0; x < picture.Width; x++)
            {
                if (picture[x, y] == background) continue;
                written++;
                colours.Add(picture[x, y]);
            }
        }

        // Text, a chart and its colours: a blank or broken page has none of them.
        Assert.InRange(written / (double)(width * Height), 0.02, 0.6);
        Assert.True(colours.Count > 50, $"only {colours.Count} colours");

        // What ran over the edge would be cut there.
        for (var y = 0; y < picture.Height; y++) Assert.Equal(background, picture[width - 1, y]);
    }

    private PngPicture Shoot(string page, int width)
    {
        var picture = Path.Combine(_folder.Path, $"{width}.png");
        var start = new ProcessStartInfo("chromium",
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--force-color-profile=srgb", "--force-device-scale-factor=1",
            "--host-resolver-rules=MAP * ~NOTFOUND", "--no-first-run", "--disable-background-networking",
            $"--user-data-dir={Path.Combine(_folder.Path, "profile")}", $"--window-size={width},{Height}", $"--screenshot={picture}", new Uri(page).AbsoluteUri,
        ])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var browser = Process.Start(start)!;
        var complaints = browser.StandardError.ReadToEndAsync();
        _ = browser.StandardOutput.ReadToEndAsync();
        if (!browser.WaitForExit(TimeSpan.FromMinutes(1))) browser.Kill(entireProcessTree: true);
        Assert.True(File.Exists(picture), complaints.GetAwaiter().GetResult());
        return PngPicture.Read(picture);
    }
}
