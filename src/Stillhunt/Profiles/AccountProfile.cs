namespace Stillhunt.Profiles;

/// <summary>An account: the id as it stands in the log, and the source that it stands in.</summary>
public readonly record struct AccountId(string Source, string Id);

/// <summary>All days of one account.</summary>
public sealed class AccountProfile(AccountId id)
{
    // The day that was asked for last, since logs mostly go on with it; and the only one as long as there is no list: most of a million accounts have one.
    private AccountDay? _last;
    private int _lastDay;
    private SortedList<int, AccountDay>? _list;

    public AccountId Id { get; } = id;

    /// <summary>By UTC day, counted from 1970-01-01.</summary>
    public AccountDays Days => new(this);

    internal int Count => _list?.Count ?? (_last is null ? 0 : 1);

    public AccountDay DayOf(long timeMs)
    {
        var day = (int)(timeMs / 86_400_000);
        if (_last is { } last && _lastDay == day) return last;
        if (!TryGet(day, out var record)) Add(day, record = new AccountDay());
        (_lastDay, _last) = (day, record);
        return record;
    }

    internal bool TryGet(int day, out AccountDay record)
    {
        if (_list is not null) return _list.TryGetValue(day, out record!);
        record = _last!;
        return record is not null && _lastDay == day;
    }

    /// <exception cref="ArgumentException">The day is there.</exception>
    internal void Add(int day, AccountDay record)
    {
        if (_list is null && _last is null)
        {
            (_lastDay, _last) = (day, record);
            return;
        }

        _list ??= new SortedList<int, AccountDay>(2) { { _lastDay, _last! } };
        _list.Add(day, record);
    }

    internal bool Remove(int day)
    {
        var known = TryGet(day, out _);
        _list?.Remove(day);
        if (_lastDay == day) _last = null;
        return known;
    }

    internal KeyValuePair<int, AccountDay> At(int place) => _list is null ? new(_lastDay, _last!) : new(_list.GetKeyAtIndex(place), _list.GetValueAtIndex(place));
}
