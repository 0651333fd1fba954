namespace Stillhunt.Cli.Output;

/// <summary>What a scan reports to; safe to call from any thread. Call <see cref="Read"/> about once a batch, not once a record.</summary>
internal interface IScanMeter
{
    /// <summary>Bytes and records read so far, altogether; bytes as they lie on the disk.</summary>
    void Read(long bytes, long records);

    /// <summary>Reading is over and something else began, for example "Linking accounts".</summary>
    void Stage(string name);
}
