using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>What the clock says of a group: whether its accounts move in step, and whether one takes over where another ends.</summary>
internal static class Timing
{
    private const long Hour = 3_600_000;

    /// <summary>Accounts with so many exchanges have a course over the hours that can be compared.</summary>
    private const int LeastExchanges = 10, LeastAccounts = 5;

    /// <summary>A successor starts within this time of its predecessor's last request.</summary>
    private const long HandOver = 12 * Hour;

    /// <summary>An account that was active in the first or last day of the log may have begun earlier or go on: it is no start and no end.</summary>
    private const long Edge = 24 * Hour;

    /// <summary>
    /// How much more the group's hourly total varies than its accounts' courses would if they were independent, against the same of as many other
    /// accounts of like volume: 1 is what the time of day does to everybody. NaN where too few accounts are busy enough.
    /// </summary>
    public static double Lockstep(Traffic traffic, IReadOnlySet<int> members)
    {
        var busy = members.Where(s => traffic.Subjects[s].SampleCount >= LeastExchanges).Order().ToList();
        if (busy.Count < LeastAccounts) return double.NaN;
        var others = new List<int>();
        for (var s = 0; s < traffic.Subjects.Count; s++)
            if (!members.Contains(s) && traffic.Subjects[s].SampleCount >= LeastExchanges) others.Add(s);
        others.Sort((a, b) =>
        {
            var bySize = traffic.Subjects[a].SampleCount.CompareTo(traffic.Subjects[b].SampleCount);
            return bySize != 0 ? bySize : traffic.Subjects[a].Key.CompareTo(traffic.Subjects[b].Key);
        });
        if (others.Count < busy.Count) return double.NaN;
        var peers = busy.Select(s => others[(int)(traffic.Subjects[s].Key % (ulong)others.Count)]).Distinct().ToList();
        return Synchrony(traffic, busy) / Synchrony(traffic, peers);
    }

    /// <summary>
    /// Members that ended inside the log, how many of them were followed by a member's start within twelve hours, and how many would have been
    /// if the starts had nothing to do with the ends.
    /// </summary>
    public static (int Ends, int Followed, double Expected) Succession(Traffic traffic, IReadOnlySet<int> members)
    {
        long from = long.MaxValue, to = long.MinValue;
        foreach (var subject in traffic.Subjects)
        {
            from = Math.Min(from, First(subject));
            to = Math.Max(to, Last(subject));
        }

        var ends = members.Select(m => Last(traffic.Subjects[m])).Where(end => end < to - Edge).Order().ToList();
        var starts = members.Select(m => First(traffic.Subjects[m])).Where(start => start > from + Edge).Order().ToList();
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

        var open = Math.Max(HandOver, to - from - Edge);
        return (ends.Count, followed, ends.Count * (1 - Math.Exp(-(double)starts.Count * HandOver / open)));
    }

    private static double Synchrony(Traffic traffic, List<int> accounts)
    {
        var total = new SortedDictionary<long, double>();
        long first = long.MaxValue, last = long.MinValue;
        var courses = new List<Dictionary<long, double>>();
        foreach (var account in accounts)
        {
            var course = new Dictionary<long, double>();
            for (var i = traffic.Subjects[account].First; i < traffic.Subjects[account].End; i++)
            {
                var hour = traffic.Exchanges[i].TimeMs / Hour;
                first = Math.Min(first, hour);
                last = Math.Max(last, hour);
                course[hour] = course.GetValueOrDefault(hour) + 1;
                total[hour] = total.GetValueOrDefault(hour) + 1;
            }

            courses.Add(course);
        }

        var hours = Math.Max(2, last - first + 1);
        var alone = courses.Sum(course => Variance(course.Values, hours));
        return alone == 0 ? double.NaN : Variance(total.Values, hours) / alone;
    }

    private static double Variance(IEnumerable<double> counts, long hours)
    {
        double sum = 0, squares = 0;
        foreach (var count in counts)
        {
            sum += count;
            squares += count * count;
        }

        return (squares / hours) - (sum / hours * (sum / hours));
    }

    private static long First(Subject subject) => subject.Profile.Days.Values.Min(day => day.FirstMs);

    private static long Last(Subject subject) => subject.Profile.Days.Values.Max(day => day.LastMs);
}
