using BenchmarkDotNet.Attributes;
using Stillhunt.Fingerprinting;
using Stillhunt.Ingest;
using Stillhunt.Ingest.Formats;
using Stillhunt.Profiles;
using Stillhunt.Sketches;

namespace Stillhunt.Bench;

/// <summary>Time and allocation of each stage for one exchange; lines and exchanges lie ready in memory.</summary>
[MemoryDiagnoser]
public class StageBenchmarks
{
    private const int Count = 2_000;

    private readonly Fingerprinter _fingerprinter = new(KeyedHash.Fixed, TextClassifier.Shipped);
    private readonly ExchangeFingerprint _print = new();
    private readonly Nothing _nothing = new();
    private readonly RecordReading _reading = new(ReadingOptions.Default, LogFormats.Native);
    private byte[][] _lines = [];
    private Exchange[] _exchanges = [];

    [GlobalSetup]
    public void Setup()
    {
        _lines = GeneratedTraffic.Lines(Count);
        // One reading for each, as a reading hands out one exchange that it fills again and again.
        var kept = new Keeping();
        foreach (var line in _lines) new RecordReading(ReadingOptions.Default, LogFormats.Native).Read(line, kept, default);
        _exchanges = [.. kept.Exchanges];
        if (_exchanges.Length != Count) throw new InvalidOperationException($"{_exchanges.Length} of {Count} lines could be read.");
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public void Read()
    {
        foreach (var line in _lines) _reading.Read(line, _nothing, default);
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public int Classify()
    {
        var sum = 0;
        foreach (var exchange in _exchanges) sum += TextClassifier.Shipped.Score(exchange)[Technique.Grading];
        return sum;
    }

    /// <summary>Hashes of the fields, and the classification.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public void Identify()
    {
        foreach (var exchange in _exchanges) _fingerprinter.Identify(exchange, "default"u8, 0, _print);
    }

    /// <summary>The phrases of an exchange that is kept in its day's sample.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public void FillContent()
    {
        foreach (var exchange in _exchanges) _fingerprinter.FillContent(exchange, _print);
    }

    /// <summary>All that a scan does with an exchange after reading it.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public long Observe()
    {
        var observer = new Observer(KeyedHash.Fixed, TextClassifier.Shipped, _ => "default");
        for (var i = 0; i < _exchanges.Length; i++) observer.Accept(_exchanges[i], new LogPosition(0, i));
        return observer.ExchangeCount;
    }

    private sealed class Nothing : IExchangeSink
    {
        public void Accept(Exchange exchange, LogPosition position)
        {
        }

        public void Reject(Rejection rejection, LogPosition position)
        {
        }

        public void DroppedField(string field, LogPosition position)
        {
        }
    }

    private sealed class Keeping : IExchangeSink
    {
        public List<Exchange> Exchanges { get; } = [];

        public void Accept(Exchange exchange, LogPosition position) => Exchanges.Add(exchange);

        public void Reject(Rejection rejection, LogPosition position)
        {
        }

        public void DroppedField(string field, LogPosition position)
        {
        }
    }
}
