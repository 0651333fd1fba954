using Stillhunt.Proving.Formats;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving;

/// <summary>Writes exchanges, one JSON object a line, in one format.</summary>
public abstract class TrafficWriter : IDisposable
{
    private protected TrafficWriter()
    {
    }

    /// <summary>A writer to a stream that the caller keeps and closes.</summary>
    public static TrafficWriter To(Stream stream, TrafficFormat format) => format switch
    {
        TrafficFormat.Native => new NativeWriter(stream),
        TrafficFormat.LiteLlm => new LiteLlmWriter(stream),
        TrafficFormat.Bedrock => new BedrockWriter(stream),
        TrafficFormat.Otlp => new OtlpWriter(stream),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Unknown format."),
    };

    internal abstract void Write(Draft draft);

    /// <summary>A writer of the same format that keeps its lines: in <see cref="Pending"/>, until <see cref="Forget"/>.</summary>
    internal abstract TrafficWriter Another();

    /// <summary>What was written and not yet sent on.</summary>
    internal abstract ReadOnlySpan<byte> Pending { get; }

    internal abstract void Forget();

    /// <summary>Lines that another writer of this format made.</summary>
    internal abstract void Raw(ReadOnlySpan<byte> lines);

    /// <summary>What this format calls an account.</summary>
    internal virtual string NameOf(Account account) => account.Id;

    public abstract void Dispose();
}
