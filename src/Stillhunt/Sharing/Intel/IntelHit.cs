namespace Stillhunt.Sharing.Intel;

/// <summary>What one account sent that one indicator matched. Sums, a least and a greatest: merging is commutative and associative.</summary>
/// <param name="Count">Exchanges; 0 where what is known of the account matched, and not what it sent.</param>
public readonly record struct IntelHit(long Count, long FirstMs, long LastMs)
{
    public IntelHit Merge(IntelHit other) => new(Count + other.Count, Math.Min(FirstMs, other.FirstMs), Math.Max(LastMs, other.LastMs));
}
