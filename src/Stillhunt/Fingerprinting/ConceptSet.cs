using System.Numerics;

namespace Stillhunt.Fingerprinting;

/// <summary>A set of up to 128 concepts. Union is commutative, associative and idempotent.</summary>
internal readonly record struct ConceptSet(ulong Low, ulong High)
{
    public const int Capacity = 128;

    public bool IsEmpty => (Low | High) == 0;

    public int Count => BitOperations.PopCount(Low) + BitOperations.PopCount(High);

    public static ConceptSet Of(int concept) =>
        concept < 64 ? new(1UL << concept, 0) : new(0, 1UL << (concept - 64));

    public bool Contains(int concept) =>
        ((concept < 64 ? Low >> concept : High >> (concept - 64)) & 1) != 0;

    public static ConceptSet operator |(ConceptSet a, ConceptSet b) => new(a.Low | b.Low, a.High | b.High);

    public static ConceptSet operator &(ConceptSet a, ConceptSet b) => new(a.Low & b.Low, a.High & b.High);

    public Enumerator GetEnumerator() => new(this);

    /// <summary>Yields the concepts in rising order without allocating.</summary>
    public struct Enumerator(ConceptSet set)
    {
        private ulong _low = set.Low;
        private ulong _high = set.High;

        public int Current { get; private set; }

        public bool MoveNext()
        {
            if (_low != 0)
            {
                Current = BitOperations.TrailingZeroCount(_low);
                _low &= _low - 1;
                return true;
            }

            if (_high == 0) return false;
            Current = 64 + BitOperations.TrailingZeroCount(_high);
            _high &= _high - 1;
            return true;
        }
    }
}
