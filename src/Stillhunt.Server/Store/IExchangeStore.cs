using Stillhunt.Ledger;
using Stillhunt.Profiles;
using Stillhunt.Sharing.Intel;

namespace Stillhunt.Server.Store;

/// <summary>
/// What detection is made from: keyed records by day, the ids that were counted, and sums. No prompt is kept but the sample of one exchange in
/// eight that a <see cref="AccountDay"/> holds.
/// </summary>
public interface IExchangeStore
{
    /// <summary>Opens a look at the ids that were counted, as of now; for one thread.</summary>
    IKnownIds LookUpIds();

    /// <summary>Adds a batch; it is durable when the call returns, whole or not at all.</summary>
    /// <param name="ids">Of the batch's exchanges that have one; none is known yet.</param>
    /// <param name="day">Newest UTC day of the traffic so far, counted from 1970-01-01: ids are forgotten by it.</param>
    /// <param name="batch">The state that the batch adds.</param>
    /// <param name="cursors">How far files that are followed were read, kept together with what was read.</param>
    /// <param name="hits">What indicators of others matched in the batch, kept together with it.</param>
    /// <param name="prompts">Prompts to keep in full, together with the batch.</param>
    /// <param name="succession">Who sent known campaigns' prompts, kept together with the batch; null: forgotten.</param>
    void Append(IReadOnlyCollection<ulong> ids, int day, Snapshot batch, IReadOnlyCollection<FileCursor>? cursors = null, IReadOnlyDictionary<IntelHitKey, IntelHit>? hits = null, IReadOnlyCollection<KeptPrompt>? prompts = null,
        IReadOnlyDictionary<SuccessionKey, SuccessionCount?>? succession = null);

    /// <summary>Bytes of batches that were not yet folded into the records by day.</summary>
    long UnfoldedBytes { get; }

    /// <summary>Folds batches into the records by day. Changes the form, not the state.</summary>
    void Fold();

    /// <summary>The whole state; read where there is no room to write, too.</summary>
    Snapshot Load();

    /// <summary>The days of one account; null where it is unknown.</summary>
    AccountProfile? Find(ulong account);

    /// <summary>All exchanges counted, and those refused; sums over everything ever taken in and still kept.</summary>
    long CountExchanges();

    /// <summary>Forgets records of days before this, and ids that arrived while the traffic was at a day before it.</summary>
    void Forget(int beforeDay);

    /// <summary>Deletes what is kept of one account's traffic; returns the number of records.</summary>
    int Delete(ulong account);

    /// <summary>Bytes of a followed file that were taken in; 0 where it is new.</summary>
    long OffsetOf(string file);
}

/// <summary>How far a followed file was read.</summary>
/// <param name="File">What the file is known by, whatever it is named.</param>
/// <param name="Offset">Bytes that were taken in.</param>
public sealed record FileCursor(string File, long Offset);

/// <summary>The ids (hashes) of exchanges that were counted.</summary>
public interface IKnownIds : IDisposable
{
    bool Contains(ulong id);
}
