namespace Stillhunt.Server.Detection;

/// <summary>
/// A thread that gives way to all others, takes its turn again and again, and rests in between. Nothing that a turn throws is caught here: a turn that may fail says itself
/// what becomes of that.
/// </summary>
internal sealed class RestingThread : IDisposable
{
    private readonly Action<CancellationToken> _turn;
    private readonly Func<TimeSpan> _rest;
    private readonly CancellationTokenSource _stop = new();
    private readonly ManualResetEventSlim _asked = new();
    private readonly Thread _thread;

    /// <param name="turn">Is told when it should end early.</param>
    /// <param name="rest">Asked after each turn.</param>
    public RestingThread(string name, Action<CancellationToken> turn, Func<TimeSpan> rest)
    {
        (_turn, _rest) = (turn, rest);
        _thread = new Thread(Work) { Name = name, IsBackground = true };
    }

    public void Start() => _thread.Start();

    /// <summary>Ends the rest, or the next one if a turn runs.</summary>
    public void Ask() => _asked.Set();

    /// <summary>Returns when the turn that runs has ended; there is no other.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        if (_thread.IsAlive) _thread.Join();
        _stop.Dispose();
        _asked.Dispose();
    }

    private void Work()
    {
        _ = LowPriority.ForThisThread(LowPriority.Detection);
        while (!_stop.IsCancellationRequested)
        {
            _turn(_stop.Token);
            try
            {
                // What is asked for between the two counts as asked before the turn that comes now.
                if (_asked.Wait(_rest(), _stop.Token)) _asked.Reset();
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
