namespace Stillhunt.Profiles;

/// <summary>
/// Which ids came already, in bounded memory: an id is known if fewer than <see cref="Window"/> other ids came since it was added, and forgotten after at
/// most twice as many. What is known depends on nothing but the order of the ids.
/// </summary>
/// <remarks>
/// Two generations of an open-addressing table of 64-bit hashes with linear probing, eight bytes a place and three quarters full at most; when the
/// younger one is full, the older is dropped. Hashes are uniform, so their low bits are the place.
/// </remarks>
internal sealed class SeenIds(int window = SeenIds.Window)
{
    /// <summary>Ids that are surely remembered: three quarters of 2^24 places.</summary>
    public const int Window = 3 << 22;

    /// <summary>Bytes of both generations when full.</summary>
    public const long MostBytes = 2L * 8 * (1 << 24);

    private const int FirstPlaces = 1 << 12;

    private ulong[] _younger = new ulong[FirstPlaces];
    private ulong[] _older = [];
    private int _count;

    /// <summary>Bytes held now.</summary>
    public long Bytes => 8L * (_younger.Length + _older.Length);

    /// <summary>False where the id is known.</summary>
    public bool Add(ulong id)
    {
        if (id == 0) id = 1; // 0 marks an empty place.
        if (_older.Length > 0 && _older[PlaceOf(_older, id)] == id) return false;
        var place = PlaceOf(_younger, id);
        if (_younger[place] == id) return false;
        _younger[place] = id;
        _count++;
        if (_count >= window) Turn();
        else if (4L * _count > 3L * _younger.Length) Grow();
        return true;
    }

    /// <summary>Where the id stands, or the empty place where it would.</summary>
    private static int PlaceOf(ulong[] places, ulong id)
    {
        var mask = places.Length - 1;
        var place = (int)id & mask;
        while (places[place] != 0 && places[place] != id) place = (place + 1) & mask;
        return place;
    }

    private void Turn()
    {
        var empty = _older;
        _older = _younger;
        // Both generations are of one size from the second turn on.
        _younger = empty.Length == _older.Length ? empty : new ulong[_older.Length];
        Array.Clear(_younger);
        _count = 0;
    }

    private void Grow()
    {
        var larger = new ulong[_younger.Length * 2];
        foreach (var id in _younger)
        {
            if (id != 0) larger[PlaceOf(larger, id)] = id;
        }

        _younger = larger;
    }
}
