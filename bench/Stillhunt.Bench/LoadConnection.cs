using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Stillhunt.Bench;

/// <summary>
/// One connection with at most one request under way, over HTTP/1.1 or Redis's protocol. Never waits: it is told when there is something to read, so that
/// one thread drives all connections.
/// </summary>
internal sealed class LoadConnection : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly bool _isHttp;
    private int _filled;

    private LoadConnection(bool isHttp) => _isHttp = isHttp;

    public Socket Socket { get; } = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    /// <summary>Whether an answer is awaited.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>When the request under way was due, in ticks of the stopwatch; its latency counts from here.</summary>
    public long Due { get; private set; }

    /// <summary>How many requests were sent.</summary>
    public long Sent { get; private set; }

    /// <summary>When the last answer was whole.</summary>
    public long Answered { get; private set; }

    public static LoadConnection Open(bool isHttp, string host, int port)
    {
        var made = new LoadConnection(isHttp);
        made.Socket.Connect(host, port);
        return made;
    }

    /// <summary>Sends a request; it fits into the socket's buffer, since the connection is idle.</summary>
    public void Send(byte[] request, long due)
    {
        (IsBusy, Due, _filled) = (true, due, 0);
        Sent++;
        if (Socket.Send(request) != request.Length) throw new IOException("A request did not fit into the socket's buffer.");
    }

    /// <summary>Reads what has come; true once the answer is whole.</summary>
    public bool TryFinish(long now)
    {
        var read = Socket.Receive(_buffer, _filled, _buffer.Length - _filled, SocketFlags.None);
        if (read == 0) throw new IOException("The other side hung up.");
        _filled += read;
        var length = _isHttp ? HttpAnswer(_buffer.AsSpan(0, _filled)) : RedisAnswer(_buffer.AsSpan(0, _filled));
        if (length < 0 || _filled < length) return false;
        (IsBusy, Answered) = (false, now);
        return true;
    }

    public void Dispose() => Socket.Dispose();

    /// <summary>Bytes of the whole answer, or -1 while its head is not whole.</summary>
    private static int HttpAnswer(ReadOnlySpan<byte> bytes)
    {
        var head = bytes.IndexOf("\r\n\r\n"u8);
        if (head < 0) return -1;
        if (!bytes.StartsWith("HTTP/1.1 200"u8)) throw new IOException(Encoding.UTF8.GetString(bytes));
        var at = bytes.IndexOf("Content-Length: "u8);
        return at >= 0 && System.Buffers.Text.Utf8Parser.TryParse(bytes[(at + 16)..], out int length, out _) ? head + 4 + length : throw new IOException("The answer does not say how long it is.");
    }

    /// <summary>One line is enough: a number, a status, or a fault.</summary>
    private static int RedisAnswer(ReadOnlySpan<byte> bytes)
    {
        if (bytes[0] == '-') throw new IOException(Encoding.UTF8.GetString(bytes));
        var end = bytes.IndexOf("\r\n"u8);
        if (bytes[0] != '$' || end < 0) return end < 0 ? -1 : end + 2;
        return end + 2 + int.Parse(bytes[1..end], CultureInfo.InvariantCulture) + 2;
    }
}
