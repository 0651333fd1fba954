using Microsoft.Extensions.Logging;
using Stillhunt.Server.Store;

namespace Stillhunt.Server;

/// <summary>Forgets prompts that are older than was asked for; where none are asked for any more, those that an earlier run kept.</summary>
internal sealed partial class PromptExpiry(IPromptStore store, int days, TimeProvider time, ILogger log) : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromHours(1);

    private readonly Lock _expiring = new();
    private Timer? _timer;
    private bool _ended;

    public void Start()
    {
        Expire();
        _timer = new Timer(_ => Expire(), null, Pace, Pace);
    }

    public void Expire()
    {
        lock (_expiring) if (!_ended) Forget();
    }

    /// <summary>Nothing is being deleted when this returns, so that the store can be closed.</summary>
    public void Dispose()
    {
        lock (_expiring) _ended = true;
        _timer?.Dispose();
    }

    private void Forget()
    {
        try
        {
            // Of what is kept for no day nothing stays, whatever the clock says.
            var gone = store.ForgetBefore(days == 0 ? long.MaxValue : time.GetUtcNow().AddDays(-days).ToUnixTimeMilliseconds());
            if (gone > 0) Expired(log, gone);
        }
        catch (IOException fault)
        {
            NotExpired(log, fault.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} prompts expired")]
    private static partial void Expired(ILogger log, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "Prompts that expired could not be deleted; it will be tried again: {Fault}")]
    private static partial void NotExpired(ILogger log, string fault);
}
