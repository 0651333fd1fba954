using System.Collections;
using Stillhunt.Fingerprinting;
using Stillhunt.Ingest;
using Stillhunt.Profiles;

namespace Stillhunt.Linking;

/// <summary>One account as detection sees it, or one of its end users who is looked at by himself (<see cref="Tenants"/>).</summary>
public sealed class Subject
{
    public required ulong Key { get; init; }
    public required AccountProfile Profile { get; init; }

    /// <summary>
    /// What the provider knows of the account; null where no accounts file named it. Of a tenant the provider knows nothing but that an entitlement of the account covers him.
    /// </summary>
    public required AccountRecord? Record { get; init; }

    /// <summary>Hash of the end user where this is a tenant; 0 for an account, less those of its end users that are tenants.</summary>
    public uint EndUser { get; init; }

    public bool IsTenant => EndUser != 0;

    /// <summary>
    /// Who pays and answers: accounts of one declared organisation have one owner, an account without organisation owns itself, and a tenant's is that of the account.
    /// Registration, network and client are the owner's.
    /// </summary>
    public int Owner { get; internal set; }

    /// <summary>Who writes: a tenant by himself, everybody else the owner. Wording and items are the author's.</summary>
    public int Author { get; internal set; }

    public string? Organization { get; internal set; }

    /// <summary>Position in <see cref="Traffic.Exchanges"/> of its first sampled exchange, and one past its last.</summary>
    public int First { get; internal set; }

    public int End { get; internal set; }

    /// <summary>All that an account sent, exactly; of a tenant and of what is left of its account scaled up from the sample.</summary>
    public long ExchangeCount { get; internal set; }

    /// <summary>First and last request; of a tenant, of those that were sampled.</summary>
    public long FirstMs { get; internal set; } = long.MaxValue;

    /// <inheritdoc cref="FirstMs"/>
    public long LastMs { get; internal set; } = long.MinValue;

    public int SampleCount => End - First;
}

/// <summary>The snapshot laid out for detection: accounts in the order of owner and key, their sampled exchanges side by side.</summary>
public sealed class Traffic
{
    /// <summary>Of each sampled exchange, side by side: reading them from the exchanges would be a walk through all memory.</summary>
    private readonly uint[] _threads;

    private readonly ulong[] _ids;

    private readonly int[] _owners;

    private readonly BitArray _halves;

    private Traffic(Layout layout, int ownerCount)
    {
        (Subjects, Exchanges, SubjectOf, Weights) = (layout.Subjects, layout.Exchanges, layout.SubjectOf, layout.Weights);
        (_owners, _threads, _ids, _halves) = (layout.Owners, layout.Threads, layout.Ids, layout.Halves);
        OwnerCount = ownerCount;
    }

    /// <summary>The same traffic with its halves the other way round.</summary>
    private Traffic(Traffic other)
    {
        (Subjects, Exchanges, SubjectOf, Weights, OwnerCount) = (other.Subjects, other.Exchanges, other.SubjectOf, other.Weights, other.OwnerCount);
        (_owners, _threads, _ids, _halves) = (other._owners, other._threads, other._ids, other._halves);
        IsTurned = !other.IsTurned;
    }

    public IReadOnlyList<Subject> Subjects { get; }
    public ExchangeFingerprint[] Exchanges { get; }

    /// <summary>For each sampled exchange the position of its account; never falls, nor does the owner.</summary>
    public int[] SubjectOf { get; }

    /// <summary>How many exchanges of its account and day each sampled one stands for; at least 1.</summary>
    public double[] Weights { get; }

    /// <summary>How many <see cref="OwnerOf">authors</see> there are.</summary>
    public int OwnerCount { get; }

    /// <summary>Whose wording it is: the author.</summary>
    /// <seealso cref="Subject.Author"/>
    public int OwnerOf(int exchange) => _owners[exchange];

    /// <summary>Who pays for it.</summary>
    /// <seealso cref="Subject.Owner"/>
    public int PayerOf(int exchange) => Subjects[SubjectOf[exchange]].Owner;

    /// <inheritdoc cref="ExchangeFingerprint.Id"/>
    public ulong IdOf(int exchange) => _ids[exchange];

    /// <inheritdoc cref="ExchangeFingerprint.Thread"/>
    public uint ThreadOf(int exchange) => _threads[exchange];

    /// <summary>Whether its halves are the other way round: what groups was to test, and what tests was to group.</summary>
    internal bool IsTurned { get; }

    /// <summary>0 for the half that groups, 1 for the one that tests.</summary>
    /// <seealso cref="ExchangeFingerprint.Half"/>
    public int HalfOf(int exchange) => _halves[exchange] == IsTurned ? 0 : 1;

    /// <summary>The same traffic with its halves the other way round; shares everything with this one.</summary>
    internal Traffic Turned() => new(this);

    /// <param name="record">What the accounts file says of an account, or null.</param>
    /// <param name="tenants">By account the end users that are looked at by themselves; null for none.</param>
    /// <param name="most">Of the sample of an account and day at most so many exchanges, those that a sample of this size would hold. Accounts come in the same order with any.</param>
    public static Traffic Lay(Snapshot snapshot, Func<AccountId, AccountRecord?> record, IReadOnlyDictionary<ulong, IReadOnlySet<uint>>? tenants = null, int most = AccountDay.SampleSize)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(record);
        var senders = new List<Sender>(snapshot.Accounts.Count);
        var sampled = 0;
        foreach (var (key, profile) in snapshot.Accounts)
        {
            var known = record(profile.Id);
            var payer = known?.Organization ?? Declared(profile, snapshot);
            senders.Add(new Sender(profile, known, payer, key, 0));
            foreach (var user in tenants?.GetValueOrDefault(key) ?? EmptySet) senders.Add(new Sender(profile, known, payer, key, user));
            for (var day = 0; day < profile.Count; day++) sampled += profile.At(day).Value.FirstSampled(most).Count;
        }

        // One declared organisation is one owner. Sorted by organisation, then key, so that an owner's accounts stand together; then its tenants, so that an author's do, too.
        senders.Sort((a, b) =>
        {
            var order = string.CompareOrdinal(a.Payer, b.Payer);
            if (order == 0 && a.Payer is null) order = a.Account.CompareTo(b.Account);
            if (order == 0) order = a.IsTenant.CompareTo(b.IsTenant);
            if (order == 0) order = a.Account.CompareTo(b.Account);
            return order != 0 ? order : a.EndUser.CompareTo(b.EndUser);
        });
        var (owner, author) = (-1, -1);
        var laid = new Layout(senders.Count, sampled, most);
        for (var i = 0; i < senders.Count; i++)
        {
            var sender = senders[i];
            var isNew = i == 0 || sender.Payer != senders[i - 1].Payer || (sender.Payer is null && sender.Account != senders[i - 1].Account);
            if (isNew) owner++;
            if (isNew || sender.IsTenant) author++;
            laid.Add(sender.Made(owner, author), tenants?.GetValueOrDefault(sender.Account));
        }

        return new Traffic(laid, author + 1);
    }

    private static readonly HashSet<uint> EmptySet = [];

    /// <summary>What becomes a subject, once the order is known: then subjects that follow each other lie side by side.</summary>
    /// <param name="Record">Of the account.</param>
    /// <param name="Payer">The organisation that the account declares, or null.</param>
    /// <param name="EndUser">0 for an account.</param>
    private readonly record struct Sender(AccountProfile Profile, AccountRecord? Record, string? Payer, ulong Account, uint EndUser)
    {
        public bool IsTenant => EndUser != 0;

        // Both are keyed hashes already: a key that differs for each end user, and is the same in every scan.
        public Subject Made(int owner, int author) =>
            new() { Key = IsTenant ? Account ^ (EndUser * 0x9E3779B97F4A7C15) : Account, Profile = Profile, Record = IsTenant ? Covered : Record, EndUser = EndUser, Organization = IsTenant ? null : Payer, Owner = owner, Author = author };

        private AccountRecord? Covered => Record?.Entitlement is null ? null : new AccountRecord { Account = Record.Account, Entitlement = Record.Entitlement, EntitlementUntilMs = Record.EntitlementUntilMs };
    }

    /// <summary>Subjects in their order, with what each sent.</summary>
    /// <param name="exchanges">All that will come: each is an account's or one of its tenants'.</param>
    private sealed class Layout(int subjects, int exchanges, int most)
    {
        private int _count;

        public List<Subject> Subjects { get; } = new(subjects);
        public ExchangeFingerprint[] Exchanges { get; } = new ExchangeFingerprint[exchanges];
        public int[] SubjectOf { get; } = new int[exchanges];
        public double[] Weights { get; } = new double[exchanges];
        public int[] Owners { get; } = new int[exchanges];
        public uint[] Threads { get; } = new uint[exchanges];
        public ulong[] Ids { get; } = new ulong[exchanges];
        public BitArray Halves { get; } = new(exchanges);

        /// <param name="apart">The end users of its account that are looked at by themselves, or null.</param>
        public void Add(Subject subject, IReadOnlySet<uint>? apart)
        {
            subject.First = _count;
            double sent = 0;
            for (var d = 0; d < subject.Profile.Count; d++)
            {
                var day = subject.Profile.At(d).Value;
                var sample = day.FirstSampled(most);
                var weight = sample.Count == 0 ? 1.0 : (double)day.ExchangeCount / sample.Count;
                if (apart is null)
                {
                    subject.ExchangeCount += day.ExchangeCount;
                    subject.FirstMs = Math.Min(subject.FirstMs, day.FirstMs);
                    subject.LastMs = Math.Max(subject.LastMs, day.LastMs);
                }

                foreach (var print in sample)
                {
                    if (apart is not null)
                    {
                        if (subject.IsTenant ? print.EndUser != subject.EndUser : apart.Contains(print.EndUser)) continue;
                        sent += weight;
                        subject.FirstMs = Math.Min(subject.FirstMs, print.TimeMs);
                        subject.LastMs = Math.Max(subject.LastMs, print.TimeMs);
                    }

                    Add(print, subject, weight);
                }
            }

            subject.End = _count;
            if (apart is not null)
            {
                // Nothing may be left of an account that is its tenants.
                if (subject.SampleCount == 0) return;
                subject.ExchangeCount = (long)Math.Round(sent, MidpointRounding.AwayFromZero);
            }

            Subjects.Add(subject);
        }

        private void Add(ExchangeFingerprint print, Subject subject, double weight)
        {
            var i = _count++;
            (Exchanges[i], SubjectOf[i], Weights[i]) = (print, Subjects.Count, weight);
            (Owners[i], Threads[i], Ids[i], Halves[i]) = (subject.Author, print.Thread, print.Id, print.Half == 1);
        }
    }

    /// <summary>The organisation that most of an account's sampled exchanges declare; the smaller hash where two tie.</summary>
    private static string? Declared(AccountProfile profile, Snapshot snapshot)
    {
        if (!NamesOrganization(profile)) return null;
        uint best = 0;
        var votes = 0;
        foreach (var group in profile.Days.Values.SelectMany(day => day.FirstSampled(AccountDay.SampleSize)).Where(print => print.Organization != 0)
                     .GroupBy(print => print.Organization).OrderBy(group => group.Key))
        {
            if (group.Count() <= votes) continue;
            best = group.Key;
            votes = group.Count();
        }

        return best == 0 ? null : snapshot.Names.GetValueOrDefault(best) ?? best.ToString("x8", System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Most accounts name none: nothing is counted for them.</summary>
    private static bool NamesOrganization(AccountProfile profile)
    {
        for (var day = 0; day < profile.Count; day++)
            foreach (var print in profile.At(day).Value.FirstSampled(AccountDay.SampleSize))
                if (print.Organization != 0) return true;
        return false;
    }
}
