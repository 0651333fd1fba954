using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Stillhunt.Ingest;
using Stillhunt.Ledger;
using Stillhunt.Profiles;
using Stillhunt.Server.Store;

namespace Stillhunt.Server.Detection;

/// <summary>
/// Recognises replacement accounts of known campaigns (<see cref="SuccessionTally"/>) in what is taken in. The counts are kept with the batches that they are of, so a restart changes none.
/// </summary>
internal sealed partial class SuccessionWatch(ICampaignStore store, CampaignBook book, DetectionLoop detection, TimeProvider time, ILogger log)
{
    private readonly SuccessionTally _tally = new();
    private readonly ConcurrentQueue<AccountId> _forgotten = new();

    /// <inheritdoc cref="SuccessionTally.Changes"/>
    public IReadOnlyDictionary<SuccessionKey, SuccessionCount?> Changes => _tally.Changes;

    /// <summary>Takes up what was counted before a restart.</summary>
    public void Load() => _tally.Load(store.LoadSuccession());

    /// <summary>Takes up what changed of the campaigns; before each batch, on the intake's thread as all of this.</summary>
    public void Begin()
    {
        _tally.Begin(book.Campaigns, detection.Use.ContainsKey, detection.Use.Count, time.GetUtcNow().ToUnixTimeMilliseconds());
        while (_forgotten.TryDequeue(out var account)) _tally.Forget(account);
    }

    /// <summary>Forgets an account that is deleted; from any thread.</summary>
    /// <returns>How many counts of it were kept.</returns>
    public int Forget(AccountId account)
    {
        _forgotten.Enqueue(account);
        return store.DeleteSuccession(account);
    }

    /// <inheritdoc cref="SuccessionTally.Look"/>
    public void Look(Exchange exchange, string source) => _tally.Look(exchange, source);

    /// <summary>Tells the ledger whom the batch, which is durable now, gave away.</summary>
    public void End()
    {
        foreach (var (campaign, successors) in _tally.Keep())
        {
            try
            {
                book.Succeed(campaign, successors);
            }
            catch (IOException fault)
            {
                // The traffic is kept, and detection will find them in it.
                NotKept(log, fault.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Replacement accounts were recognised and could not be kept: {Fault}")]
    private static partial void NotKept(ILogger log, string fault);
}
