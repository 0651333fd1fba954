using System.Buffers;

namespace Stillhunt.Server.Gateway;

/// <summary>Keeps a copy of what a client was sent, for the report, up to a limit.</summary>
internal sealed class AnswerTee(int most)
{
    private readonly ArrayBufferWriter<byte> _kept = new();

    /// <summary>Null where it was longer than is kept.</summary>
    public ReadOnlyMemory<byte>? Kept => IsWhole ? _kept.WrittenMemory : null;

    private bool IsWhole { get; set; } = true;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (!IsWhole) return;
        if (_kept.WrittenCount + bytes.Length <= most) _kept.Write(bytes);
        else
        {
            IsWhole = false;
            _kept.Clear();
        }
    }
}
