namespace Stillhunt.Ingest;

/// <summary>Where an exchange came from: which file (index into the scan's list of files) and which line, from 1.</summary>
public readonly record struct LogPosition(int File, long Line);

/// <summary>Takes what a log yields. The named seam between input (file, HTTP) and the detector.</summary>
public interface IExchangeSink
{
    /// <summary>One well-formed exchange; the buffer is the reader's and is overwritten after the call.</summary>
    void Accept(Exchange exchange, LogPosition position);

    /// <summary>One record that could not be read, with the reason; the scan goes on.</summary>
    void Reject(Rejection rejection, LogPosition position);

    /// <summary>An optional field of the wrong type was dropped and the exchange kept.</summary>
    void DroppedField(string field, LogPosition position);
}
