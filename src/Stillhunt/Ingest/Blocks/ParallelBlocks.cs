using System.Globalization;
using System.Runtime.ExceptionServices;

namespace Stillhunt.Ingest.Blocks;

/// <summary>
/// Reads blocks on several threads. A block that was read waits until all before it are settled, and the thread that finds the next one ready settles it,
/// so that no thread waits for its turn. Memory is bounded by the number of blocks.
/// </summary>
internal sealed class ParallelBlocks : BlockQueue
{
    /// <summary>Blocks for each thread: one at work, one waiting for it, one waiting to be settled.</summary>
    private const int BlocksPerThread = 3;

    private readonly object _gate = new();
    private readonly Queue<BlockReader> _free = [];
    private readonly Queue<BlockReader> _filled = [];
    private readonly BlockReader?[] _read;
    private readonly BlockReader[] _all;
    private readonly Thread[] _threads;
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenRegistration _wake;
    private ScanCounts _counts;
    private ExceptionDispatchInfo? _failure;
    private long _put;
    private long _settled;
    private bool _settling;
    private bool _ended;

    public ParallelBlocks(LogScanOptions options, IBatchedSink sink, int threads, CancellationToken cancellation)
    {
        _all = [.. Enumerable.Range(0, threads * BlocksPerThread).Select(_ => new BlockReader(options, sink.NewBatch()))];
        _read = new BlockReader[_all.Length];
        foreach (var block in _all) _free.Enqueue(block);
        _cancellation = cancellation;
        _wake = cancellation.Register(Wake);
        _threads = [.. Enumerable.Range(0, threads).Select(i => new Thread(Work) { IsBackground = true, Name = string.Create(CultureInfo.InvariantCulture, $"reading {i}") })];
        foreach (var thread in _threads) thread.Start();
    }

    public override ScanCounts Counts
    {
        get
        {
            lock (_gate) return _counts;
        }
    }

    public override BlockReader Rent()
    {
        lock (_gate)
        {
            Await(() => _free.Count > 0);
            return _free.Dequeue();
        }
    }

    public override void Return(BlockReader block)
    {
        lock (_gate) _free.Enqueue(block);
    }

    public override void Put(BlockReader block, FileReading file)
    {
        lock (_gate)
        {
            block.Assign(file, _put++);
            _filled.Enqueue(block);
            Monitor.PulseAll(_gate);
        }
    }

    public override void Drain()
    {
        lock (_gate) Await(() => _settled == _put);
    }

    /// <summary>Ends the threads, which drop what is not read yet.</summary>
    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            _ended = true;
            _filled.Clear();
            Monitor.PulseAll(_gate);
        }

        foreach (var thread in _threads) thread.Join();
        _wake.Dispose();
        foreach (var block in _all) block.Dispose();
    }

    private void Wake()
    {
        lock (_gate) Monitor.PulseAll(_gate);
    }

    /// <summary>Waits, inside the gate, for what is asked, a failure or the end of the scan.</summary>
    private void Await(Func<bool> ready)
    {
        while (true)
        {
            _failure?.Throw();
            _cancellation.ThrowIfCancellationRequested();
            if (ready()) return;
            Monitor.Wait(_gate);
        }
    }

    private void Work()
    {
        try
        {
            while (Next() is { } block)
            {
                block.Read();
                Deliver(block);
            }
        }
#pragma warning disable CA1031 // Whatever it is, it belongs to the caller's thread, which throws it again.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            lock (_gate)
            {
                _failure ??= ExceptionDispatchInfo.Capture(failure);
                Monitor.PulseAll(_gate);
            }
        }
    }

    private BlockReader? Next()
    {
        lock (_gate)
        {
            while (_filled.Count == 0 && !_ended && _failure is null) Monitor.Wait(_gate);
            return _ended || _failure is not null ? null : _filled.Dequeue();
        }
    }

    private void Deliver(BlockReader block)
    {
        lock (_gate)
        {
            _read[block.Sequence % _read.Length] = block;
            if (_settling) return; // Whoever settles will find it.
            _settling = true;
        }

        while (Ready() is { } next)
        {
            var counts = next.Settle();
            lock (_gate)
            {
                _counts += counts;
                _settled++;
                _free.Enqueue(next);
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>The block that is next in order, or null, which ends this thread's settling.</summary>
    private BlockReader? Ready()
    {
        lock (_gate)
        {
            ref var place = ref _read[_settled % _read.Length];
            var ready = place;
            place = null;
            _settling = ready is not null && !_ended;
            return _settling ? ready : null;
        }
    }
}
