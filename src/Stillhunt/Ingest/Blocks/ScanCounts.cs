namespace Stillhunt.Ingest.Blocks;

/// <summary>What reading yielded, in numbers; of a block, or of all blocks settled so far.</summary>
/// <param name="Records">Records cut, of all shards.</param>
/// <param name="Exchanges">Exchanges handed on.</param>
/// <param name="Rejected">Records refused, in this shard.</param>
/// <param name="Outside">Exchanges passed over because of their time.</param>
/// <param name="Content">Sum of the hashes of all records, of all shards; 0 where the scan is not cut into shards.</param>
internal readonly record struct ScanCounts(long Records, long Exchanges, long Rejected, long Outside, ulong Content)
{
    public static ScanCounts operator +(ScanCounts a, ScanCounts b) =>
        new(a.Records + b.Records, a.Exchanges + b.Exchanges, a.Rejected + b.Rejected, a.Outside + b.Outside, a.Content + b.Content);
}
