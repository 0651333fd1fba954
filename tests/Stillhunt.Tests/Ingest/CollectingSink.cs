using System.Text;
using Stillhunt.Ingest;
using Stillhunt.Ingest.Formats;

namespace Stillhunt.Tests.Ingest;

/// <summary>Keeps everything that a reader reports, as strings.</summary>
internal sealed class CollectingSink : IExchangeSink
{
    public List<ReadExchange> Exchanges { get; } = [];
    public List<(string Reason, string? Field, LogPosition At)> Rejections { get; } = [];
    public List<string> Dropped { get; } = [];

    public void Accept(Exchange exchange, LogPosition position) => Exchanges.Add(new ReadExchange(exchange, position));

    public void Reject(Rejection rejection, LogPosition position) => Rejections.Add((rejection.Reason, rejection.Field, position));

    public void DroppedField(string field, LogPosition position) => Dropped.Add(field);

    /// <summary>Reads one record as a scan without a named format does.</summary>
    public static CollectingSink Of(string record, ReadingOptions? options = null) => Of(Encoding.UTF8.GetBytes(record), options);

    public static CollectingSink Of(byte[] record, ReadingOptions? options = null)
    {
        var sink = new CollectingSink();
        new RecordReading(options ?? ReadingOptions.Default, null).Read(record, sink, new LogPosition(0, 1));
        return sink;
    }

    /// <summary>The only exchange of a record that must be readable.</summary>
    public static ReadExchange One(string record, ReadingOptions? options = null)
    {
        var sink = Of(record, options);
        Assert.Empty(sink.Rejections);
        return Assert.Single(sink.Exchanges);
    }

    /// <summary>The reason for which a record is refused.</summary>
    public static string Refusal(string record, ReadingOptions? options = null)
    {
        var sink = Of(record, options);
        Assert.Empty(sink.Exchanges);
        return Assert.Single(sink.Rejections).Reason;
    }
}

/// <summary>A copy of an exchange.</summary>
internal sealed class ReadExchange
{
    private readonly Dictionary<ExchangeField, string> _fields = [];

    public ReadExchange(Exchange exchange, LogPosition at)
    {
        At = at;
        TimeMs = exchange.TimeMs;
        foreach (var field in Enum.GetValues<ExchangeField>())
        {
            if (exchange.Has(field)) _fields[field] = Encoding.UTF8.GetString(exchange[field]);
        }

        for (var i = 0; i < exchange.PartCount; i++) Parts.Add((exchange.RoleOf(i), Encoding.UTF8.GetString(exchange.TextOf(i))));
        (Temperature, TopP, MaxTokens, ChoiceCount) = (exchange.Temperature, exchange.TopP, exchange.MaxTokens, exchange.ChoiceCount);
        (Logprobs, Thinking, Stream) = (exchange.Logprobs, exchange.Thinking, exchange.Stream);
        (Input, Output, Reasoning, Status) = (exchange.InputTokens, exchange.OutputTokens, exchange.ReasoningTokens, exchange.Status);
        (Truncated, HasPrompt) = (exchange.Truncated, exchange.HasPrompt);
    }

    public LogPosition At { get; }
    public long TimeMs { get; }
    public List<(PartRole Role, string Text)> Parts { get; } = [];
    public double? Temperature { get; }
    public double? TopP { get; }
    public long? MaxTokens { get; }
    public int? ChoiceCount { get; }
    public bool? Logprobs { get; }
    public bool? Thinking { get; }
    public bool? Stream { get; }
    public long? Input { get; }
    public long? Output { get; }
    public long? Reasoning { get; }
    public int? Status { get; }
    public bool Truncated { get; }
    public bool HasPrompt { get; }

    public string? this[ExchangeField field] => _fields.GetValueOrDefault(field);

    public string? Account => this[ExchangeField.Account];
}
