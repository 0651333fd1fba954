namespace Stillhunt.Ingest.Cutting;

/// <summary>Finds the ends of records in a growing buffer.</summary>
internal abstract class RecordScanner
{
    public const string TooLong = "record-too-long";

    /// <summary>What remains of a record with a fault: enough to tell two apart by hash.</summary>
    protected const int KeptOfFaulty = 4096;

    /// <summary>
    /// Looks at the bytes from <paramref name="scanned"/> to <see cref="RecordBlock.Filled"/>, adds the records that end there, and returns
    /// where the first unfinished one starts. <paramref name="final"/> says that no more bytes follow.
    /// </summary>
    public abstract int Scan(RecordBlock block, int scanned, bool final);

    /// <summary>The record at hand is beyond the limit: its bytes so far are dropped, and it will be reported when it ends.</summary>
    public abstract void Discard(RecordBlock block);

    /// <summary>Where a record started that was not at its end when the log was; null where there is none, or where a record is a line and costs no other.</summary>
    public virtual long? OpenLine => null;

    /// <summary>The unfinished record moved to the start of the buffer.</summary>
    public abstract void Moved(int by);
}
