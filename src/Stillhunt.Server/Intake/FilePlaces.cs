using Stillhunt.Server.Store;

namespace Stillhunt.Server.Intake;

/// <summary>How far each followed file was read, found by where the file is and by how it begins.</summary>
internal sealed class FilePlaces
{
    private readonly Dictionary<long, FileCursor> _all = [];
    private readonly Dictionary<string, HashSet<long>> _byPath = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<long>> _byMark = new(StringComparer.Ordinal);
    private readonly IExchangeStore _store;
    private long _last;

    public FilePlaces(IExchangeStore store)
    {
        _store = store;
        foreach (var place in store.Cursors()) Set(place);
    }

    public FileCursor this[long id] => _all[id];

    public List<FileCursor> At(string path) => [.. _byPath.GetValueOrDefault(path, []).Select(id => _all[id])];

    public List<FileCursor> Like(string mark) => [.. _byMark.GetValueOrDefault(mark, []).Select(id => _all[id])];

    /// <summary>A file of which nothing was remembered.</summary>
    public FileCursor Begin(string path, string mark, long offset, string foot)
    {
        var place = new FileCursor(_last + 1, path, mark, offset, foot);
        Set(place);
        return place;
    }

    /// <summary>Notes how far a file was read; the store was told together with what was read.</summary>
    public void Set(FileCursor place)
    {
        if (_all.TryGetValue(place.Id, out var before)) _byPath[before.Path].Remove(place.Id);
        _all[place.Id] = place;
        Add(_byPath, place.Path, place.Id);
        Add(_byMark, place.Mark, place.Id);
        _last = Math.Max(_last, place.Id);
    }

    /// <summary>Notes where a file is now; empty: nowhere that anybody looks.</summary>
    public FileCursor Move(FileCursor place, string path)
    {
        var moved = place with { Path = path };
        if (moved.Offset > 0) _store.Keep(moved);
        Set(moved);
        return moved;
    }

    private static void Add(Dictionary<string, HashSet<long>> to, string key, long id)
    {
        if (!to.TryGetValue(key, out var ids)) to.Add(key, ids = []);
        ids.Add(id);
    }
}
