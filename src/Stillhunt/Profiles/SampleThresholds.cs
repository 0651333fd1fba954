using Stillhunt.Fingerprinting;

namespace Stillhunt.Profiles;

/// <summary>
/// Spares the look at the content of exchanges that will not enter their day's sample. A full sample only ever takes smaller ids than its greatest, so what it refuses
/// now it refuses for ever: any thread may ask, and an old answer costs time and changes nothing.
/// </summary>
/// <remarks>The busiest days stand in a table of fixed size, one a place; what has no place is looked at.</remarks>
internal sealed class SampleThresholds
{
    private const int Places = 1 << 15;

    private readonly AccountDay?[] _days = new AccountDay?[Places];

    /// <summary>Identity of an account's day; of 64 bits, so that two days have one by no chance that matters.</summary>
    public static ulong KeyOf(ulong account, long timeMs) => account ^ ((ulong)(timeMs / 86_400_000) * 0x9E3779B97F4A7C15);

    /// <summary>Whether the exchange may enter its day's sample.</summary>
    public bool MayKeep(ExchangeFingerprint print)
    {
        var key = KeyOf(print.Account, print.TimeMs);
        var day = Volatile.Read(ref _days[key % Places]);
        return day is null || day.Key != key || print.Id < day.KeepsBelow;
    }

    /// <summary>Takes note of a day whose sample is full.</summary>
    public void Note(AccountDay day) => Volatile.Write(ref _days[day.Key % Places], day);
}
