using System.Runtime.InteropServices;

namespace Stillhunt.Cli.Commands;

/// <summary>Ctrl-C and a polite kill as a token. Files are written only after the work is done, so nothing half-made is left behind.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _signals;

    public Interruption() => _signals =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop),
    ];

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        _source.Dispose();
    }

    /// <summary>Runs the work on a thread of its own, so that an interruption needs not wait for a stage that has no place to stop.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled; what the work does from then on ends with the process.</exception>
    public static T Run<T>(Func<T> work, CancellationToken interrupted) =>
        Task.Factory.StartNew(work, interrupted, TaskCreationOptions.LongRunning, TaskScheduler.Default).WaitAsync(interrupted).GetAwaiter().GetResult();

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        _source.Cancel();
    }
}
