using System.Runtime.ExceptionServices;

namespace Stillhunt.Proving.Work;

/// <summary>
/// Lets time pass in all lanes at once, stretch by stretch, and brings their lines into one order: of time, then of lane. While one stretch is written the next
/// is made. Where a stretch ends changes nothing in what is written, so it is chosen by how much the last one held.
/// </summary>
internal sealed class Passage(Simulation[] lanes, TrafficWriter writer, long startMs, long endMs)
{
    /// <summary>Exchanges that a stretch aims at: some 30 MB of text over all lanes, in two sets of buffers.</summary>
    private const int StretchExchanges = 20_000;

    private const double FirstStretchMs = 600_000;

    /// <param name="extracted">Told of each extracting exchange, in the order of the traffic, by id and campaign; or null.</param>
    public void Run(Action<ulong, string>? extracted)
    {
        var (making, writing) = (Outputs(), Outputs());
        var written = Task.CompletedTask;
        var length = FirstStretchMs;
        for (var now = startMs; now < endMs;)
        {
            var until = (long)Math.Min(endMs, now + Math.Max(1, length));
            Make(until, making);
            written.GetAwaiter().GetResult();
            (making, writing) = (writing, making);
            var full = writing;
            written = Task.Run(() => Merge(full, extracted));
            var made = writing.Sum(o => o.Index.Count);
            length = Math.Clamp(length * StretchExchanges / Math.Max(1, made), length / 8, length * 4);
            now = until;
        }

        written.GetAwaiter().GetResult();
    }

    private LaneOutput[] Outputs() => [.. lanes.Select(_ => new LaneOutput(writer.Another()))];

    private void Make(long until, LaneOutput[] outputs)
    {
        try
        {
            Parallel.For(0, lanes.Length, lane =>
            {
                outputs[lane].Clear();
                lanes[lane].RunUntil(until, outputs[lane]);
            });
        }
        catch (AggregateException all) when (all.InnerExceptions.Count > 0)
        {
            ExceptionDispatchInfo.Capture(all.InnerExceptions[0]).Throw();
        }
    }

    private void Merge(LaneOutput[] outputs, Action<ulong, string>? extracted)
    {
        var at = new int[outputs.Length];
        while (true)
        {
            var first = -1;
            for (var lane = 0; lane < outputs.Length; lane++)
            {
                if (at[lane] < outputs[lane].Index.Count && (first < 0 || outputs[lane].Index[at[lane]].TimeMs < outputs[first].Index[at[first]].TimeMs)) first = lane;
            }

            if (first < 0) return;
            var line = outputs[first].Index[at[first]++];
            writer.Raw(outputs[first].TextOf(line));
            if (line.Campaign is not null) extracted?.Invoke(line.Id, line.Campaign);
        }
    }
}
