using Stillhunt.Campaigns;
using Stillhunt.Cli.Output;
using Stillhunt.Reporting;

namespace Stillhunt.Tests.Reporting;

/// <summary>Writes the sample to a folder, to be looked at: set STILLHUNT_SAMPLES to the folder and run this class.</summary>
public sealed class SampleFiles
{
    [Fact]
    public void The_samples_can_be_written_and_read_again()
    {
        var folder = Environment.GetEnvironmentVariable("STILLHUNT_SAMPLES") ?? Directory.CreateTempSubdirectory("stillhunt").FullName;
        foreach (var (name, result) in new[] { ("sample", SampleResult.Realistic()), ("empty", SampleResult.Empty()), ("large", SampleResult.Large(200)), ("hostile", HostileResult.With("\u202Eשלום <b>עולם</b> \u001b[31m" + new string('w', 10_000))) })
        {
            var path = Path.Combine(folder, name);
            File.WriteAllText(path + ".html", HtmlReportTests.Html(result));
            using (var json = File.Create(path + ".json"))
                ScanResultJson.Write(json, result);
            using var back = File.OpenRead(path + ".json");
            Assert.Equal(result.Campaigns.Count, ScanResultJson.Read(back).Campaigns.Count);
            foreach (var width in new[] { 80, 160 })
                File.WriteAllText($"{path}-{width}.txt", Consoles.Print(width, console => ResultTable.Print(console, result)));
        }

        var sample = SampleResult.Realistic();
        File.WriteAllText(Path.Combine(folder, "explain.txt"), Consoles.Print(100, console =>
        {
            foreach (var id in new[] { "c-51f2a0", "team-b@research", "stud-0014", "teem-b@research" })
                Explanation.Print(console, sample, id);
        }));
        using var summary = File.CreateText(Path.Combine(folder, "summary.md"));
        MarkdownSummary.Write(summary, sample);
    }
}
