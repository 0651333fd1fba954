using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Work;

/// <summary>What one lane wrote in one stretch of time: its lines, one behind the other, and when each was sent.</summary>
internal sealed class LaneOutput(TrafficWriter writer)
{
    /// <param name="Campaign">Whose work it is; null where it does not extract.</param>
    public readonly record struct Written(long TimeMs, int Start, int Length, ulong Id, string? Campaign);

    private readonly List<Written> _index = [];

    public IReadOnlyList<Written> Index => _index;

    public ReadOnlySpan<byte> TextOf(Written line) => writer.Pending.Slice(line.Start, line.Length);

    public void Write(Draft draft, string? campaign)
    {
        var start = writer.Pending.Length;
        writer.Write(draft);
        _index.Add(new Written(draft.TimeMs, start, writer.Pending.Length - start, draft.Id, campaign));
    }

    public void Clear()
    {
        _index.Clear();
        writer.Forget();
    }
}
