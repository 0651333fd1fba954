using System.Globalization;
using Spectre.Console;
using Stillhunt.Reporting;
using Stillhunt.Reporting.Text;

namespace Stillhunt.Cli.Output;

/// <summary>Shows how far a scan is: a bar on a terminal, a plain line every two seconds elsewhere.</summary>
internal static class ScanProgress
{
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(2);

    /// <summary>The first line comes sooner: it says that something happens.</summary>
    private static readonly TimeSpan FirstLine = TimeSpan.FromSeconds(0.3);

    /// <summary>Runs the work and shows what it reports; <paramref name="totalBytes"/> is null where the size isn't known (standard input).</summary>
    public static T Run<T>(IAnsiConsole console, TimeProvider time, long? totalBytes, Func<IScanMeter, T> work)
    {
        if (!console.Profile.Capabilities.Interactive || !console.Profile.Out.IsTerminal)
            return work(new LineMeter(console, time, totalBytes));

        return console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 14 }, new PercentageColumn(), new SpinnerColumn())
            .Start(context =>
            {
                var task = context.AddTask("Reading", maxValue: Math.Max(1, totalBytes ?? 1));
                task.IsIndeterminate = totalBytes is null;
                return work(new BarMeter(task, time, totalBytes));
            });
    }

    /// <summary>"Reading: 12.1 of 40.0 MB, 81,000 records, 40,500 a second".</summary>
    private static string Describe(string stage, long bytes, long? totalBytes, long records, TimeSpan elapsed)
    {
        var rate = elapsed.TotalSeconds > 0.2 ? $", {Figures.Count((long)(records / elapsed.TotalSeconds))} a second" : "";
        var of = totalBytes is { } total ? $" of {Megabytes(total)}" : "";
        return $"{stage}: {Megabytes(bytes)}{of} MB, {Figures.Counted(records, "record")}{rate}";
    }

    private static string Megabytes(long bytes) => (bytes / 1e6).ToString("N1", CultureInfo.InvariantCulture);

    /// <summary>One line at most every interval, and one for every stage after reading.</summary>
    private sealed class LineMeter(IAnsiConsole console, TimeProvider time, long? totalBytes) : IScanMeter
    {
        private readonly Lock _gate = new();
        private readonly long _start = time.GetTimestamp();
        private TimeSpan _next = FirstLine;

        public void Read(long bytes, long records)
        {
            lock (_gate)
            {
                var elapsed = time.GetElapsedTime(_start);
                if (elapsed < _next)
                    return;
                _next = elapsed + LineInterval;
                console.WriteLine(Cells.Plain(Describe("Reading", bytes, totalBytes, records, elapsed)));
            }
        }

        public void Stage(string name)
        {
            lock (_gate)
                console.WriteLine(Cells.Plain(name, 120));
        }
    }

    private sealed class BarMeter(ProgressTask task, TimeProvider time, long? totalBytes) : IScanMeter
    {
        private readonly long _start = time.GetTimestamp();

        public void Read(long bytes, long records)
        {
            if (totalBytes is { } total)
                task.Value = Math.Min(bytes, total);
            // A description is markup.
            task.Description = Markup.Escape(OutputText.Terminal(Describe("Reading", bytes, totalBytes, records, time.GetElapsedTime(_start)), 160));
        }

        public void Stage(string name)
        {
            task.IsIndeterminate = true;
            task.Description = Markup.Escape(OutputText.Terminal(name, 120));
        }
    }
}
