using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Duels;

/// <summary>Tells of accounts as they are opened and closed, never before.</summary>
internal sealed class RegistrationDesk(IReadOnlyList<Account> accounts)
{
    private readonly PriorityQueue<Account, long> _coming = new();
    private int _read;

    /// <summary>What became known by a moment as an accounts file; null where nothing did.</summary>
    public string? News(long nowMs)
    {
        for (; _read < accounts.Count; _read++) _coming.Enqueue(accounts[_read], accounts[_read].CreatedMs);
        var news = new List<Account>();
        while (_coming.TryPeek(out var account, out var due) && due <= nowMs)
        {
            _coming.Dequeue();
            news.Add(account);
            if (account.ClosedMs is { } closed && closed > nowMs) _coming.Enqueue(account, closed + 1);
        }

        if (news.Count == 0) return null;
        using var text = new StringWriter();
        RangeRun.WriteAccounts(text, news.Distinct().OrderBy(account => account.Id, StringComparer.Ordinal), account => account.Id, nowMs);
        return text.ToString();
    }
}
