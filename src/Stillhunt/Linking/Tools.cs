using System.Collections.Concurrent;

namespace Stillhunt.Linking;

/// <summary>What a thread needs for itself to work on one thing after the other, such as tables over all exchanges; kept for the next who needs the same.</summary>
internal sealed class Tools<T>(Func<T> make)
{
    private readonly ConcurrentBag<T> _idle = [];

    public T Take() => _idle.TryTake(out var tools) ? tools : make();

    /// <param name="tools">As good as new.</param>
    public void Return(T tools) => _idle.Add(tools);
}
