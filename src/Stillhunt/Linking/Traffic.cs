using System.Collections;
using Stillhunt.Fingerprinting;
using Stillhunt.Ingest;
using Stillhunt.Profiles;

namespace Stillhunt.Linking;

/// <summary>One account as detection sees it.</summary>
public sealed class Subject
{
    public required ulong Key { get; init; }
    public required AccountProfile Profile { get; init; }

    /// <summary>What the provider knows of the account; null where no accounts file named it.</summary>
    public required AccountRecord? Record { get; init; }

    /// <summary>Accounts of one declared organisation have one owner; an account without organisation owns itself.</summary>
    public int Owner { get; internal set; }

    public string? Organization { get; internal set; }

    /// <summary>Position in <see cref="Traffic.Exchanges"/> of its first sampled exchange, and one past its last.</summary>
    public int First { get; internal set; }

    public int End { get; internal set; }

    public long ExchangeCount { get; internal set; }
    public long AnsweredCount { get; internal set; }

    public int SampleCount => End - First;
}

/// <summary>The snapshot laid out for detection: accounts in the order of owner and key, their sampled exchanges side by side.</summary>
public sealed class Traffic
{
    /// <summary>Of each sampled exchange, side by side: reading them from the exchanges would be a walk through all memory.</summary>
    private readonly uint[] _threads;

    private readonly int[] _owners;

    private readonly BitArray _halves;

    private Traffic(IReadOnlyList<Subject> subjects, ExchangeFingerprint[] exchanges, int[] subjectOf, double[] weights, int ownerCount)
    {
        Subjects = subjects;
        Exchanges = exchanges;
        SubjectOf = subjectOf;
        Weights = weights;
        OwnerCount = ownerCount;
        _owners = Array.ConvertAll(subjectOf, subject => subjects[subject].Owner);
        _threads = Array.ConvertAll(exchanges, exchange => exchange.Thread);
        _halves = new BitArray(Array.ConvertAll(exchanges, exchange => exchange.Half == 1));
    }

    public IReadOnlyList<Subject> Subjects { get; }
    public ExchangeFingerprint[] Exchanges { get; }

    /// <summary>For each sampled exchange the position of its account; never falls, nor does the owner.</summary>
    public int[] SubjectOf { get; }

    /// <summary>How many exchanges of its account and day each sampled one stands for; at least 1.</summary>
    public double[] Weights { get; }

    public int OwnerCount { get; }

    public int OwnerOf(int exchange) => _owners[exchange];

    /// <inheritdoc cref="ExchangeFingerprint.Thread"/>
    public uint ThreadOf(int exchange) => _threads[exchange];

    /// <inheritdoc cref="ExchangeFingerprint.Half"/>
    public int HalfOf(int exchange) => _halves[exchange] ? 1 : 0;

    /// <param name="record">What the accounts file says of an account, or null.</param>
    public static Traffic Lay(Snapshot snapshot, Func<AccountId, AccountRecord?> record)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(record);
        var subjects = new List<Subject>(snapshot.Accounts.Count);
        foreach (var (key, profile) in snapshot.Accounts)
        {
            var known = record(profile.Id);
            subjects.Add(new Subject { Key = key, Profile = profile, Record = known, Organization = known?.Organization ?? Declared(profile, snapshot) });
        }

        // One declared organisation is one owner. Sorted by organisation, then key, so that an owner's accounts stand together.
        subjects.Sort((a, b) =>
        {
            var byOrganization = string.CompareOrdinal(a.Organization, b.Organization);
            return byOrganization != 0 ? byOrganization : a.Key.CompareTo(b.Key);
        });
        var owner = -1;
        string? previous = null;
        var exchanges = new List<ExchangeFingerprint>();
        var subjectOf = new List<int>();
        var weights = new List<double>();
        for (var i = 0; i < subjects.Count; i++)
        {
            var subject = subjects[i];
            if (subject.Organization is null || owner < 0 || subject.Organization != previous) owner++;
            previous = subject.Organization;
            subject.Owner = owner;
            subject.First = exchanges.Count;
            foreach (var day in subject.Profile.Days.Values)
            {
                subject.ExchangeCount += day.ExchangeCount;
                subject.AnsweredCount += day.AnsweredCount;
                var weight = day.Sample.Count == 0 ? 1.0 : (double)day.ExchangeCount / day.Sample.Count;
                foreach (var print in day.Sample)
                {
                    exchanges.Add(print);
                    subjectOf.Add(i);
                    weights.Add(weight);
                }
            }

            subject.End = exchanges.Count;
        }

        return new Traffic(subjects, [.. exchanges], [.. subjectOf], [.. weights], owner + 1);
    }

    /// <summary>The organisation that most of an account's sampled exchanges declare; the smaller hash where two tie.</summary>
    private static string? Declared(AccountProfile profile, Snapshot snapshot)
    {
        uint best = 0;
        var votes = 0;
        foreach (var group in profile.Days.Values.SelectMany(day => day.Sample).Where(print => print.Organization != 0)
                     .GroupBy(print => print.Organization).OrderBy(group => group.Key))
        {
            if (group.Count() <= votes) continue;
            best = group.Key;
            votes = group.Count();
        }

        return best == 0 ? null : snapshot.Names.GetValueOrDefault(best) ?? best.ToString("x8", System.Globalization.CultureInfo.InvariantCulture);
    }
}
