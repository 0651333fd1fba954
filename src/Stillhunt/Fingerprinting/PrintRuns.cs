namespace Stillhunt.Fingerprinting;

/// <summary>Unites the prints of an exchange's texts, each a rising run behind the other in one buffer, into one rising run without repeats.</summary>
/// <param name="prints">The runs.</param>
/// <param name="room">As long as the buffer of the runs; so is <paramref name="other"/>.</param>
internal ref struct PrintRuns(Span<uint> prints, Span<uint> room, Span<uint> other)
{
    private readonly Span<uint> _prints = prints;
    private Span<uint> _room = room;
    private Span<uint> _other = other;
    private int _start;
    private int _count;

    /// <summary>What the runs so far united to; valid until their buffer is used again.</summary>
    public readonly ReadOnlySpan<uint> Distinct => _room[.._count];

    /// <summary>Takes the run that ends here and starts where the one before ended.</summary>
    public void End(int end)
    {
        var run = _prints[_start..end];
        _start = end;
        if (run.IsEmpty) return;
        var before = _room[.._count];
        var room = _room;
        _room = _other;
        _other = room;
        _count = 0;
        var i = 0;
        foreach (var print in run)
        {
            while (i < before.Length && before[i] <= print) Append(before[i++]);
            Append(print);
        }

        while (i < before.Length) Append(before[i++]);
    }

    private void Append(uint print)
    {
        if (_count == 0 || _room[_count - 1] != print) _room[_count++] = print;
    }
}
