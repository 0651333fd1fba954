using Stillhunt.Ledger;
using Stillhunt.Profiles;
using Stillhunt.Sketches;

namespace Stillhunt.Server.Detection;

/// <summary>What an account used.</summary>
/// <param name="TodayCount">Exchanges on the newest UTC day of the traffic.</param>
/// <param name="TotalCount">Exchanges over all days kept.</param>
internal readonly record struct AccountUse(long FirstMs, long LastMs, long TodayCount, long TotalCount)
{
    /// <summary>The newest UTC day of the traffic, since 1970.</summary>
    public int Day { get; init; }

    /// <summary>Output tokens that its exchanges of <see cref="Day"/> declared; null where none declared any.</summary>
    public long? DayOutputTokens { get; init; }

    /// <summary>Of every account in a state.</summary>
    /// <param name="newestMs">Time of the newest exchange.</param>
    public static Dictionary<AccountId, AccountUse> Of(Snapshot state, long newestMs)
    {
        var today = (int)(newestMs / 86_400_000);
        var use = new Dictionary<AccountId, AccountUse>(state.Accounts.Count);
        foreach (var profile in state.Accounts.Values)
        {
            use[profile.Id] = new AccountUse(
                profile.Days.Values.Min(day => day.FirstMs), profile.Days.Values.Max(day => day.LastMs),
                profile.Days.TryGetValue(today, out var day) ? day.ExchangeCount : 0, profile.Days.Values.Sum(record => record.ExchangeCount))
            {
                Day = today, DayOutputTokens = day is { OutputKnownCount: > 0 } ? day.OutputTokens : null,
            };
        }

        return use;
    }

    /// <summary>When the account's traffic began and ended, as far as the state holds it; null where it holds none.</summary>
    public static AccountSpan? SpanOf(Snapshot state, KeyedHash hash, AccountId account) =>
        state.Accounts.TryGetValue(AccountHash.Of(hash, account), out var profile) && profile.Days.Count > 0
            ? new AccountSpan(profile.Days.Values.Min(day => day.FirstMs), profile.Days.Values.Max(day => day.LastMs))
            : null;

    /// <summary>Time of the newest exchange in a state, 0 if it is empty.</summary>
    public static long NewestMs(Snapshot state) => state.Accounts.Values.SelectMany(profile => profile.Days.Values).Select(day => day.LastMs).DefaultIfEmpty(0).Max();

    /// <summary>This, of newer traffic but perhaps of fewer days, over what was known before.</summary>
    public AccountUse Over(AccountUse older) =>
        new(Math.Min(FirstMs, older.FirstMs), Math.Max(LastMs, older.LastMs), TodayCount, Math.Max(TotalCount, older.TotalCount)) { Day = Day, DayOutputTokens = DayOutputTokens };
}
