using System.Collections.Concurrent;

namespace Stillhunt.Server.Gateway;

/// <summary>
/// Accounts that were lately served a replacement of reasoning. Their clients send it back with later turns, also after the verdict is over, and a provider refuses it; so it is
/// taken out for them. No other account's requests are looked at.
/// </summary>
internal sealed class ServedReplacements(TimeProvider time)
{
    private const int MostKept = 100_000;

    /// <summary>Conversations are seldom taken up again after this.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(2);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _until = new(StringComparer.Ordinal);

    public void Note(string account)
    {
        if (_until.Count >= MostKept) foreach (var (old, until) in _until) if (until < time.GetUtcNow()) _until.TryRemove(old, out _);
        if (_until.Count < MostKept || _until.ContainsKey(account)) _until[account] = time.GetUtcNow() + Remembered;
    }

    public bool Were(string? account) => account is not null && _until.TryGetValue(account, out var until) && time.GetUtcNow() < until;
}
