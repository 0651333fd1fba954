using System.Threading.Channels;
using Stillhunt.Server.Store;

namespace Stillhunt.Server.Notices;

/// <summary>
/// Hands events to whoever listens. Each listener has a short queue; one that does not keep up is let go, and reads on from the store when
/// it comes back.
/// </summary>
internal sealed class EventFeed(ICampaignStore store, int mostListeners)
{
    private const int QueueLength = 256;

    private readonly Lock _lock = new();
    private readonly HashSet<Channel<NumberedEvent>> _listeners = [];

    public void Tell(IReadOnlyList<NumberedEvent> events)
    {
        lock (_lock)
        {
            foreach (var listener in _listeners.ToList())
            {
                if (events.All(listener.Writer.TryWrite)) continue;
                listener.Writer.TryComplete();
                _listeners.Remove(listener);
            }
        }
    }

    /// <summary>Listens from an event on; null where there are too many listeners already.</summary>
    public EventListener? Listen(long after)
    {
        lock (_lock)
        {
            if (_listeners.Count >= mostListeners) return null;
            var channel = Channel.CreateBounded<NumberedEvent>(new BoundedChannelOptions(QueueLength) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
            _listeners.Add(channel);
            return new EventListener(store, channel.Reader, after, () =>
            {
                lock (_lock) _listeners.Remove(channel);
            });
        }
    }

    /// <summary>Ends all listening, so that the server can stop.</summary>
    public void Close()
    {
        lock (_lock)
        {
            foreach (var listener in _listeners) listener.Writer.TryComplete();
            _listeners.Clear();
        }
    }
}

/// <summary>One listener: first what the store has, then what comes.</summary>
internal sealed class EventListener(ICampaignStore store, ChannelReader<NumberedEvent> arriving, long after, Action end) : IDisposable
{
    private const int PageLength = 500;

    private long _last = after;

    /// <summary>What the store has beyond the last event that was given out.</summary>
    public IEnumerable<NumberedEvent> Past()
    {
        IReadOnlyList<NumberedEvent> page;
        while ((page = store.EventsAfter(_last, PageLength)).Count > 0)
        {
            foreach (var told in page)
            {
                _last = told.Seq;
                yield return told;
            }
        }
    }

    /// <summary>The next events; null at the end, empty where none came in the given time.</summary>
    public async Task<IReadOnlyList<NumberedEvent>?> Next(TimeSpan patience, CancellationToken cancellation)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        waiting.CancelAfter(patience);
        try
        {
            if (!await arriving.WaitToReadAsync(waiting.Token)) return null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return [];
        }

        var fresh = new List<NumberedEvent>();
        while (arriving.TryRead(out var told))
        {
            // The store's pages may have given it out already.
            if (told.Seq <= _last) continue;
            _last = told.Seq;
            fresh.Add(told);
        }

        return fresh;
    }

    public void Dispose() => end();
}
