namespace Stillhunt.Linking;

/// <summary>Counts different conversations, a few at a time. Sorting few is cheaper than hashing them, and what was needed once for many is not swept for each that follows.</summary>
internal sealed class ThreadCount
{
    private readonly List<uint> _threads = [];

    public void Add(uint thread) => _threads.Add(thread);

    /// <summary>How many different ones were added since the last call.</summary>
    public int Take()
    {
        _threads.Sort();
        var different = 0;
        for (var t = 0; t < _threads.Count; t++)
            if (t == 0 || _threads[t] != _threads[t - 1]) different++;
        _threads.Clear();
        return different;
    }
}
