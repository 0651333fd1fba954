using System.Collections.Concurrent;
using Stillhunt.Profiles;

namespace Stillhunt.Server.Detection;

/// <summary>What waits to be taken into a state by the thread that owns it: batches that are durable, and accounts whose traffic goes. May be added to by any thread.</summary>
internal sealed class Arrivals
{
    private readonly ConcurrentQueue<Snapshot> _batches = new();
    private readonly ConcurrentQueue<ulong> _deleted = new();

    public void Add(Snapshot batch) => _batches.Enqueue(batch);

    public void Delete(ulong account) => _deleted.Enqueue(account);

    /// <summary>Takes up all that waits: batches first, so that what came before its account was deleted goes with it. With accounts go the names that only they showed.</summary>
    /// <returns>Whether there was a batch.</returns>
    public bool TakeUp(Action<Snapshot> absorb, Snapshot state)
    {
        var any = false;
        while (_batches.TryDequeue(out var batch))
        {
            absorb(batch);
            any = true;
        }

        var gone = false;
        while (_deleted.TryDequeue(out var account)) gone |= state.Accounts.Remove(account);
        if (gone) state.ForgetNames();
        return any;
    }
}
