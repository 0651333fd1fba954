namespace Stillhunt.Server.Store;

/// <summary>
/// Everything that a deployment keeps. The seam between the server and its database: no type of a database crosses it, each call is one
/// transaction that is durable when the call returns, and calls may come from any thread.
/// </summary>
/// <remarks>
/// Faults, the same for every implementation: <see cref="StoreFullException"/> where there is no room (nothing of the call was kept),
/// <see cref="StoreDamagedException"/> where what was read can't be what was written, <see cref="StoreRefusedException"/> where the store is
/// of another version, another key, or in use.
/// </remarks>
public interface IStore : IDisposable
{
    IExchangeStore Exchanges { get; }

    IAccountStore Accounts { get; }

    ICampaignStore Campaigns { get; }

    IKeyStore Keys { get; }

    IDecisionStore Decisions { get; }

    IAuditStore Audit { get; }

    ISharingStore Sharing { get; }

    IPromptStore Prompts { get; }

    /// <summary>
    /// Makes one transaction of all calls within that change something: all of it is kept, or nothing. What is read within is the state before. Not for calls of <see cref="Exchanges"/>, which may take long.
    /// </summary>
    void Together(Action work);

    /// <summary>Bytes that the store takes on its disk.</summary>
    long SizeBytes { get; }
}
