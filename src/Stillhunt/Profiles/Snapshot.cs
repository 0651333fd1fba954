using System.Globalization;

namespace Stillhunt.Profiles;

/// <summary>
/// Everything kept of the traffic seen so far, as keyed records by day. <see cref="Absorb"/> is commutative and associative, and a
/// segment that was absorbed already changes nothing: any way of cutting and merging a scan gives the same state.
/// </summary>
/// <param name="sampleCap">Exchanges that the sample of an account and day holds at most, to begin with.</param>
public sealed class Snapshot(int sampleCap = AccountDay.SampleSize)
{
    /// <summary>Names of values (models, clients, ...) kept at most; those with the smallest hashes stay.</summary>
    private const int MostNames = 100_000;

    /// <summary>
    /// Exchanges in all samples at most, unless the user says otherwise: some 11 GB at the peak of detection (docs/performance.md). Above it samples become smaller, and what shows in few exchanges is found less often.
    /// </summary>
    public const long MostSampled = 8_000_000;

    /// <summary>
    /// Exchanges in all samples up to which a scan keeps <see cref="AccountDay.CloseSampleSize"/> of each account and day: detection then takes at most twice as long as with the smaller ones, which is seconds up to here.
    /// </summary>
    public const long MostSampledClosely = 300_000;

    private readonly HashSet<ulong> _segments = [];

    public Dictionary<ulong, AccountProfile> Accounts { get; } = [];

    /// <summary>Clear text of hashed values that evidence names: model, client, tls, pathway, country, network owner, organisation.</summary>
    public Dictionary<uint, string> Names { get; } = [];

    public SortedDictionary<string, long> Rejected { get; } = new(StringComparer.Ordinal);
    public SortedDictionary<string, long> DroppedFields { get; } = new(StringComparer.Ordinal);
    public long DuplicateCount { get; set; }

    /// <summary>How many exchanges held each kind of field.</summary>
    public SortedDictionary<string, long> Present { get; } = new(StringComparer.Ordinal);

    /// <summary>Names are kept whose hash is below this.</summary>
    internal uint NameLimit { get; private set; } = uint.MaxValue;

    /// <summary>Exchanges that the sample of an account and day holds at most.</summary>
    public int SampleCap { get; private set; } = sampleCap;

    /// <summary>What this state was made of.</summary>
    public IReadOnlyCollection<ulong> Segments => _segments;

    /// <summary>Files, patterns and folders that could not be read, or not to their end, as the user gave them, each with the reason (<see cref="Ingest.FileFault.Reason"/>).</summary>
    public SortedSet<(string Path, string Reason)> Unread { get; } = new(Comparer<(string Path, string Reason)>.Create((a, b) => string.CompareOrdinal(a.Path, b.Path) is var order && order != 0 ? order : string.CompareOrdinal(a.Reason, b.Reason)));

    /// <summary>The shards that it was made of, where scans were cut into several: (scan, N, I) for I/N. Shards of one scan, and of no other, have its number; in parts of before version 7 it is 0, whatever the scan.</summary>
    public SortedSet<(ulong Scan, int Count, int Index)> Shards { get; } = [];

    /// <summary>
    /// Of scans that were cut into shards those that are not here, in order: what is here is a part of their traffic. A shard of a part of before version 7 may be of any scan.
    /// </summary>
    public IEnumerable<(ulong Scan, int Count, int Index)> MissingShards() =>
        Shards.Select(shard => (shard.Scan, shard.Count)).Distinct().SelectMany(cut => Enumerable.Range(0, cut.Count).Where(index => !IsHere(cut.Scan, cut.Count, index)).Select(index => (cut.Scan, cut.Count, index)));

    private bool IsHere(ulong scan, int count, int index) =>
        Shards.Contains((scan, count, index)) || (scan == 0 ? Shards.Any(other => (other.Count, other.Index) == (count, index)) : Shards.Contains((0, count, index)));

    /// <summary>The text that is kept of a value.</summary>
    internal static string NameOf(ReadOnlySpan<byte> utf8) => System.Text.Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, 200)]);

    internal void Name(uint hash, string text)
    {
        if (hash >= NameLimit || !Names.TryAdd(hash, text)) return;
        // By hash, not by arrival: the same names stay whatever came first.
        while (Names.Count > MostNames) LimitNames(NameLimit / 2);
    }

    /// <summary>
    /// Drops names whose hash is not below the limit, now and from here on. A merged state takes the lowest limit of its parts: a part that
    /// overflowed shows that the whole does.
    /// </summary>
    internal void LimitNames(uint limit)
    {
        if (limit >= NameLimit) return;
        NameLimit = limit;
        foreach (var key in Names.Keys.Where(key => key >= limit).ToList()) Names.Remove(key);
    }

    /// <summary>
    /// Lowers the cap of samples until they hold at most so many exchanges together. What comes out is the highest at which they fit, of 128 and 64, which have <see cref="MostSampledClosely"/>, and of 32, 16, 8, ... 1: no sample
    /// shrinks when traffic is added, so it is the same in whatever order, in whatever parts and however often this is asked.
    /// </summary>
    /// <returns>How many they hold; more than asked for only where one for each account and day is too much.</returns>
    internal long FitSamples(long most)
    {
        var sampled = SampledCount();
        while (sampled > RoomFor(most) && SampleCap > 1)
        {
            CapSamples(SampleCap / 2);
            sampled = SampledCount();
        }

        return sampled;
    }

    /// <summary>How many exchanges samples may hold together before the cap is lowered, where so many may be kept in all.</summary>
    internal long RoomFor(long most) => SampleCap > AccountDay.SampleSize ? Math.Min(most, MostSampledClosely) : most;

    /// <summary>Thins samples to the cap, now and from here on. A merged state takes the lowest cap of its parts: a part that overflowed shows that the whole does.</summary>
    internal void CapSamples(int cap)
    {
        if (cap >= SampleCap) return;
        SampleCap = cap;
        foreach (var profile in Accounts.Values)
            for (var day = 0; day < profile.Count; day++) profile.At(day).Value.Thin(cap);
    }

    /// <summary>Exchanges in all samples.</summary>
    internal long SampledCount()
    {
        var sampled = 0L;
        foreach (var profile in Accounts.Values)
            for (var day = 0; day < profile.Count; day++) sampled += profile.At(day).Value.Sample.Count;
        return sampled;
    }

    public void MarkSegment(ulong segment) => _segments.Add(segment);

    /// <summary>Adds another part. A part made of segments that are all here already is passed over.</summary>
    /// <returns>False where the part was here already.</returns>
    /// <exception cref="InvalidOperationException">Some but not all of its segments are here: their sums can't be told apart.</exception>
    public bool Absorb(Snapshot part)
    {
        ArgumentNullException.ThrowIfNull(part);
        // Also of a part that is here already: what was lost besides is no segment, and shards of two scans that hold the same (nothing, say) are one.
        Unread.UnionWith(part.Unread);
        Shards.UnionWith(part.Shards);
        var known = part._segments.Count(_segments.Contains);
        if (known > 0 && known == part._segments.Count) return false;
        if (known > 0)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"{known} of the part's {part._segments.Count} segments were merged already, the others not; merge parts that do not overlap."));
        _segments.UnionWith(part._segments);
        CapSamples(part.SampleCap);
        foreach (var (key, theirs) in part.Accounts)
        {
            if (!Accounts.TryGetValue(key, out var ours)) Accounts.Add(key, ours = new AccountProfile(theirs.Id));
            foreach (var (day, record) in theirs.Days)
            {
                if (!ours.Days.TryGetValue(day, out var sum)) ours.Days.Add(day, sum = new AccountDay());
                sum.Absorb(record, SampleCap);
            }
        }

        LimitNames(part.NameLimit);
        foreach (var (hash, text) in part.Names) Name(hash, text);
        AddTo(Rejected, part.Rejected);
        AddTo(DroppedFields, part.DroppedFields);
        AddTo(Present, part.Present);
        DuplicateCount += part.DuplicateCount;
        return true;
    }

    /// <summary>
    /// Of the sampled exchanges of this state and of another those that both hold. A shard holds what no other of its scan does; parts of different files share ids only where the logs repeat them, and a
    /// whole and its own shards share nearly all. Sums can't be told apart afterwards, so that what stands in both would be counted twice.
    /// </summary>
    /// <returns>How many both hold, and of how many in the smaller of the two; nothing where the other was absorbed already, which counts once.</returns>
    public (long Shared, long Sampled) SharedWith(Snapshot part)
    {
        ArgumentNullException.ThrowIfNull(part);
        if (part._segments.IsSubsetOf(_segments)) return (0, 0);
        var shared = 0L;
        foreach (var (key, theirs) in part.Accounts)
        {
            if (!Accounts.TryGetValue(key, out var ours)) continue;
            foreach (var (day, record) in theirs.Days)
            {
                if (!ours.Days.TryGetValue(day, out var own)) continue;
                var ids = own.Sample.Select(print => print.Id).ToHashSet();
                shared += record.Sample.Count(print => ids.Contains(print.Id));
            }
        }

        return (shared, Math.Min(SampledCount(), part.SampledCount()));
    }

    /// <summary>Drops records of days before this, counted from 1970-01-01, accounts that have no others, and the names that only they showed.</summary>
    internal void Forget(int beforeDay)
    {
        var any = false;
        foreach (var (key, profile) in Accounts.ToList())
        {
            foreach (var day in profile.Days.Keys.TakeWhile(day => day < beforeDay).ToList()) any |= profile.Days.Remove(day);
            if (profile.Days.Count == 0) Accounts.Remove(key);
        }

        if (any) ForgetNames();
    }

    /// <summary>Drops names that no record shows: an organisation's may be that of one account alone, which was deleted.</summary>
    internal void ForgetNames()
    {
        var shown = new HashSet<uint>();
        foreach (var profile in Accounts.Values)
            for (var day = 0; day < profile.Count; day++) profile.At(day).Value.AddNamed(shown);
        foreach (var hash in Names.Keys.Where(hash => !shown.Contains(hash)).ToList()) Names.Remove(hash);
    }

    internal static void Count(SortedDictionary<string, long> counts, string key, long by = 1) =>
        counts[key] = counts.GetValueOrDefault(key) + by;

    private static void AddTo(SortedDictionary<string, long> to, SortedDictionary<string, long> from)
    {
        foreach (var (key, count) in from) Count(to, key, count);
    }
}
