namespace Stillhunt.Profiles;

/// <summary>
/// The state with smaller samples: the same records of accounts and days, each with the exchanges of the smallest ids' hashes and as few of them as fit a budget. It is what
/// the whole state would be with a smaller <see cref="AccountDay.SampleSize"/>, so that the same detection runs on it; counts stay exact.
/// </summary>
/// <param name="budget">Sampled exchanges in all.</param>
internal sealed class ThinnedSnapshot(int budget)
{
    /// <summary>Share of its exchanges that must ask for one technique for a day to be kept with the larger sample.</summary>
    private const double Asking = 0.5;

    /// <summary>How much larger that is: what may be extraction is seen closely, everybody else in outline.</summary>
    private const int Closer = 4;

    /// <summary>Days kept at least: a campaign of today is often one of yesterday.</summary>
    private const int LeastDays = 2;

    private int _kept = AccountDay.SampleSize;

    public Snapshot Snapshot { get; } = new();

    /// <summary>Exchanges kept of each account and day; those that ask for a technique keep four times as many.</summary>
    public int Kept => _kept;

    /// <summary>Whether anything was left out.</summary>
    public bool IsThinned { get; private set; }

    /// <summary>Absorbs a batch, which is not changed. Call <see cref="Fit"/> before looking.</summary>
    public void Absorb(Snapshot batch) => Snapshot.Absorb(batch);

    /// <summary>
    /// Thins samples until they fit; where one for each account and day is too much already, the oldest days go. What went out once does not come back, since it would be a
    /// sample of newer exchanges only.
    /// </summary>
    public void Fit()
    {
        var sampled = Snapshot.SampledCount();
        while (sampled > budget && _kept > 1)
        {
            _kept /= 2;
            sampled = Thin();
        }

        if (IsThinned) sampled = Thin();
        while (sampled > budget && Days() is var days && days.Count > LeastDays)
        {
            Snapshot.Forget(days.ElementAt(1));
            sampled = Snapshot.SampledCount();
        }
    }

    private long Thin()
    {
        IsThinned = true;
        foreach (var day in Snapshot.Accounts.Values.SelectMany(profile => profile.Days.Values)) day.Thin(IsAsking(day) ? Math.Min(AccountDay.SampleSize, Closer * _kept) : _kept);
        return Snapshot.SampledCount();
    }

    private static bool IsAsking(AccountDay day)
    {
        foreach (var count in day.Techniques)
            if (count >= Asking * day.ExchangeCount) return true;
        return false;
    }

    private SortedSet<int> Days() => [.. Snapshot.Accounts.Values.SelectMany(profile => profile.Days.Keys)];
}
