namespace Stillhunt.Ingest.Formats;

/// <summary>Holds the dropped fields of a record back until its reader is known to be the right one.</summary>
internal sealed class HeldFields : IExchangeSink
{
    private readonly List<string> _fields = [];
    private IExchangeSink? _next;

    public void Begin(IExchangeSink next)
    {
        _fields.Clear();
        _next = next;
    }

    public void Forget() => _fields.Clear();

    public void Accept(Exchange exchange, LogPosition position)
    {
        foreach (var field in _fields) _next!.DroppedField(field, position);
        _fields.Clear();
        _next!.Accept(exchange, position);
    }

    public void Reject(Rejection rejection, LogPosition position)
    {
        _fields.Clear();
        _next!.Reject(rejection, position);
    }

    public void DroppedField(string field, LogPosition position) => _fields.Add(field);
}
