using System.Collections;
using System.Runtime.CompilerServices;

namespace Stillhunt.Profiles;

/// <summary>
/// A fixed number of counts, a byte each until one of them needs more: a day of an account is an object among hundreds of thousands, and has few exchanges mostly.
/// </summary>
internal struct DayTallies
{
    /// <summary>Hours, learned techniques and capabilities.</summary>
    public const int Length = 24 + 9 + 12;

    private Narrow _narrow;
    private int[]? _wide;

    [InlineArray(Length)]
    private struct Narrow
    {
        private byte _first;
    }

    public readonly int this[int row] => _wide is null ? _narrow[row] : _wide[row];

    public void Add(int row, int by)
    {
        if (_wide is null)
        {
            var sum = _narrow[row] + by;
            if (sum is >= 0 and <= byte.MaxValue)
            {
                _narrow[row] = (byte)sum;
                return;
            }

            _wide = new int[Length];
            for (var i = 0; i < Length; i++) _wide[i] = _narrow[i];
        }

        _wide[row] += by;
    }
}

/// <summary>Some neighbouring counts of a day.</summary>
public readonly struct TallyRow : IReadOnlyList<int>, IEquatable<TallyRow>
{
    private readonly AccountDay _day;
    private readonly int _start;

    internal TallyRow(AccountDay day, int start, int length) => (_day, _start, Length) = (day, start, length);

    public int Length { get; }

    int IReadOnlyCollection<int>.Count => Length;

    public int this[int index] => _day.TallyAt(_start + index);

    public IEnumerator<int> GetEnumerator()
    {
        for (var i = 0; i < Length; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Whether the counts are the same, whatever day they are of.</summary>
    public bool Equals(TallyRow other) => this.SequenceEqual(other);

    public override bool Equals(object? obj) => obj is TallyRow other && Equals(other);

    public override int GetHashCode() => Length;

    public static bool operator ==(TallyRow left, TallyRow right) => left.Equals(right);

    public static bool operator !=(TallyRow left, TallyRow right) => !left.Equals(right);
}
