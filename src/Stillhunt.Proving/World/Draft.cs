using Stillhunt.Proving.Text;

namespace Stillhunt.Proving.World;

internal enum Speaker : byte
{
    User, Assistant, Tool,
}

/// <summary>A line of a conversation: in the draft's own buffer, or kept from an earlier turn.</summary>
internal readonly record struct Line(Speaker Speaker, int Start, int Length, string? Kept);

/// <summary>One exchange while it is made; reused for every one.</summary>
internal sealed class Draft
{
    private readonly List<Line> _lines = [];
    private int _systemStart;
    private int _systemLength;
    private string? _system;

    public TextBuffer Text { get; } = new();

    public long TimeMs { get; private set; }
    public Account Account { get; private set; } = Account.Nobody;
    public ulong Id { get; set; }
    public string? EndUser { get; set; }
    public string? Key { get; set; }
    public string? Conversation { get; set; }
    public string? ReasoningRef { get; set; }
    public string Model { get; set; } = "";
    public Address Address { get; set; }
    public ClientBuild Client { get; set; } = ClientBuild.None;
    public Settings Settings { get; set; } = Settings.None;
    public string[]? Tools { get; set; }
    public bool HasImage { get; set; }
    public int OutputTokens { get; set; }
    public int? ReasoningTokens { get; set; }
    public int Status { get; set; }
    public string? Stop { get; set; }

    /// <summary>The exchange serves an operator's extraction: known to the range, never written with the traffic.</summary>
    public bool Extracts { get; set; }

    /// <summary>Which of several operators on one pool; empty for the only one. Known to the range alone.</summary>
    public string Operator { get; set; } = "";

    /// <summary>What the answer lacks of what was asked for, by a verdict on the account.</summary>
    public Duels.AnswerParts Withheld { get; set; }

    public IReadOnlyList<Line> Lines => _lines;

    public bool HasSystem => _system is not null || _systemLength > 0;

    public ReadOnlySpan<char> System => _system is not null ? _system : Text.Slice(_systemStart, _systemLength);

    public ReadOnlySpan<char> TextOf(Line line) => line.Kept is not null ? line.Kept : Text.Slice(line.Start, line.Length);

    public void Begin(Account account, long now)
    {
        Text.Clear();
        _lines.Clear();
        _system = null;
        _systemLength = 0;
        TimeMs = now;
        Account = account;
        EndUser = Conversation = ReasoningRef = Stop = null;
        Key = account.Key;
        Client = account.Client;
        Settings = account.Settings;
        Tools = null;
        HasImage = Extracts = false;
        Operator = "";
        Withheld = Duels.AnswerParts.None;
        OutputTokens = 0;
        ReasoningTokens = null;
        Status = 200;
    }

    public void SetSystem(string text) => _system = text;

    public void SetSystem(int start, int length) => (_systemStart, _systemLength) = (start, length);

    public void Add(Speaker speaker, string text) => _lines.Add(new Line(speaker, 0, text.Length, text));

    /// <summary>Adds what was written into <see cref="Text"/> since <paramref name="start"/>.</summary>
    public void Add(Speaker speaker, int start) => _lines.Add(new Line(speaker, start, Text.Length - start, null));

    public void Add(Speaker speaker, int start, int length) => _lines.Add(new Line(speaker, start, length, null));

    /// <summary>A rough count: four characters of Latin text, one and a half of denser scripts, a token each.</summary>
    public int InputTokens()
    {
        var tokens = Count(System);
        foreach (var line in _lines) tokens += 4 + Count(TextOf(line));
        if (Tools is not null)
        {
            foreach (var tool in Tools) tokens += 40 + tool.Length / 4;
        }

        return tokens + (HasImage ? 1180 : 0) + 3;

        static int Count(ReadOnlySpan<char> text)
        {
            if (text.Length == 0) return 0;
            // A sample of the characters tells the script.
            var dense = 0;
            var seen = 0;
            for (var i = 0; i < text.Length; i += 7, seen++)
            {
                if (text[i] > 0x2E80) dense++;
            }

            var share = (double)dense / seen;
            return (int)(text.Length * (share / 1.5 + (1 - share) / 4.1)) + 1;
        }
    }
}
