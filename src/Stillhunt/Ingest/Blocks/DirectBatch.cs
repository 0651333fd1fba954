namespace Stillhunt.Ingest.Blocks;

/// <summary>Passes everything on at once: for a sink that one thread fills.</summary>
internal sealed class DirectBatch(IExchangeSink sink) : IExchangeBatch, IBatchedSink
{
    public IExchangeBatch NewBatch() => this;

    public void Accept(Exchange exchange, LogPosition position) => sink.Accept(exchange, position);

    public void Reject(Rejection rejection, LogPosition position) => sink.Reject(rejection, position);

    public void DroppedField(string field, LogPosition position) => sink.DroppedField(field, position);

    public void Settle()
    {
    }

    public void Forget() => throw new InvalidOperationException("What was passed on cannot be taken back.");
}
