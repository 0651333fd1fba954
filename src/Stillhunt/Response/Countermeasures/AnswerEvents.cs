using System.Buffers;
using System.Text;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Response.Countermeasures;

/// <summary>
/// Counter-measures on a stream of server-sent events, as it arrives: each event goes out as soon as it is whole. An event with nothing to take out goes out as the bytes
/// that it came as; one that is dropped leaves a comment line, so that a client's idle timeout sees life. Where the stream is cut into reads makes no difference.
/// </summary>
public sealed class AnswerEvents
{
    /// <summary>An event that grows beyond this is no event of these APIs, and would take memory without end.</summary>
    public const int MostEventBytes = 32 << 20;

    private readonly EventCutter _cutter = new();
    private readonly JsonOut _json = new();
    private readonly List<MadeEvent> _before = [];
    private readonly AnswerRewriter _rewriter;
    private readonly bool _onlyMarks;

    public AnswerEvents(ModelApi api, Measures measures)
    {
        ArgumentNullException.ThrowIfNull(measures);
        (_rewriter, _onlyMarks) = (AnswerRewriter.Of(api, measures), measures.OnlyMarks);
    }

    /// <summary>Output tokens of the whole answer, as soon as the stream declared them; null where it did not.</summary>
    public long? OutputTokens => _rewriter.OutputTokens;

    /// <summary>Events that could not be read, or name a member twice in one object, and were left out: what can't be read in one way can't be cleared. Where nothing is to be taken out they pass.</summary>
    public int UnreadableCount { get; private set; }

    /// <exception cref="InvalidDataException">An event is longer than <see cref="MostEventBytes"/>.</exception>
    public void Push(ReadOnlySpan<byte> bytes, IBufferWriter<byte> to)
    {
        ArgumentNullException.ThrowIfNull(to);
        _cutter.Add(bytes);
        while (_cutter.TryTake(out var whole)) Take(whole, to);
        if (_cutter.HeldBytes > MostEventBytes) throw new InvalidDataException("An event of the answer is too long to be rewritten.");
    }

    /// <summary>The stream ended; what is left counts as an event.</summary>
    public void End(IBufferWriter<byte> to)
    {
        ArgumentNullException.ThrowIfNull(to);
        _cutter.End();
        while (_cutter.TryTake(out var whole)) Take(whole, to);
        WriteHeldBack(to);
        _rewriter.IsWhole();
    }

    private void WriteHeldBack(IBufferWriter<byte> to)
    {
        _before.Clear();
        _rewriter.End(_before);
        WriteBefore(to);
    }

    private void WriteBefore(IBufferWriter<byte> to)
    {
        foreach (var made in _before) ServerEvent.Write(made.Name.Length > 0 ? Encoding.ASCII.GetBytes($"event: {made.Name}\n") : [], made.Data, to);
    }

    private void Take(ReadOnlySpan<byte> whole, IBufferWriter<byte> to)
    {
        var told = ServerEvent.Of(whole);
        var isDone = told.Data.SequenceEqual("[DONE]"u8);
        if (isDone)
        {
            WriteHeldBack(to);
            _rewriter.IsWhole();
        }

        if (isDone || (told.Data.IsEmpty && (told.IsEvent || _onlyMarks)))
        {
            to.Write(whole);
            return;
        }

        if (!JsonValue.TryOf(told.Data, out var data) || !data.IsObject || JsonDoubles.Any(told.Data))
        {
            if (_onlyMarks)
            {
                to.Write(whole);
                return;
            }

            UnreadableCount++;
            to.Write(":\n\n"u8);
            return;
        }

        _json.Reset();
        _before.Clear();
        var isLeft = _rewriter.Event(data, _json, _before);
        WriteBefore(to);
        if (!isLeft) to.Write(":\n\n"u8);
        else if (_json.Changed) ServerEvent.Write(told.OtherLines, _json.Written, to);
        else to.Write(whole);
    }
}
