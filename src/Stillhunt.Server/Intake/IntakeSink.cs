using System.Text;
using Stillhunt.Ingest;
using Stillhunt.Profiles;
using Stillhunt.Server.Detection;
using Stillhunt.Server.Sharing;
using Stillhunt.Server.Store;
using Stillhunt.Sketches;

namespace Stillhunt.Server.Intake;

/// <summary>
/// Stands between the readers and the observer: passes each exchange on once, whatever batch or body repeats its id, and keeps the count
/// of each body.
/// </summary>
internal sealed class IntakeSink(Observer observer, IKnownIds known, KeyedHash hash, IntakeSpan span, IntelBatch? intel = null, SuccessionWatch? succession = null, PromptKeeping? prompts = null) : IExchangeSink
{
    /// <summary>Examples of rejected records in a reply, and fields that are named.</summary>
    private const int MostExamples = 20;

    private readonly HashSet<ulong> _ids = [];
    private readonly List<RejectedRecord> _examples = [];
    private readonly List<DroppedField> _dropped = [];
    private ulong _source;
    private string _sourceName = "";
    private long _accepted, _duplicates, _rejected, _droppedCount;
    private int _body;

    /// <summary>Ids that are new with this batch.</summary>
    public IReadOnlyCollection<ulong> Ids => _ids;

    /// <summary>
    /// Numbers records without an id, so that none is taken for another. Starts at the time, so that numbers do not return after a restart.
    /// </summary>
    public long NextPlace { get; set; }

    /// <summary>Time of the newest exchange passed on, 0 before the first.</summary>
    public long NewestMs { get; private set; }

    public void Begin(int body, string source)
    {
        _body = body;
        _sourceName = source;
        _source = hash.Of(Encoding.UTF8.GetBytes(source));
        (_accepted, _duplicates, _rejected, _droppedCount) = (0, 0, 0, 0);
        _examples.Clear();
        _dropped.Clear();
    }

    public IntakeReply End() => new()
    {
        AcceptedCount = _accepted, DuplicateCount = _duplicates, RejectedCount = _rejected, Rejected = [.. _examples], DroppedFieldCount = _droppedCount, DroppedFields = [.. _dropped],
    };

    public void Accept(Exchange exchange, LogPosition position)
    {
        if (exchange.TimeMs < span.FromMs || exchange.TimeMs >= span.ToMs)
        {
            Reject(new Rejection(exchange.TimeMs < span.FromMs ? "older-than-kept" : "time-in-future", "time"), position);
            return;
        }

        // As Fingerprinter.Identify makes it.
        if (exchange.Has(ExchangeField.Id))
        {
            var id = hash.Of(hash.Of(exchange[ExchangeField.Id]), _source);
            if (known.Contains(id) || !_ids.Add(id))
            {
                _duplicates++;
                observer.Snapshot.DuplicateCount++;
                return;
            }
        }

        _accepted++;
        NewestMs = Math.Max(NewestMs, exchange.TimeMs);
        observer.Accept(exchange, new LogPosition(_body, NextPlace++));
        intel?.Look(exchange, _sourceName);
        succession?.Look(exchange, _sourceName);
        prompts?.Look(exchange, _sourceName);
    }

    public void Reject(Rejection rejection, LogPosition position)
    {
        _rejected++;
        if (_examples.Count < MostExamples) _examples.Add(new RejectedRecord(position.Line, rejection.Reason, rejection.Field));
        observer.Reject(rejection, position);
    }

    public void DroppedField(string field, LogPosition position)
    {
        _droppedCount++;
        var known = _dropped.FindIndex(dropped => dropped.Field == field);
        if (known >= 0) _dropped[known] = _dropped[known] with { Count = _dropped[known].Count + 1 };
        else if (_dropped.Count < MostExamples) _dropped.Add(new DroppedField(position.Line, field, 1));
        observer.DroppedField(field, position);
    }
}

/// <summary>Times that are taken in: what is older was aged out already, and a clock that runs ahead would hold a day for years.</summary>
internal readonly record struct IntakeSpan(long FromMs, long ToMs);
