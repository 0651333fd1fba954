using System.Net.Sockets;
using System.Text;

namespace Stillhunt.Bench;

/// <summary>One connection that sends one request and waits for its answer, over HTTP/1.1 or Redis's protocol.</summary>
internal sealed class LoadConnection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly Func<ReadOnlyMemory<byte>, int> _answerLength;

    private LoadConnection(Func<ReadOnlyMemory<byte>, int> answerLength) => _answerLength = answerLength;

    public static async Task<LoadConnection> Http(string host, int port) => await Open(new LoadConnection(HttpAnswer), host, port);

    public static async Task<LoadConnection> Redis(string host, int port) => await Open(new LoadConnection(RedisAnswer), host, port);

    /// <returns>The answer's bytes, valid until the next call.</returns>
    public async Task<ReadOnlyMemory<byte>> Ask(ReadOnlyMemory<byte> request)
    {
        await _socket.SendAsync(request);
        var filled = 0;
        while (true)
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(filled));
            if (read == 0) throw new IOException("The other side hung up.");
            filled += read;
            if (_answerLength(_buffer.AsMemory(0, filled)) is var length && length >= 0 && filled >= length) return _buffer.AsMemory(0, length);
        }
    }

    public void Dispose() => _socket.Dispose();

    private static async Task<LoadConnection> Open(LoadConnection made, string host, int port)
    {
        await made._socket.ConnectAsync(host, port);
        return made;
    }

    /// <summary>Bytes of the whole answer, or -1 while its head is not whole.</summary>
    private static int HttpAnswer(ReadOnlyMemory<byte> bytes)
    {
        var head = bytes.Span.IndexOf("\r\n\r\n"u8);
        if (head < 0) return -1;
        if (!bytes.Span.StartsWith("HTTP/1.1 200"u8)) throw new IOException(Encoding.UTF8.GetString(bytes.Span));
        var at = bytes.Span.IndexOf("Content-Length: "u8);
        return at >= 0 && System.Buffers.Text.Utf8Parser.TryParse(bytes.Span[(at + 16)..], out int length, out _) ? head + 4 + length : throw new IOException("The answer does not say how long it is.");
    }

    /// <summary>One line is enough: a number, a status, or a fault.</summary>
    private static int RedisAnswer(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Span[0] == '-') throw new IOException(Encoding.UTF8.GetString(bytes.Span));
        var end = bytes.Span.IndexOf("\r\n"u8);
        if (bytes.Span[0] != '$' || end < 0) return end < 0 ? -1 : end + 2;
        return end + 2 + int.Parse(bytes.Span[1..end], System.Globalization.CultureInfo.InvariantCulture) + 2;
    }
}
