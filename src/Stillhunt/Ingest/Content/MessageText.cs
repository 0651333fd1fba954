using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Content;

/// <summary>
/// Collects the text pieces of one message into one part, so that a prompt reads the same whether a client sent it as one string or
/// as pieces. Attachments become a part before the text: the last user part of an exchange stays the words.
/// </summary>
internal ref struct MessageText(Exchange exchange, PartRole role)
{
    private int _start = -1;
    private int _images;
    private int _others;

    public readonly PartRole Role => role;

    public void Add(JsonValue text)
    {
        if (!text.IsString || text.Raw.IsEmpty) return;
        var mark = exchange.Position;
        if (_start >= 0) exchange.Append(1)[0] = (byte)'\n';
        if (exchange.AppendText(text) == 0) exchange.Trim(exchange.Position - mark);
        else if (_start < 0) _start = mark;
    }

    public void AddImage() => _images++;

    public void AddAttachment() => _others++;

    /// <summary>Ends the text so far as a part; text after it starts another.</summary>
    public void Flush()
    {
        var length = _start < 0 ? 0 : exchange.Position - _start;
        for (; _images > 0; _images--) exchange.AddPart(role, "[image]"u8);
        for (; _others > 0; _others--) exchange.AddPart(role, "[file]"u8);
        if (length > 0) exchange.AddPart(role, _start, length);
        _start = -1;
    }
}
