using Stillhunt.Server.Store;
using Stillhunt.Sketches;

namespace Stillhunt.Server.Intake;

/// <summary>
/// Which files are how another one begins. What two files have in common from their first byte to the end of the shorter one is read once: a copy is seen while it is made, and before its original is cut.
/// </summary>
/// <param name="open">Opens the file whose place this is, as it was found at this look; null where it was not.</param>
internal sealed class FileCopies(FilePlaces places, KeyedHash hash, Func<long, FileStream?> open)
{
    /// <summary>Copies by path: the place of their original, and how far both are the same.</summary>
    private readonly Dictionary<string, FileCursor> _copies = new(StringComparer.Ordinal);

    /// <summary>Files that are where their place is, by how they begin; built at this look where one comes that begins so.</summary>
    private readonly Dictionary<string, AlikeFiles> _alike = new(StringComparer.Ordinal);

    /// <summary>A new look, or files were let go that can't be opened any more: which files are where they were is asked anew.</summary>
    public void Forget() => _alike.Clear();

    /// <summary>A file that was known was found under another name; one that comes after it at this look may be its copy.</summary>
    public void Found(FileCursor place, FileStream stream)
    {
        _copies.Remove(place.Path);
        if (_alike.TryGetValue(place.Mark, out var alike)) alike.Add(place.Id, stream);
    }

    /// <summary>A file is read from now on.</summary>
    public void Begun(FileCursor place, FileStream stream)
    {
        _copies.Remove(place.Path);
        Alike(place.Mark).Add(place.Id, stream);
    }

    /// <summary>Where a file begins that was not read before, if another one tells.</summary>
    /// <param name="start">Null while it is nothing but a copy.</param>
    public bool TryStart(string path, FileStream stream, string mark, out long? start)
    {
        start = null;
        // What took a copy's path since is none.
        var copy = _copies.GetValueOrDefault(path) is { } noted && FileMarks.GoesOn(stream, mark, noted, hash) ? noted : null;
        var isOriginalThere = false;
        foreach (var other in Others())
        {
            using var original = open(other.Id);
            // One that was cut is no longer what was read: it may be this very file, written anew.
            if (original is null || !FileMarks.GoesOn(original, mark, other, hash)) continue;
            isOriginalThere |= other.Id == copy?.Id;
            var from = copy is not null && other.Id == copy.Id ? copy.Offset : 0;
            if (FileMarks.AlikeTo(stream, original, from) < Math.Min(stream.Length, original.Length)) continue;
            if (stream.Length > original.Length)
            {
                if (!FileMarks.IsLineEnd(stream, other.Offset)) continue;
                start = other.Offset;
                return true;
            }

            var length = stream.Length;
            if (copy is null || (copy.Id, copy.Offset) != (other.Id, length)) _copies[path] = new FileCursor(other.Id, path, mark, length, FileMarks.Foot(stream, length, hash));
            return true;
        }

        // Its original was cut, and read further than this copy goes.
        if (copy is not null && !isOriginalThere) start = copy.Offset;
        return start is not null;

        // What it was a copy of at the last look comes first: most often no other need be sought.
        IEnumerable<FileCursor> Others()
        {
            if (copy is not null) yield return places[copy.Id];
            foreach (var id in Alike(mark).Like(stream).Order()) if (id != copy?.Id) yield return places[id];
        }
    }

    /// <summary>Files whose place is known and that begin like this.</summary>
    private AlikeFiles Alike(string mark)
    {
        if (_alike.TryGetValue(mark, out var alike)) return alike;
        alike = new AlikeFiles(open);
        foreach (var other in places.Like(mark))
        {
            using var stream = open(other.Id);
            if (stream is not null && FileMarks.GoesOn(stream, mark, other, hash)) alike.Add(other.Id, stream);
        }

        // Where one of them could not be read there is none: what is missing in it would be read twice.
        _alike.Add(mark, alike);
        return alike;
    }
}
