using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Response.Countermeasures;

/// <summary>
/// Writes JSON from pieces of other JSON. What is kept is copied byte for byte, numbers and escapes as they were written; only white space between the
/// members of a rewritten object is lost.
/// </summary>
internal sealed class JsonOut
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private bool _comma;

    /// <summary>Whether what was written says anything else than what was read.</summary>
    public bool Changed { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public void Reset()
    {
        _buffer.ResetWrittenCount();
        (_comma, Changed) = (false, false);
    }

    /// <summary>Notes that something was left out or put in.</summary>
    public void Change() => Changed = true;

    public void BeginObject() => Begin((byte)'{');

    public void EndObject() => End((byte)'}');

    public void BeginArray() => Begin((byte)'[');

    public void EndArray() => End((byte)']');

    /// <summary>A name of the JSON that is read.</summary>
    public void Name(JsonProperty property) => RawName(property.RawName);

    /// <summary>A name without anything to escape.</summary>
    public void Name(ReadOnlySpan<byte> name) => RawName(name);

    public void Keep(JsonProperty property)
    {
        Name(property);
        Keep(property.Value);
    }

    public void Keep(JsonValue value)
    {
        Separate();
        if (value.IsString) _buffer.Write("\""u8);
        _buffer.Write(value.Raw);
        if (value.IsString) _buffer.Write("\""u8);
    }

    public void Raw(ReadOnlySpan<byte> json)
    {
        Separate();
        _buffer.Write(json);
    }

    /// <summary>A string as it stands between its quotes.</summary>
    public void RawText(ReadOnlySpan<byte> escaped)
    {
        Separate();
        _buffer.Write("\""u8);
        _buffer.Write(escaped);
        _buffer.Write("\""u8);
    }

    public void Number(long number) => Raw(Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)));

    public void Text(string text)
    {
        Separate();
        _buffer.Write("\""u8);
        _buffer.Write(System.Text.Json.JsonEncodedText.Encode(text, JavaScriptEncoder.Default).EncodedUtf8Bytes);
        _buffer.Write("\""u8);
    }

    private void Begin(byte bracket)
    {
        Separate();
        _buffer.Write([bracket]);
        _comma = false;
    }

    private void End(byte bracket)
    {
        _buffer.Write([bracket]);
        _comma = true;
    }

    private void RawName(ReadOnlySpan<byte> name)
    {
        Separate();
        _buffer.Write("\""u8);
        _buffer.Write(name);
        _buffer.Write("\":"u8);
        _comma = false;
    }

    private void Separate()
    {
        if (_comma) _buffer.Write(","u8);
        _comma = true;
    }
}
