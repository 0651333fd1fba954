using Stillhunt.Ingest;

namespace Stillhunt.Tests.Ingest;

/// <summary>Counts and keeps nothing.</summary>
internal sealed class CountingSink : IExchangeSink
{
    public long ExchangeCount { get; private set; }
    public long RejectedCount { get; private set; }
    public long DroppedCount { get; private set; }
    public long PartBytes { get; private set; }

    public void Accept(Exchange exchange, LogPosition position)
    {
        ExchangeCount++;
        for (var i = 0; i < exchange.PartCount; i++) PartBytes += exchange.TextOf(i).Length;
    }

    public void Reject(Rejection rejection, LogPosition position) => RejectedCount++;

    public void DroppedField(string field, LogPosition position) => DroppedCount++;
}
