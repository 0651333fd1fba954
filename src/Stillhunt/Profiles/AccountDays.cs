using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Stillhunt.Profiles;

/// <summary>The days of an account in their order: a view, so that an account of one day has no list.</summary>
public readonly struct AccountDays : IEnumerable<KeyValuePair<int, AccountDay>>, IEquatable<AccountDays>
{
    private readonly AccountProfile _profile;

    internal AccountDays(AccountProfile profile) => _profile = profile;

    public int Count => _profile.Count;

    public IEnumerable<int> Keys => this.Select(pair => pair.Key);

    public IEnumerable<AccountDay> Values => this.Select(pair => pair.Value);

    public AccountDay this[int key] => TryGetValue(key, out var record) ? record : throw new KeyNotFoundException("The account has no such day.");

    public bool TryGetValue(int key, [MaybeNullWhen(false)] out AccountDay value) => _profile.TryGet(key, out value);

    /// <exception cref="ArgumentException">The day is there.</exception>
    public void Add(int day, AccountDay record) => _profile.Add(day, record);

    public bool Remove(int day) => _profile.Remove(day);

    public IEnumerator<KeyValuePair<int, AccountDay>> GetEnumerator()
    {
        for (var place = 0; place < _profile.Count; place++) yield return _profile.At(place);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Equals(AccountDays other) => ReferenceEquals(_profile, other._profile);

    public override bool Equals(object? obj) => obj is AccountDays other && Equals(other);

    public override int GetHashCode() => _profile.GetHashCode();

    public static bool operator ==(AccountDays left, AccountDays right) => left.Equals(right);

    public static bool operator !=(AccountDays left, AccountDays right) => !left.Equals(right);
}
