using Stillhunt.Ingest.Blocks;

namespace Stillhunt.Ingest;

/// <summary>
/// Passes on what belongs to this shard and this span of time. What a record dropped is held back until it is known whether the record
/// belongs here: N shards together report everything once.
/// </summary>
internal sealed class ShardSink(IExchangeSink next, LogScanOptions options) : IExchangeSink
{
    private readonly List<string> _dropped = [];
    private ulong _recordHash, _content;

    private long _exchanges, _rejected, _outside;

    /// <summary>What came since <see cref="Restart"/>; records are not counted here.</summary>
    public ScanCounts Counts => new(0, _exchanges, _rejected, _outside, _content);

    public void Restart()
    {
        _exchanges = _rejected = _outside = 0;
        _content = 0;
    }

    /// <summary>Starts a record.</summary>
    public void Begin(ReadOnlySpan<byte> record)
    {
        _dropped.Clear();
        if (options.Shard.Count > 1) _content += _recordHash = Shard.Hash(record);
    }

    public void Accept(Exchange exchange, LogPosition position)
    {
        var here = options.Shard.Count <= 1 || (exchange.Has(ExchangeField.Id) ? options.Shard.Holds(exchange[ExchangeField.Id]) : RecordIsHere());
        if (!here)
        {
            _dropped.Clear();
            return;
        }

        if (!options.Wants(exchange.TimeMs))
        {
            _outside++;
            _dropped.Clear();
            return;
        }

        ForwardDropped(position);
        _exchanges++;
        next.Accept(exchange, position);
    }

    public void Reject(Rejection rejection, LogPosition position)
    {
        _dropped.Clear();
        if (!RecordIsHere()) return;
        _rejected++;
        next.Reject(rejection, position);
    }

    public void DroppedField(string field, LogPosition position) => _dropped.Add(field);

    private bool RecordIsHere() => options.Shard.Holds(_recordHash);

    private void ForwardDropped(LogPosition position)
    {
        foreach (var field in _dropped) next.DroppedField(field, position);
        _dropped.Clear();
    }
}
