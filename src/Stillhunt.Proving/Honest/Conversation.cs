using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Honest;

/// <summary>The lines so far: an API has no memory, so a client sends them again with each turn.</summary>
internal sealed class Conversation
{
    private const int LongestHistory = 14;
    private readonly List<(Speaker Speaker, string Text)> _lines = [];

    public string? Id { get; private set; }

    public bool IsOpen => _lines.Count > 0;

    public int Turn => _lines.Count / 2;

    public void Open(string? id)
    {
        _lines.Clear();
        Id = id;
    }

    public void Close() => _lines.Clear();

    public void Resend(Draft draft)
    {
        draft.Conversation = Id;
        foreach (var (speaker, text) in _lines) draft.Add(speaker, text);
    }

    /// <summary>Keeps the turn that was written from <paramref name="start"/> on, with its answer.</summary>
    public void Keep(Draft draft, int start, string answer)
    {
        if (_lines.Count >= LongestHistory) _lines.RemoveRange(0, 2);
        _lines.Add((Speaker.User, draft.Text.StringFrom(start)));
        _lines.Add((Speaker.Assistant, answer));
    }
}
