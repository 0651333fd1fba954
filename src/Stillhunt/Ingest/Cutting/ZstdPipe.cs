using System.ComponentModel;
using System.Diagnostics;

namespace Stillhunt.Ingest.Cutting;

/// <summary>Decompresses through the <c>zstd</c> program: the framework has no decoder, and the program is Debian's.</summary>
internal sealed class ZstdPipe : ForwardStream
{
    private readonly Process _process;
    private readonly Task _feeding;
    private readonly Task<string> _complaints;
    private bool _checked;
    private bool _disposed;

    private ZstdPipe(Process process, Stream compressed)
    {
        _process = process;
        _complaints = process.StandardError.ReadToEndAsync();
        _feeding = Task.Run(() => Feed(compressed));
    }

    /// <summary>Throws <see cref="IOException"/> with a sentence for the user where the program is missing.</summary>
    public static ZstdPipe Start(Stream compressed)
    {
        try
        {
            var start = new ProcessStartInfo("zstd", ["-dcq", "-"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            return new ZstdPipe(Process.Start(start)!, compressed);
        }
        catch (Win32Exception missing)
        {
            throw new IOException("The file is compressed with zstd, and the program zstd was not found. Install the package zstd (apt-get install zstd), or decompress the file first.", missing);
        }
    }

    public override int Read(Span<byte> buffer)
    {
        var read = _process.StandardOutput.BaseStream.Read(buffer);
        if (read > 0 || _checked) return read;
        _checked = true;
        _process.WaitForExit();
        if (_process.ExitCode != 0) throw new IOException($"The zstd data is broken: {_complaints.GetAwaiter().GetResult().Trim()}");
        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            if (!_process.HasExited) _process.Kill();
            _process.WaitForExit();
            _feeding.Wait();
            _process.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Feed(Stream compressed)
    {
        try
        {
            using var input = _process.StandardInput.BaseStream;
            compressed.CopyTo(input, RecordBlock.NormalBytes);
        }
        catch (IOException)
        {
            // The program stopped reading: broken data or an early end of the scan. Its exit code says which.
        }
    }
}
