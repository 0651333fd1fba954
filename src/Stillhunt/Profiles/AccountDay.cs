using System.Numerics;
using Stillhunt.Fingerprinting;

namespace Stillhunt.Profiles;

/// <summary>
/// What one account did on one UTC day: exact counts, and the exchanges with the smallest ids' hashes as a uniform sample.
/// Counts add, samples unite and are cut again: commutative and associative, and idempotent per segment
/// (<see cref="Snapshot.Absorb"/>).
/// </summary>
public sealed class AccountDay
{
    /// <summary>
    /// Sampled exchanges a day: a share of one half is then known to +-0.18 (95 %) on one day, and a typical person's account is kept
    /// whole. Larger: memory, finer shares.
    /// </summary>
    public const int SampleSize = 32;

    /// <summary>
    /// As many of a log in which all samples together are few (<see cref="Snapshot.MostSampledClosely"/>): under nine tenths of cover 3 of 32 exchanges extract, and 12 of 128 (docs/decisions/0016).
    /// </summary>
    public const int CloseSampleSize = 128;

    /// <summary>Bytes that a day of three exchanges with prompts of some sixty words retains at most, account included (measured: 1,912).</summary>
    public const int TypicalBytes = 2048;

    /// <summary>Bytes that an account with one exchange of such a prompt retains at most, so that a million of them take less than 1 GB (measured: 884).</summary>
    public const int SingleBytes = 960;

    /// <summary>Bytes that the name of an end user or a key of up to 36 characters adds at most to a day that has exchanges of it in its sample, however many.</summary>
    public const int NameBytes = 64;

    /// <summary>
    /// Bytes that a sample of <see cref="SampleSize"/> of the longest prompts retains at most, in the mean over accounts (measured: 48,457). Which exchanges keep their
    /// text goes by hash, so that one day may hold a few kilobytes more; exchanges beyond the sample add nothing.
    /// </summary>
    public const int MostBytes = 57_344;

    /// <summary>
    /// Models counted a day: those with the smallest hashes. Whoever sends a made-up name with each request grows nothing; a model that stays
    /// was counted from its first exchange on, in every part.
    /// </summary>
    public const int MostModels = 64;

    private const int HoursOfDay = 24;

    /// <summary>From how many sampled exchanges on their ids stand in a row of their own.</summary>
    private const int FewIds = 4;

    private DayTallies _tallies;
    // Most accounts have few exchanges on most days: rows start small.
    private ExchangeFingerprint[] _sample = new ExchangeFingerprint[1];
    private int _sampleCount;

    // The ids of the sample, so that finding a place among many looks at no exchange of it.
    private ulong[]? _sampleIds;

    // Most accounts use one model on most days: it needs no list.
    private uint _model;
    private int _modelCount;
    private SortedList<uint, int>? _models;
    private ulong _keepsBelow = ulong.MaxValue;

    /// <summary>All attempts, refused ones included.</summary>
    public long ExchangeCount { get; private set; }

    public long AnsweredCount { get; private set; }

    /// <summary>Refused with 429: the account met its limit.</summary>
    public long LimitedCount { get; private set; }

    public long OutputTokens { get; private set; }
    public long OutputKnownCount { get; private set; }
    public long ReasoningTokens { get; private set; }
    public long ReasoningKnownCount { get; private set; }

    /// <summary>Exchanges whose prompt text was logged.</summary>
    public long PromptCount { get; private set; }

    public long FirstMs { get; private set; } = long.MaxValue;
    public long LastMs { get; private set; } = long.MinValue;

    /// <summary>Exchanges by hour of the UTC day.</summary>
    public TallyRow Hours => new(this, 0, HoursOfDay);

    /// <summary>Exchanges whose score for the technique is at least even odds; a learned technique only.</summary>
    public TallyRow Techniques => new(this, HoursOfDay, TechniqueIds.LearnedCount);

    public TallyRow Capabilities => new(this, HoursOfDay + TechniqueIds.LearnedCount, TechniqueIds.CapabilityCount);

    /// <summary>Hours, techniques and capabilities in one row.</summary>
    internal TallyRow Tallies => new(this, 0, DayTallies.Length);

    internal int TallyAt(int row) => _tallies[row];

    /// <summary>Exchanges by model, of at most <see cref="MostModels"/> models.</summary>
    public IReadOnlyDictionary<uint, int> Models => _models ?? (_model == 0 ? [] : new SortedList<uint, int>(1) { { _model, _modelCount } });

    /// <summary>At most <see cref="CloseSampleSize"/> exchanges in the order of their ids.</summary>
    public ArraySegment<ExchangeFingerprint> Sample => new(_sample, 0, _sampleCount);

    /// <summary>Adds the hashes of all values that the record shows and whose clear text a snapshot names (<see cref="Snapshot.Names"/>).</summary>
    internal void AddNamed(HashSet<uint> to)
    {
        foreach (var model in Models.Keys) to.Add(model);
        foreach (var print in Sample)
            foreach (var hash in (ReadOnlySpan<uint>)[print.Model, print.Client, print.Tls, print.Pathway, print.Country, print.Asn, print.Organization]) to.Add(hash);
    }

    /// <summary>What the sample would be if it held so many exchanges at most.</summary>
    public ArraySegment<ExchangeFingerprint> FirstSampled(int most) => new(_sample, 0, Math.Min(most, _sampleCount));

    /// <summary>Whether an exchange with this id would stay in the sample, so that its content need be looked at.</summary>
    public bool Keeps(ulong id) => id < KeepsBelow;

    /// <summary>The greatest id of a full sample, or of one that was thinned: only smaller ones enter it. Never rises, so that another thread may read it.</summary>
    internal ulong KeepsBelow
    {
        get => Volatile.Read(ref _keepsBelow);
        private set => Volatile.Write(ref _keepsBelow, value);
    }

    /// <summary>Identity of account and day once the sample is full, for <see cref="SampleThresholds"/>.</summary>
    internal ulong Key { get; set; }

    /// <summary>Counts an exchange; keeps the object itself if it returns true.</summary>
    public bool Add(ExchangeFingerprint print) => Add(print, out _);

    /// <summary>As <see cref="Add(ExchangeFingerprint)"/>; what the sample gave up for it is the caller's again.</summary>
    /// <param name="most">Exchanges that the sample holds at most (<see cref="Snapshot.SampleCap"/>).</param>
    internal bool Add(ExchangeFingerprint print, out ExchangeFingerprint? displaced, int most = SampleSize)
    {
        ExchangeCount++;
        if (print.Answered) AnsweredCount++;
        if (print.Status == 429) LimitedCount++;
        if (print.HasPrompt) PromptCount++;
        if (print.OutputTokens >= 0)
        {
            OutputTokens += print.OutputTokens;
            OutputKnownCount++;
        }

        if (print.ReasoningTokens >= 0)
        {
            ReasoningTokens += print.ReasoningTokens;
            ReasoningKnownCount++;
        }

        FirstMs = Math.Min(FirstMs, print.TimeMs);
        LastMs = Math.Max(LastMs, print.TimeMs);
        _tallies.Add((int)(print.TimeMs / 3_600_000 % HoursOfDay), 1);
        var scores = print.Scores;
        for (var t = 0; t < TechniqueIds.LearnedCount; t++)
            if (scores[(Technique)t] >= ExchangeScoring.Even) _tallies.Add(HoursOfDay + t, 1);
        for (uint asked = scores.Capabilities; asked != 0; asked &= asked - 1)
            _tallies.Add(HoursOfDay + TechniqueIds.LearnedCount + BitOperations.TrailingZeroCount(asked), 1);
        if (print.Model != 0) Count(print.Model, 1);
        return Insert(print, most, out displaced);
    }

    private bool Insert(ExchangeFingerprint print, int most, out ExchangeFingerprint? displaced)
    {
        displaced = null;
        if (!Keeps(print.Id)) return false;
        var at = PlaceOf(print.Id);
        if (at >= 0 || ~at >= most) return false;
        at = ~at;
        var count = _sampleCount;
        if (count == most)
        {
            displaced = _sample[--count];
        }
        else if (count == _sample.Length)
        {
            Array.Resize(ref _sample, Math.Min(2 * count, CloseSampleSize));
            if (_sample.Length > FewIds) KeepIds(count);
        }

        ShareNames(print, count);
        Array.Copy(_sample, at, _sample, at + 1, count - at);
        _sample[at] = print;
        _sampleCount = count + 1;
        if (_sampleIds is not null)
        {
            Array.Copy(_sampleIds, at, _sampleIds, at + 1, count - at);
            _sampleIds[at] = print.Id;
        }

        if (_sampleCount == most) KeepsBelow = _sample[most - 1].Id;
        return true;
    }

    private void KeepIds(int count)
    {
        var known = _sampleIds is null ? 0 : count;
        Array.Resize(ref _sampleIds, _sample.Length);
        for (var i = known; i < count; i++) _sampleIds[i] = _sample[i].Id;
    }

    /// <summary>Most accounts have one key and few end users: a day keeps the text of each once.</summary>
    private void ShareNames(ExchangeFingerprint print, int count)
    {
        if (print.EndUserText is null && print.KeyText is null) return;
        for (var i = 0; i < count; i++)
        {
            var other = _sample[i];
            if (print.EndUserText is not null && other.EndUser == print.EndUser && other.EndUserText is { } user) print.EndUserText = user;
            if (print.KeyText is not null && other.Key == print.Key && other.KeyText is { } key) print.KeyText = key;
        }
    }

    /// <summary>Where the id stands in the sample, or the complement of where it would.</summary>
    private int PlaceOf(ulong id)
    {
        if (_sampleIds is not null) return _sampleIds.AsSpan(0, _sampleCount).BinarySearch(id);
        for (var i = 0; i < _sampleCount; i++)
            if (_sample[i].Id >= id) return _sample[i].Id == id ? i : ~i;
        return ~_sampleCount;
    }

    /// <summary>Adds another part's record of the same account and day.</summary>
    /// <param name="most">Exchanges that the sample holds at most, to which this one was thinned and the other need not be.</param>
    public void Absorb(AccountDay other, int most = SampleSize)
    {
        ExchangeCount += other.ExchangeCount;
        AnsweredCount += other.AnsweredCount;
        LimitedCount += other.LimitedCount;
        PromptCount += other.PromptCount;
        OutputTokens += other.OutputTokens;
        OutputKnownCount += other.OutputKnownCount;
        ReasoningTokens += other.ReasoningTokens;
        ReasoningKnownCount += other.ReasoningKnownCount;
        FirstMs = Math.Min(FirstMs, other.FirstMs);
        LastMs = Math.Max(LastMs, other.LastMs);
        for (var i = 0; i < DayTallies.Length; i++) _tallies.Add(i, other._tallies[i]);
        foreach (var (model, count) in other.Models) Count(model, count);
        foreach (var print in other.Sample) Insert(print, most, out _);
    }

    /// <summary>
    /// Keeps at most so many exchanges of the sample, those with the smallest ids' hashes; from here on only smaller ones enter. What is left is a smaller uniform
    /// sample of the same exchanges, and absorbing and thinning in any order gives the same one. Counts stay exact.
    /// </summary>
    internal void Thin(int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        if (_sampleCount < most) return;
        KeepsBelow = _sample[most - 1].Id;
        if (_sampleCount == most) return;
        _sampleCount = most;
        Array.Resize(ref _sample, most);
        if (most <= FewIds) _sampleIds = null;
        else Array.Resize(ref _sampleIds, most);
    }

    internal static AccountDay Restore(ReadOnlySpan<long> counts, Action<AccountDay> fill)
    {
        var day = new AccountDay
        {
            ExchangeCount = counts[0], AnsweredCount = counts[1], LimitedCount = counts[2], PromptCount = counts[3],
            OutputTokens = counts[4], OutputKnownCount = counts[5], ReasoningTokens = counts[6], ReasoningKnownCount = counts[7],
            FirstMs = counts[8], LastMs = counts[9],
        };
        fill(day);
        return day;
    }

    internal void RestoreTally(int row, int count) => _tallies.Add(row, count);

    internal void RestoreModel(uint model, int count) => Count(model, count);

    /// <param name="most">Exchanges that the sample holds at most: once it is full only smaller ids enter.</param>
    internal void RestoreSample(ExchangeFingerprint print, int most) => Insert(print, most, out _);

    private void Count(uint model, int count)
    {
        if (_models is null)
        {
            if (model != 0 && (_model == 0 || _model == model))
            {
                _model = model;
                _modelCount += count;
                return;
            }

            _models = new SortedList<uint, int>(2);
            if (_model != 0) _models.Add(_model, _modelCount);
        }

        if (_models.Count == MostModels && model > _models.GetKeyAtIndex(MostModels - 1)) return;
        _models[model] = _models.GetValueOrDefault(model) + count;
        if (_models.Count > MostModels) _models.RemoveAt(MostModels);
    }
}
