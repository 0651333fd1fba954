namespace Stillhunt.Linking;

/// <summary>Work on many things of which each is done by itself, shared among threads; what comes of it stands in the order of the things.</summary>
internal sealed class Shares(int threads)
{
    public TResult[] Of<TItem, TResult>(IReadOnlyList<TItem> items, Func<TItem, TResult> work) => Of(items, () => work, (own, item) => own(item));

    /// <param name="tools">What one thread needs for itself.</param>
    public TResult[] Of<TItem, TTools, TResult>(IReadOnlyList<TItem> items, Func<TTools> tools, Func<TTools, TItem, TResult> work)
    {
        var results = new TResult[items.Count];
        Each(items.Count, tools, (own, i) => results[i] = work(own, items[i]));
        return results;
    }

    /// <summary>Each of the numbers from 0 up to a count.</summary>
    public void Each<TTools>(int count, Func<TTools> tools, Action<TTools, int> work)
    {
        if (threads == 1)
        {
            var own = tools();
            for (var i = 0; i < count; i++) work(own, i);
            return;
        }

        // One after the other as threads come free: groups differ in size a thousandfold.
        var next = -1;
        Parallel.For(0, Math.Min(threads, Math.Max(1, count)), new ParallelOptions { MaxDegreeOfParallelism = threads }, _ =>
        {
            var own = tools();
            for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next)) work(own, i);
        });
    }
}
