namespace Stillhunt.Ingest;

/// <summary>The text fields of an exchange; a field is absent, or holds UTF-8 (possibly empty).</summary>
public enum ExchangeField
{
    Id, Account, Organization, Key, EndUser, Pathway, Ip, Asn, AsnOrg, Country,
    Client, Tls, Headers, Model, Conversation, Response, Stop, ReasoningRef,
}

/// <summary>Who said a part of the prompt. Tool definitions are parts too: one part a tool, its name or schema.</summary>
public enum PartRole : byte
{
    System, User, Assistant, Tool, ToolDefinition,
}

/// <summary>
/// One request to the model and its response, as a reusable buffer: a reader fills it, a sink looks at it, and the next
/// record overwrites it. All text is unescaped UTF-8 in one growing buffer, so that reading a record allocates nothing once
/// the buffer has its size. Absent is not zero: a field that a log lacks stays absent.
/// </summary>
/// <remarks>Not thread-safe. Spans are valid until the next <see cref="Clear"/> or <see cref="Append"/>.</remarks>
public sealed class Exchange
{
    /// <summary>One record of tens of megabytes must not pin its buffer for the rest of the scan.</summary>
    private const int LargestKeptBytes = 8 << 20;

    private static readonly int FieldCount = Enum.GetValues<ExchangeField>().Length;

    private byte[] _text = new byte[4096];
    private int _used;
    private readonly Slice[] _fields = new Slice[FieldCount];
    private Part[] _parts = new Part[16];
    private int _partCount;

    private readonly record struct Slice(int Start, int Length)
    {
        public bool Present => Start > 0;
    }

    private record struct Part(PartRole Role, int Start, int Length);

    public Exchange() => Clear();

    /// <summary>When the request arrived, in milliseconds since 1970-01-01 UTC.</summary>
    public long TimeMs { get; set; }

    public double? Temperature { get; set; }
    public double? TopP { get; set; }
    public long? MaxTokens { get; set; }
    public int? ChoiceCount { get; set; }
    public bool? Logprobs { get; set; }
    public bool? Thinking { get; set; }
    public bool? Stream { get; set; }

    public long? InputTokens { get; set; }
    public long? OutputTokens { get; set; }

    /// <summary>Tokens of hidden reasoning, a part of <see cref="OutputTokens"/> where the provider counts it so.</summary>
    public long? ReasoningTokens { get; set; }

    /// <summary>HTTP status; 400 and above is an attempt that was refused, not exposure.</summary>
    public int? Status { get; set; }

    /// <summary>The text was cut by whoever logged it (a truncation marker was removed).</summary>
    public bool Truncated { get; set; }

    public bool Has(ExchangeField field) => _fields[(int)field].Present;

    /// <summary>The field's UTF-8, empty if absent: ask <see cref="Has"/> where the difference matters.</summary>
    public ReadOnlySpan<byte> this[ExchangeField field]
    {
        get
        {
            var slice = _fields[(int)field];
            return slice.Present ? _text.AsSpan(slice.Start, slice.Length) : default;
        }
    }

    public int PartCount => _partCount;

    public PartRole RoleOf(int part) => _parts[part].Role;

    public ReadOnlySpan<byte> TextOf(int part) => _text.AsSpan(_parts[part].Start, _parts[part].Length);

    /// <summary>Whether the log held any prompt text at all (prompt-only retention and redaction leave none).</summary>
    public bool HasPrompt { get; private set; }

    public void Clear()
    {
        _used = 1; // Offset 0 means absent.
        if (_text.Length > LargestKeptBytes) _text = new byte[4096];
        _partCount = 0;
        Array.Clear(_fields);
        TimeMs = 0;
        Temperature = TopP = null;
        MaxTokens = InputTokens = OutputTokens = ReasoningTokens = null;
        ChoiceCount = Status = null;
        Logprobs = Thinking = Stream = null;
        Truncated = false;
        HasPrompt = false;
    }

    /// <summary>Sets a field to already unescaped UTF-8; the last value of a field counts.</summary>
    public void Set(ExchangeField field, ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(Append(utf8.Length));
        _fields[(int)field] = new Slice(_used - utf8.Length, utf8.Length);
    }

    public void Unset(ExchangeField field) => _fields[(int)field] = default;

    /// <summary>Adds one part of the prompt, in the order of the conversation.</summary>
    public void AddPart(PartRole role, ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(Append(utf8.Length));
        AddPart(role, utf8.Length);
    }

    /// <summary>Adds the last <paramref name="length"/> appended bytes as a part.</summary>
    public void AddPart(PartRole role, int length) => AddPart(role, _used - length, length);

    /// <summary>Where the next appended byte goes; a mark for <see cref="AddPart(PartRole, int, int)"/>.</summary>
    internal int Position => _used;

    /// <summary>Adds already appended bytes as a part, wherever they stand in the buffer.</summary>
    internal void AddPart(PartRole role, int start, int length)
    {
        if (_partCount == _parts.Length) Array.Resize(ref _parts, _parts.Length * 2);
        _parts[_partCount++] = new Part(role, start, length);
        if (role != PartRole.ToolDefinition) HasPrompt = true;
    }

    /// <summary>The appended bytes from a mark on, for cleaning in place.</summary>
    internal Span<byte> Appended(int start) => _text.AsSpan(start, _used - start);

    /// <summary>Drops all parts of the given roles, for a duplicate key whose last value counts.</summary>
    public void RemoveParts(Func<PartRole, bool> which)
    {
        var kept = 0;
        HasPrompt = false;
        for (var i = 0; i < _partCount; i++)
        {
            if (which(_parts[i].Role)) continue;
            if (_parts[i].Role != PartRole.ToolDefinition) HasPrompt = true;
            _parts[kept++] = _parts[i];
        }

        _partCount = kept;
    }

    /// <summary>Room for <paramref name="length"/> more bytes of text, to be written by the caller (for example by an unescaper).</summary>
    public Span<byte> Append(int length)
    {
        if (_used + length > _text.Length)
            Array.Resize(ref _text, Math.Max(_text.Length * 2, _used + length));
        _used += length;
        return _text.AsSpan(_used - length, length);
    }

    /// <summary>Copies a record into the buffer, so that text which stands in this copy need not be copied again to be a field or a part.</summary>
    internal ReadOnlySpan<byte> Hold(ReadOnlySpan<byte> record)
    {
        // Room for what gets unescaped, too, or the copy would be left behind.
        var wanted = _used + (2 * record.Length);
        if (wanted > _text.Length) Array.Resize(ref _text, Math.Max(_text.Length * 2, wanted));
        var held = Append(record.Length);
        record.CopyTo(held);
        return held;
    }

    /// <summary>Whether a text stands in this buffer, and where; an empty one stands nowhere.</summary>
    internal bool Holds(ReadOnlySpan<byte> text, out int start) => _text.AsSpan(0, _used).Overlaps(text, out start);

    /// <summary>Makes text that stands in this buffer the value of a field.</summary>
    internal void SetHeld(ExchangeField field, int start, int length) => _fields[(int)field] = new Slice(start, length);

    /// <summary>Gives back the last bytes of an <see cref="Append"/> that turned out shorter.</summary>
    public void Trim(int unused) => _used -= unused;

    /// <summary>Makes the last <paramref name="length"/> appended bytes the value of a field.</summary>
    public void SetAppended(ExchangeField field, int length) => _fields[(int)field] = new Slice(_used - length, length);
}
