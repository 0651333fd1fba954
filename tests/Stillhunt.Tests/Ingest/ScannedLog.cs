using Stillhunt.Ingest;

namespace Stillhunt.Tests.Ingest;

/// <summary>Small logs in Stillhunt's own format, and what a scan makes of them.</summary>
internal static class ScannedLog
{
    /// <summary>One exchange: account, id, prompt and time are numbered.</summary>
    public static string Line(int i) => $$"""{"id":"x{{i}}","time":{{1769947200 + i}},"account":"a{{i}}","prompt":"p{{i}}"}""";

    public static string Lines(int count, int from = 0) => string.Concat(Enumerable.Range(from, count).Select(i => Line(i) + "\n"));

    public static (CollectingSink Sink, LogScanSummary Summary) Scan(LogScanOptions options, params string[] inputs)
    {
        var sink = new CollectingSink();
        return (sink, LogScan.Run(LogFiles.Find(inputs.Select(input => new LogInput(input))), options, sink));
    }

    public static (CollectingSink Sink, LogScanSummary Summary) Scan(params string[] inputs) => Scan(new LogScanOptions(), inputs);

    /// <summary>The accounts of what was handed on, in its order.</summary>
    public static string Accounts(CollectingSink sink) => string.Join(' ', sink.Exchanges.Select(read => read.Account));
}
