using System.Text;
using System.Text.Json;
using Stillhunt.Ingest;
using Stillhunt.Ingest.Formats;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Tests.Ingest;

/// <summary>A record that is read by its tokens gives what the walk through its properties gives.</summary>
public sealed class NativeTokensTests
{
    private static readonly string[] Records =
    [
        """{"id":"req_1","time":"2026-02-01T12:00:00.123Z","account":"a","organization":"[REDACTED]","key":"redacted","ip":"203.0.113.7","asn":64500,"client":"Mozilla/5.0 (X11)","model":"m","system":"Be brief. (litellm_truncated skipped 9 chars. x) And kind.","messages":[{"role":"user","content":"Hi \\u00e9\\n\\"there\\""},{"content":"No.","role":"assistant"},{"role":"user","content":[{"type":"text","text":"one"},"two"]}],"tools":["t",{"name":"n","description":"d"}],"params":{"temperature":0.5,"max_tokens":9},"usage":{"input":1,"output":2},"status":200}""",
        """{"time":1770000000,"account":"b","key":"masked","prompt":"Hello <there>","messages":[],"response":"\\ud83d\\ude00 \\ud800","stop":"end","conversation":"c_1","unknown":{"x":[1,{"y":null}]}}""",
        """{"time":"2026-02-01T12:00:00Z","account":"a","ip":"1.1.1.1","ip":"2.2.2.2","messages":["bare",null,{"role":"tool","content":"r"},{"role":"user","content":"a","content":"b"},{"role":"user","content":"prompt redacted"}],"system":["s",{"text":"t"}]}""",
    ];

    private const string Letters = "{}[]\",:\\ntu05.e arm";

    [Fact]
    public void The_same_exchanges_refusals_and_dropped_fields_come_out_either_way()
    {
        var random = new Random(3);
        var reader = new NativeReader(ReadingOptions.Default);
        var accepted = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var record = new StringBuilder(Records[round % Records.Length]);
            for (var changes = random.Next(0, 3); changes > 0; changes--)
            {
                var at = random.Next(1, record.Length);
                if (random.Next(2) == 0) record[at] = Letters[random.Next(Letters.Length)];
                else record.Remove(at, 1);
            }

            var json = Encoding.UTF8.GetBytes(record.ToString());
            var (byTokens, walked) = (Read(reader, json, walk: false), Read(reader, json, walk: true));
            Assert.Equal(walked, byTokens);
            if (walked.StartsWith("Read", StringComparison.Ordinal)) accepted++;
        }

        Assert.InRange(accepted, 4_000, 19_000);
    }

    private static string Read(NativeReader reader, byte[] json, bool walk)
    {
        // An escaped name is too unusual for the tokens, so that the properties are walked through; this one means nothing.
        if (walk) json = [(byte)'{', .. "\"\\u007a\":0,"u8, .. json.AsSpan(1)];
        var sink = new CollectingSink();
        try
        {
            var result = reader.Read(new JsonValue(json, JsonTokenType.StartObject, escaped: false), new Exchange(), sink, default);
            var read = sink.Exchanges.Select(exchange => JsonSerializer.Serialize(exchange) + string.Join(';', exchange.Parts)
                + string.Join(';', Enum.GetValues<ExchangeField>().Select(field => exchange[field])));
            return $"{result.Outcome} {result.Why} {string.Join('\n', read)} {string.Join(',', sink.Dropped)}";
        }
        catch (JsonException)
        {
            return "malformed";
        }
    }
}
