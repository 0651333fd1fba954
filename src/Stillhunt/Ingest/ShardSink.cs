namespace Stillhunt.Ingest;

/// <summary>
/// Passes on what belongs to this shard and this span of time. What a record dropped is held back until it is known whether the record
/// belongs here: N shards together report everything once.
/// </summary>
internal sealed class ShardSink(IExchangeSink next, LogScanOptions options) : IExchangeSink
{
    private readonly List<string> _dropped = [];
    private ulong _recordHash;

    public long ExchangeCount { get; private set; }
    public long RejectedCount { get; private set; }
    public long OutsideCount { get; private set; }

    /// <summary>Starts a record.</summary>
    public void Begin(ReadOnlySpan<byte> record)
    {
        _dropped.Clear();
        if (options.Shard.Count > 1) _recordHash = Shard.Hash(record);
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
            OutsideCount++;
            _dropped.Clear();
            return;
        }

        ForwardDropped(position);
        ExchangeCount++;
        next.Accept(exchange, position);
    }

    public void Reject(Rejection rejection, LogPosition position)
    {
        _dropped.Clear();
        if (!RecordIsHere()) return;
        RejectedCount++;
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
