using System.Globalization;
using System.Text;

namespace Stillhunt.Ingest;

/// <summary>Counts which fields the first records have and whose they are.</summary>
internal sealed class InspectionSink(LogFiles files) : IExchangeSink
{
    private const int FirstPlaces = 3;

    private static readonly (string Name, Func<Exchange, bool> Has)[] Fields =
    [
        .. Enum.GetValues<ExchangeField>().Where(field => field != ExchangeField.Account)
            .Select(field => (NameOf(field), (Func<Exchange, bool>)(exchange => exchange.Has(field)))),
        ("prompt", exchange => exchange.HasPrompt),
        ("system", exchange => HasPart(exchange, PartRole.System)),
        ("tools", exchange => HasPart(exchange, PartRole.ToolDefinition)),
        ("params.temperature", exchange => exchange.Temperature is not null),
        ("params.max_tokens", exchange => exchange.MaxTokens is not null),
        ("params.n", exchange => exchange.ChoiceCount is not null),
        ("params.logprobs", exchange => exchange.Logprobs is not null),
        ("params.thinking", exchange => exchange.Thinking is not null),
        ("usage.input", exchange => exchange.InputTokens is not null),
        ("usage.output", exchange => exchange.OutputTokens is not null),
        ("usage.reasoning", exchange => exchange.ReasoningTokens is not null),
        ("status", exchange => exchange.Status is not null),
    ];

    private readonly long[] _present = new long[Fields.Length];
    private readonly Dictionary<string, long> _accounts = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _rejected = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Reason, string? Field), (long Count, List<string> First)> _refused = [];
    private readonly SortedDictionary<string, long> _dropped = new(StringComparer.Ordinal);
    private string? _first;
    private long _exchanges;

    public void Accept(Exchange exchange, LogPosition position)
    {
        _exchanges++;
        var account = Encoding.UTF8.GetString(exchange[ExchangeField.Account]);
        _first ??= account;
        _accounts[account] = _accounts.GetValueOrDefault(account) + 1;
        for (var i = 0; i < Fields.Length; i++)
        {
            if (Fields[i].Has(exchange)) _present[i]++;
        }
    }

    public void Reject(Rejection rejection, LogPosition position)
    {
        _rejected[rejection.Reason] = _rejected.GetValueOrDefault(rejection.Reason) + 1;
        var key = (rejection.Reason, rejection.Field);
        var (count, first) = _refused.TryGetValue(key, out var known) ? known : (0, []);
        if (first.Count < FirstPlaces) first.Add(string.Create(CultureInfo.InvariantCulture, $"{files.Files[position.File].Path}:{position.Line}"));
        _refused[key] = (count + 1, first);
    }

    public void DroppedField(string field, LogPosition position) => _dropped[field] = _dropped.GetValueOrDefault(field) + 1;

    public LogInspection Finish(string path, LogScanSummary summary, IReadOnlyList<InspectedFormat> formats, string? accountRule, MappingFile? mapping)
    {
        var largest = _accounts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).FirstOrDefault();
        return new LogInspection
        {
            Path = path,
            RecordCount = summary.RecordCount,
            ExchangeCount = _exchanges,
            Formats = formats,
            AccountRule = accountRule,
            AccountExample = _first,
            AccountCount = _accounts.Count,
            LargestAccount = largest.Key,
            LargestAccountShare = _exchanges == 0 ? 0 : (double)largest.Value / _exchanges,
            Fields = [.. Fields.Select((field, i) => new InspectedField(field.Name, _exchanges == 0 ? 0 : (double)_present[i] / _exchanges))],
            Rejected = _rejected,
            Rejections =
            [
                .. _refused.OrderByDescending(pair => pair.Value.Count).ThenBy(pair => pair.Key.Reason, StringComparer.Ordinal).ThenBy(pair => pair.Key.Field, StringComparer.Ordinal)
                    .Select(pair => new InspectedRejection(pair.Key.Reason, pair.Key.Field, pair.Value.Count, pair.Value.First)),
            ],
            EmptyMappings = mapping is null || _exchanges == 0 ? [] : [.. mapping.Fields.Where(IsEmpty).Select(field => new EmptyMapping(field.Target, field.Path.Text))],
            DroppedFields = _dropped,
            Faults = summary.Faults,
        };
    }

    /// <summary>Whether no exchange has what the mapping names; one that was of the wrong type is told as that.</summary>
    private bool IsEmpty((string Target, Json.FieldPath Path) mapped)
    {
        var counted = mapped.Target == "messages" ? "prompt" : mapped.Target;
        var field = Array.FindIndex(Fields, field => field.Name == counted);
        return field >= 0 && _present[field] == 0 && !_dropped.ContainsKey(mapped.Target);
    }

    private static bool HasPart(Exchange exchange, PartRole role)
    {
        for (var i = 0; i < exchange.PartCount; i++)
        {
            if (exchange.RoleOf(i) == role) return true;
        }

        return false;
    }

    private static string NameOf(ExchangeField field) => field switch
    {
        ExchangeField.EndUser => "end_user",
        ExchangeField.AsnOrg => "asn_org",
        ExchangeField.ReasoningRef => "reasoning_ref",
        _ => field.ToString().ToLowerInvariant(),
    };
}
