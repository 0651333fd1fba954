using System.IO.Compression;

namespace Stillhunt.Ingest.Cutting;

/// <summary>Opens a log as plain bytes; gzip and zstd are known by their first bytes, not by the file's name.</summary>
internal sealed class LogStream : ForwardStream
{
    static LogStream()
    {
        // Without it the framework takes an archive that was cut off for a whole one, and half a day of traffic is missing in silence.
        AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);
    }

    private readonly Stream _raw;
    private readonly CountedStream _plain;
    private readonly CountedStream _counted;

    private readonly GzipSource? _gzip;

    private LogStream(Stream raw, CountedStream counted, Stream plain, GzipSource? gzip = null)
    {
        _raw = raw;
        _gzip = gzip;
        _counted = counted;
        _plain = new CountedStream(plain);
    }

    /// <summary>Bytes taken from the file itself, compressed as it is.</summary>
    public long BytesTaken => _counted.Taken;

    /// <summary>Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> with a sentence for the user.</summary>
    public static LogStream Open(string path)
    {
        var raw = path == LogFile.StandardInput
            ? Console.OpenStandardInput()
            : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1, FileOptions.SequentialScan);
        return Open(raw);
    }

    /// <summary>As for a path, from a stream that this one owns from here on, also where it throws.</summary>
    public static LogStream Open(Stream raw)
    {
        try
        {
            return Recognise(raw);
        }
        catch (IOException)
        {
            raw.Dispose();
            throw;
        }
    }

    private static LogStream Recognise(Stream raw)
    {
        var counted = new CountedStream(raw);
        var head = counted.Peek();
        if (head is [0x1F, 0x8B, ..])
        {
            var source = new GzipSource(counted);
            return new LogStream(raw, counted, new GZipStream(source, CompressionMode.Decompress), source);
        }

        if (head is [0x28, 0xB5, 0x2F, 0xFD, ..]) return new LogStream(raw, counted, ZstdPipe.Start(counted));
        if (head is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            throw new IOException("The file is UTF-16 text. Convert it to UTF-8 first, for example with iconv -f UTF-16 -t UTF-8.");

        return new LogStream(raw, counted, counted);
    }

    /// <summary>The framework speaks of archive entries and methods, which says nothing to whoever has a .gz.</summary>
    private static IOException Damaged(InvalidDataException broken) => new("Its compressed data is damaged or cut off, or it only looks like gzip.", broken);

    /// <summary>The first few plain bytes, which stay to be read.</summary>
    public ReadOnlySpan<byte> Peek()
    {
        try
        {
            return _plain.Peek();
        }
        catch (InvalidDataException broken)
        {
            throw Damaged(broken);
        }
    }

    /// <summary>As any stream; data that cannot be decompressed is an <see cref="IOException"/> like any other fault of a file.</summary>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            var read = _plain.Read(buffer);
            if (read == 0 && !buffer.IsEmpty && _gzip is not null && _gzip.HasMore()) throw new IOException("Behind its compressed data stand bytes that are not compressed, and those were not read.");
            return read;
        }
        catch (InvalidDataException broken)
        {
            throw Damaged(broken);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _plain.Dispose();
            _raw.Dispose();
        }

        base.Dispose(disposing);
    }
}
