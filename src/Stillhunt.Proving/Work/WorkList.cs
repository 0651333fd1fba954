using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Text;

namespace Stillhunt.Proving.Work;

/// <summary>One thing to be done: an item by its seed and what is asked about it.</summary>
internal readonly record struct WorkItem(ulong Seed, ItemKind Kind, byte Task, byte Language, byte Sample);

/// <summary>
/// The items of one employer, dealt out to whoever asks. An item may be wanted several times (best of n), comes back when a request fails,
/// and is dealt twice now and then, as acknowledgements get lost.
/// </summary>
internal sealed class WorkList(long total, Func<Dice, WorkItem> next, Dice dice)
{
    private const int RememberedItems = 64;
    private readonly Queue<WorkItem> _again = new();
    private readonly WorkItem[] _recent = new WorkItem[RememberedItems];
    private long _dealt;

    /// <summary>The chance that an item is wanted several times.</summary>
    public double BestOfShare { get; init; }

    public int BestOf { get; init; } = 4;

    /// <summary>The chance that an item was dealt before.</summary>
    public double DuplicateShare { get; init; } = 0.01;

    /// <summary>Whether an item that failed is dealt again, to whoever asks next.</summary>
    public bool TakesBack { get; init; } = true;

    /// <summary>Items are released in batches this far apart; 0 = all are there from the start.</summary>
    public long ReleaseEveryMs { get; init; }

    public long ReleaseSize { get; init; }

    public long FirstReleaseMs { get; init; }

    public bool IsEmpty => _dealt >= total && _again.Count == 0;

    /// <summary>False with the time of the next release where nothing is there now.</summary>
    public bool TryDraw(long now, out WorkItem item, out long nextReleaseMs)
    {
        nextReleaseMs = Actor.Never;
        item = default;
        if (_again.Count > 0 && (dice.Chance(0.3) || _dealt >= total))
        {
            item = _again.Dequeue();
            return true;
        }

        if (_dealt >= total) return false;
        if (ReleaseEveryMs > 0)
        {
            var batches = now < FirstReleaseMs ? 0 : 1 + (now - FirstReleaseMs) / ReleaseEveryMs;
            if (_dealt >= batches * ReleaseSize)
            {
                nextReleaseMs = FirstReleaseMs + batches * ReleaseEveryMs;
                return false;
            }
        }

        if (_dealt > RememberedItems && dice.Chance(DuplicateShare))
        {
            item = dice.Pick(_recent);
        }
        else
        {
            item = next(dice);
            _recent[_dealt % RememberedItems] = item;
            if (dice.Chance(BestOfShare))
            {
                for (var i = 1; i < BestOf; i++) _again.Enqueue(item with { Sample = (byte)i });
            }
        }

        _dealt++;
        return true;
    }

    public void Return(WorkItem item)
    {
        if (TakesBack) _again.Enqueue(item);
    }
}
