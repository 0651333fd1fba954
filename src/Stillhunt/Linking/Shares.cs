namespace Stillhunt.Linking;

/// <summary>Work on many things of which each is done by itself, shared among threads; what comes of it stands in the order of the things.</summary>
internal sealed class Shares(int threads)
{
    public TResult[] Of<TItem, TResult>(IReadOnlyList<TItem> items, Func<TItem, TResult> work) => Of(items, () => work, (own, item) => own(item));

    /// <param name="tools">What one thread needs for itself.</param>
    public TResult[] Of<TItem, TTools, TResult>(IReadOnlyList<TItem> items, Func<TTools> tools, Func<TTools, TItem, TResult> work) => Of(items, new Tools<TTools>(tools), work);

    /// <inheritdoc cref="Of{TItem, TTools, TResult}(IReadOnlyList{TItem}, Func{TTools}, Func{TTools, TItem, TResult})"/>
    public TResult[] Of<TItem, TTools, TResult>(IReadOnlyList<TItem> items, Tools<TTools> tools, Func<TTools, TItem, TResult> work)
    {
        var results = new TResult[items.Count];
        Each(items.Count, tools, (own, i) => results[i] = work(own, items[i]));
        return results;
    }

    /// <summary>As many as there are threads.</summary>
    public int SliceCount => threads;

    /// <summary>The numbers from 0 up to a count in even slices.</summary>
    /// <param name="work">On one of <see cref="SliceCount"/> slices: its number, its first number, and one past its last.</param>
    public void Slices(int count, Action<int, int, int> work) =>
        Each(threads, slice => work(slice, (int)((long)count * slice / threads), (int)((long)count * (slice + 1) / threads)));

    /// <summary>Each of the numbers from 0 up to a count.</summary>
    public void Each(int count, Action<int> work) => Each(count, new Tools<Action<int>>(() => work), (own, i) => own(i));

    /// <inheritdoc cref="Each(int, Action{int})"/>
    /// <param name="tools">What one thread needs for itself.</param>
    public void Each<TTools>(int count, Tools<TTools> tools, Action<TTools, int> work)
    {
        // One after the other as threads come free: groups differ in size a thousandfold.
        var next = -1;
        if (threads == 1) Work();
        else Parallel.For(0, Math.Min(threads, Math.Max(1, count)), new ParallelOptions { MaxDegreeOfParallelism = threads }, _ => Work());

        void Work()
        {
            var own = tools.Take();
            for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next)) work(own, i);
            // Not after an error: then they may be in any state.
            tools.Return(own);
        }
    }
}
