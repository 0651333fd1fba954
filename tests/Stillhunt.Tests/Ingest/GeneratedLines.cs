using System.Buffers.Text;
using Stillhunt.Ingest.Cutting;

namespace Stillhunt.Tests.Ingest;

/// <summary>Writes its lines as they are read, so that the test itself needs no memory.</summary>
internal sealed class GeneratedLines(int count) : ForwardStream
{
    private readonly byte[] _line = new byte[256];
    private int _length;
    private int _given;
    private int _next;

    public override int Read(Span<byte> buffer)
    {
        var written = 0;
        while (written < buffer.Length)
        {
            if (_given == _length)
            {
                if (_next == count) break;
                Write();
                _next++;
            }

            var piece = Math.Min(_length - _given, buffer.Length - written);
            _line.AsSpan(_given, piece).CopyTo(buffer[written..]);
            _given += piece;
            written += piece;
        }

        return written;
    }

    /// <summary>Without interpolation: before the runtime has optimised it, that allocates for each number, and a busy test host optimises late.</summary>
    private void Write()
    {
        _given = _length = 0;
        Append("{\"id\":\"x"u8);
        Append(_next);
        Append("\",\"time\":"u8);
        Append(1769947200 + _next);
        Append(",\"account\":\"a"u8);
        Append(_next);
        Append("\",\"prompt\":\"hello\"}\n"u8);
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_line.AsSpan(_length));
        _length += text.Length;
    }

    private void Append(int number)
    {
        Utf8Formatter.TryFormat(number, _line.AsSpan(_length), out var digits);
        _length += digits;
    }
}
