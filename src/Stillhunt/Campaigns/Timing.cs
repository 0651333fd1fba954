using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>What the clock says of a group: whether its accounts move in step, and whether one takes over where another ends.</summary>
internal sealed class Timing
{
    private const long Hour = 3_600_000;

    /// <summary>Accounts with so many exchanges have a course over the hours that can be compared.</summary>
    private const int LeastExchanges = 10, LeastAccounts = 5;

    /// <summary>A successor starts within this time of its predecessor's last request.</summary>
    private const long HandOver = 12 * Hour;

    /// <summary>An account that was active in the first or last day of the log may have begun earlier or go on: it is no start and no end.</summary>
    private const long Edge = 24 * Hour;

    private readonly Traffic _traffic;

    private readonly long _from = long.MaxValue, _to = long.MinValue;

    /// <summary>Accounts that are busy enough, by sampled exchanges, then key; and for each account its place among them, -1 for none.</summary>
    private readonly int[] _busy, _place;

    public Timing(Traffic traffic)
    {
        _traffic = traffic;
        foreach (var subject in traffic.Subjects)
        {
            _from = Math.Min(_from, subject.FirstMs);
            _to = Math.Max(_to, subject.LastMs);
        }

        _busy = [.. Enumerable.Range(0, traffic.Subjects.Count).Where(s => traffic.Subjects[s].SampleCount >= LeastExchanges)
            .OrderBy(s => traffic.Subjects[s].SampleCount).ThenBy(s => traffic.Subjects[s].Key)];
        _place = new int[traffic.Subjects.Count];
        Array.Fill(_place, -1);
        for (var place = 0; place < _busy.Length; place++) _place[_busy[place]] = place;
    }

    /// <summary>
    /// How much more the group's hourly total varies than its accounts' courses would if they were independent, against the same of as many other
    /// accounts of like volume: 1 is what the time of day does to everybody. NaN where too few accounts are busy enough.
    /// </summary>
    public double Lockstep(IReadOnlyCollection<int> members)
    {
        var busy = members.Where(s => _place[s] >= 0).Order().ToList();
        var others = _busy.Length - busy.Count;
        if (busy.Count < LeastAccounts || others < busy.Count) return double.NaN;
        var places = busy.Select(s => _place[s]).Order().ToList();
        var peers = busy.Select(s => _busy[Outside(places, (int)(_traffic.Subjects[s].Key % (ulong)others))]).Distinct().ToList();
        return Synchrony(busy) / Synchrony(peers);
    }

    /// <summary>The place of the n-th busy account that is not at one of the given places.</summary>
    /// <param name="places">Ascending.</param>
    private static int Outside(List<int> places, int n)
    {
        int low = 0, high = places.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (places[middle] - middle <= n) low = middle + 1;
            else high = middle;
        }

        return n + low;
    }

    /// <summary>
    /// Members that ended inside the log, how many of them were followed by a member's start within twelve hours, and how many would have been
    /// if the starts had nothing to do with the ends.
    /// </summary>
    public (int Ends, int Followed, double Expected) Succession(IReadOnlyCollection<int> members)
    {
        var ends = members.Select(m => _traffic.Subjects[m].LastMs).Where(end => end < _to - Edge).Order().ToList();
        var starts = members.Select(m => _traffic.Subjects[m].FirstMs).Where(start => start > _from + Edge).Order().ToList();
        var followed = 0;
        var next = 0;
        foreach (var end in ends)
        {
            while (next < starts.Count && starts[next] <= end) next++;
            if (next == starts.Count) break;
            if (starts[next] > end + HandOver) continue;
            followed++;
            next++;
        }

        var open = Math.Max(HandOver, _to - _from - Edge);
        return (ends.Count, followed, ends.Count * (1 - Math.Exp(-(double)starts.Count * HandOver / open)));
    }

    private double Synchrony(List<int> accounts)
    {
        var all = new List<long>();
        var own = new List<long>();
        long first = long.MaxValue, last = long.MinValue;
        foreach (var account in accounts)
        {
            for (var i = _traffic.Subjects[account].First; i < _traffic.Subjects[account].End; i++) all.Add(_traffic.Exchanges[i].TimeMs / Hour);
        }

        foreach (var hour in all)
        {
            first = Math.Min(first, hour);
            last = Math.Max(last, hour);
        }

        var hours = Math.Max(2, last - first + 1);
        double alone = 0;
        var at = 0;
        foreach (var account in accounts)
        {
            own.Clear();
            own.AddRange(all.GetRange(at, _traffic.Subjects[account].SampleCount));
            at += own.Count;
            alone += Variance(own, hours);
        }

        return alone == 0 ? double.NaN : Variance(all, hours) / alone;
    }

    /// <summary>Of the number of exchanges an hour.</summary>
    /// <param name="exchanges">The hour of each; sorted on return.</param>
    private static double Variance(List<long> exchanges, long hours)
    {
        exchanges.Sort();
        double sum = 0, squares = 0;
        for (var k = 0; k < exchanges.Count;)
        {
            var first = k;
            while (k < exchanges.Count && exchanges[k] == exchanges[first]) k++;
            double count = k - first;
            sum += count;
            squares += count * count;
        }

        return (squares / hours) - (sum / hours * (sum / hours));
    }
}
