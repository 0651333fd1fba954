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

    /// <summary>How far each followed file was read.</summary>
    IReadOnlyList<FileCursor> Cursors();

    /// <summary>Notes where a followed file is now; what a store of before remembers under the same beginning is forgotten: it was this file's.</summary>
    void Keep(FileCursor cursor);

    /// <summary>Bytes that were taken in of a file of which a store of before remembers nothing but how it begins; 0 where there is none.</summary>
    long OldOffsetOf(string mark);

    /// <summary>Forgets files of which nothing is remembered but how they begin.</summary>
    void ForgetOldOffsets();
}

/// <summary>How far a followed file was read, and what it is recognised by.</summary>
/// <param name="Id">Of this file alone.</param>
/// <param name="Path">Where it was last seen, in full; empty once nobody looks for it.</param>
/// <param name="Mark">Hash of how it begins.</param>
/// <param name="Offset">Bytes that were taken in.</param>
/// <param name="Foot">Hash of what stands right before the offset.</param>
public sealed record FileCursor(long Id, string Path, string Mark, long Offset, string Foot);

/// <summary>The ids (hashes) of exchanges that were counted.</summary>
public interface IKnownIds : IDisposable
{
    bool Contains(ulong id);
}
