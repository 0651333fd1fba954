namespace Stillhunt.Server.Intake;

/// <summary>
/// Files by where they first differ, so that one that comes is compared with a few and not with each: a tree whose node is a file, and whose branches hang where others part from that file, by their next byte.
/// </summary>
/// <param name="open">Opens a file that was added; null where it is gone. What it gives is closed here.</param>
internal sealed class AlikeFiles(Func<long, FileStream?> open)
{
    private Node? _root;

    /// <summary>Files that are as this one is, to the end of the shorter of both; some may be less than that.</summary>
    public List<long> Like(FileStream stream)
    {
        var like = new List<long>();
        Walk(stream, like);
        return like;
    }

    public void Add(long id, FileStream stream)
    {
        if (_root is null) _root = new Node(id);
        else if (Walk(stream, []) is not ({ } last, var parts)) return;
        else if (FileMarks.ByteAt(stream, parts) is { } next) last.Branches.TryAdd((parts, next), new Node(id));
        else last.Shorter.Add(id);
    }

    /// <returns>The last file on the way, and how far both are alike.</returns>
    private (Node Last, long Parts)? Walk(FileStream stream, List<long> like)
    {
        var (node, from) = (_root, 0L);
        while (node is not null)
        {
            like.AddRange(node.Shorter);
            using var other = open(node.Id);
            if (other is null) return null;
            from = FileMarks.AlikeTo(stream, other, from);
            if (from >= Math.Min(stream.Length, other.Length)) like.Add(node.Id);
            if (FileMarks.ByteAt(stream, from) is not { } next || !node.Branches.TryGetValue((from, next), out var branch)) return (node, from);
            node = branch;
        }

        return null;
    }

    private sealed class Node(long id)
    {
        public long Id => id;

        public Dictionary<(long At, byte Next), Node> Branches { get; } = [];

        /// <summary>Those that are how this one begins.</summary>
        public List<long> Shorter { get; } = [];
    }
}
