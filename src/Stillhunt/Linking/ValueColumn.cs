using System.Runtime.InteropServices;

namespace Stillhunt.Linking;

/// <summary>One kind: the values of all accounts side by side, and who holds each.</summary>
internal sealed class ValueColumn
{
    /// <summary>For each account its first value, and one past the last; empty where nobody has any.</summary>
    private readonly int[] _first = [];
    private readonly ulong[] _values;
    private readonly Dictionary<ulong, (int LastOwner, int Owners)> _holders = [];

    /// <param name="parts">Values of account after account.</param>
    /// <param name="counts">How many are each account's.</param>
    /// <param name="owners">Of the accounts; those of one owner stand together.</param>
    public ValueColumn(List<List<ulong>> parts, byte[] counts, int[] owners)
    {
        _values = new ulong[parts.Sum(part => part.Count)];
        if (_values.Length == 0) return;
        var filled = 0;
        foreach (var part in parts)
        {
            part.CopyTo(_values, filled);
            filled += part.Count;
        }

        _first = new int[counts.Length + 1];
        for (var s = 0; s < counts.Length; s++) _first[s + 1] = _first[s] + counts[s];
        for (int s = 0, knownOwner = -1; s < counts.Length; s++)
        {
            if (counts[s] > 0 && knownOwner != owners[s])
            {
                knownOwner = owners[s];
                Known++;
            }

            foreach (var value in Of(s))
            {
                ref var holders = ref CollectionsMarshal.GetValueRefOrAddDefault(_holders, value, out _);
                if (holders.Owners != 0 && holders.LastOwner == owners[s]) continue;
                holders = (owners[s], holders.Owners + 1);
                if (holders.Owners == 2) Shared++;
            }
        }
    }

    /// <summary>Owners of which it is known.</summary>
    public int Known { get; }

    /// <summary>Different values.</summary>
    public int Distinct => _holders.Count;

    /// <summary>Different values that more than one owner holds.</summary>
    public int Shared { get; }

    /// <summary>Of an account; empty where it is unknown.</summary>
    public ReadOnlySpan<ulong> Of(int subject) => _first.Length == 0 ? [] : _values.AsSpan(_first[subject].._first[subject + 1]);

    /// <summary>Owners that hold a value.</summary>
    public int Holders(ulong value) => _holders.GetValueOrDefault(value).Owners;
}
