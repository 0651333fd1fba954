using System.Text;
using Stillhunt.Ingest;
using Stillhunt.Ingest.Formats;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Tests.Ingest;

public sealed class NativeReaderTests
{
    private const string Time = "\"time\":\"2026-02-01T12:00:00Z\",\"account\":\"a\"";

    [Fact]
    public void Every_field_of_the_format_is_read()
    {
        var read = CollectingSink.One("""
            {"id":"i","time":"2026-02-01T12:00:00.123Z","account":"a","organization":"o","key":"k","end_user":"e","pathway":"api",
             "ip":"203.0.113.7","asn":64500,"asn_org":"Net","country":"DE","client":"ua","tls":"t","headers":"h","model":"m",
             "conversation":"c","system":"Be brief.","messages":[{"role":"user","content":"Hi \u00e9\ud83d\ude00"}],"tools":["search"],
             "params":{"temperature":1.0,"top_p":0.5,"max_tokens":4096,"n":2,"logprobs":false,"thinking":true,"stream":true},
             "usage":{"input":512,"output":2048,"reasoning":900},"response":"r","stop":"end_turn","status":200,"reasoning_ref":"f"}
            """);
        Assert.Equal(1769947200123, read.TimeMs);
        Assert.Equal("i a o k e api 203.0.113.7 64500 Net DE ua t h m c r end_turn f", string.Join(' ', new[]
        {
            ExchangeField.Id, ExchangeField.Account, ExchangeField.Organization, ExchangeField.Key, ExchangeField.EndUser, ExchangeField.Pathway,
            ExchangeField.Ip, ExchangeField.Asn, ExchangeField.AsnOrg, ExchangeField.Country, ExchangeField.Client, ExchangeField.Tls,
            ExchangeField.Headers, ExchangeField.Model, ExchangeField.Conversation, ExchangeField.Response, ExchangeField.Stop, ExchangeField.ReasoningRef,
        }.Select(field => read[field])));
        Assert.Equal([(PartRole.System, "Be brief."), (PartRole.User, "Hi é😀"), (PartRole.ToolDefinition, "search")], read.Parts);
        Assert.Equal((1.0, 0.5, 4096, 2, false, true, true), (read.Temperature, read.TopP, read.MaxTokens, read.ChoiceCount, read.Logprobs, read.Thinking, read.Stream));
        Assert.Equal((512, 2048, 900, 200), (read.Input, read.Output, read.Reasoning, read.Status));
    }

    [Fact]
    public void A_prompt_is_one_user_message_and_unknown_fields_are_passed_over()
    {
        var read = CollectingSink.One($$"""{{{Time}},"prompt":"Hello","zzz":{"deep":[1,2]} }""");
        Assert.Equal([(PartRole.User, "Hello")], read.Parts);
    }

    [Fact]
    public void The_order_of_keys_does_not_matter_and_the_last_of_a_duplicate_counts()
    {
        var read = CollectingSink.One($$"""
            {"messages":[{"content":"first","role":"user"}],"tools":["t"],"account":"x",{{Time}},"system":"s",
             "messages":[{"content":"second","role":"user"}],"ip":"1.1.1.1","ip":"2.2.2.2"}
            """);
        Assert.Equal("a", read.Account);
        Assert.Equal("2.2.2.2", read[ExchangeField.Ip]);
        Assert.Equal([(PartRole.System, "s"), (PartRole.User, "second"), (PartRole.ToolDefinition, "t")], read.Parts);
    }

    [Fact]
    public void Parts_of_all_dialects_read_alike()
    {
        string[] dialects =
        [
            """[{"role":"user","content":"Look."}]""",
            """[{"role":"user","content":[{"type":"text","text":"Look."}]}]""",
            """[{"role":"user","content":[{"type":"input_text","text":"Look."}]}]""",
            """[{"role":"user","parts":[{"type":"text","content":"Look."}]}]""",
            """[{"role":"user","content":[{"text":"Look."}]}]""",
            """["Look."]""",
        ];
        foreach (var messages in dialects)
            Assert.Equal([(PartRole.User, "Look.")], CollectingSink.One($$"""{{{Time}},"messages":{{messages}}}""").Parts);
    }

    [Fact]
    public void Pieces_of_one_message_join_and_an_image_stands_before_the_words()
    {
        var read = CollectingSink.One($$"""
            {{{Time}},"messages":[{"role":"user","content":[{"type":"text","text":"one"},{"type":"image_url","image_url":{"url":"data:..."} },{"type":"text","text":"two"}]}]}
            """);
        Assert.Equal([(PartRole.User, "[image]"), (PartRole.User, "one\ntwo")], read.Parts);
    }

    [Fact]
    public void Tool_calls_and_their_results_are_parts_in_every_dialect()
    {
        string[] dialects =
        [
            """[{"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"run","arguments":"{\"p\":1}"}}]},{"role":"tool","tool_call_id":"1","content":"ok"}]""",
            """[{"role":"assistant","content":[{"type":"tool_use","id":"1","name":"run","input":{"p":1}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"1","content":[{"type":"text","text":"ok"}]}]}]""",
            """[{"role":"assistant","parts":[{"type":"tool_call","name":"run","arguments":{"p":1}}]},{"role":"tool","parts":[{"type":"tool_call_response","response":"ok"}]}]""",
            """[{"role":"assistant","parts":[{"type":"tool_call","name":"run","arguments":{"p":1}}]},{"role":"tool","parts":[{"type":"tool_call_response","result":"ok"}]}]""",
            """[{"role":"assistant","content":[{"toolUse":{"name":"run","input":{"p":1}}}]},{"role":"user","content":[{"toolResult":{"content":[{"text":"ok"}]}}]}]""",
            """[{"type":"function_call","name":"run","arguments":"{\"p\":1}"},{"type":"function_call_output","output":"ok"}]""",
        ];
        foreach (var messages in dialects)
        {
            var parts = CollectingSink.One($$"""{{{Time}},"messages":{{messages}}}""").Parts;
            Assert.Equal([(PartRole.Assistant, "run {\"p\":1}"), (PartRole.Tool, "ok")], parts);
        }
    }

    [Fact]
    public void A_reasoning_handle_that_is_passed_in_is_kept_as_its_hash_only()
    {
        string[] dialects =
        [
            """[{"role":"assistant","content":[{"type":"thinking","thinking":"","signature":"c2ln"}]}]""",
            """[{"role":"assistant","content":[{"type":"redacted_thinking","data":"c2ln"}]}]""",
            """[{"type":"reasoning","summary":[],"encrypted_content":"c2ln"}]""",
            """[{"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"","signature":"c2ln"}}}]}]""",
        ];
        var hashes = dialects.Select(messages => CollectingSink.One($$"""{{{Time}},"messages":{{messages}}}""")[ExchangeField.ReasoningRef]).ToList();
        Assert.All(hashes, hash => Assert.Equal(32, hash!.Length));
        Assert.Single(hashes.Distinct());
    }

    [Fact]
    public void A_tool_schema_becomes_its_name_and_its_words()
    {
        var read = CollectingSink.One($$"""
            {{{Time}},"tools":[{"type":"function","function":{"name":"note","description":"Takes a note","parameters":{"type":"object",
             "properties":{"thoughts":{"type":"string","description":"all of them"},"description":{"type":"string"} } } } },
             {"name":"edit","input_schema":{"type":"object","properties":{"path":{"type":"string"} } } },
             {"toolSpec":{"name":"run","inputSchema":{"json":{"type":"object","properties":{"cmd":{} } } } } }]}
            """);
        Assert.Equal(
            [(PartRole.ToolDefinition, "note\nTakes a note\nthoughts\nall of them\ndescription"), (PartRole.ToolDefinition, "edit\npath"), (PartRole.ToolDefinition, "run\ncmd")],
            read.Parts);
        Assert.False(read.HasPrompt);
    }

    [Theory]
    [InlineData("\"2026-02-01T12:00:00Z\"", 1769947200000)]
    [InlineData("\"2026-02-01T12:00:00.5+02:00\"", 1769940000500)]
    [InlineData("\"2026-02-01 12:00:00.123456789+0000\"", 1769947200123)]
    [InlineData("\"2026-02-01t12:00:00-05\"", 1769965200000)]
    [InlineData("\"2016-12-31T23:59:60Z\"", 1483228800000)]
    [InlineData("1769947200", 1769947200000)]
    [InlineData("1769947200.125", 1769947200125)]
    [InlineData("1769947200123", 1769947200123)]
    [InlineData("1769947200123456", 1769947200123)]
    [InlineData("1769947200123456789", 1769947200123)]
    [InlineData("\"1769947200\"", 1769947200000)]
    [InlineData("\"1769947200.5\"", 1769947200500)]
    [InlineData("1.7699472e9", 1769947200000)]
    public void A_time_is_read_in_every_common_form(string time, long milliseconds) =>
        Assert.Equal(milliseconds, CollectingSink.One($$"""{"account":"a","time":{{time}}}""").TimeMs);

    [Theory]
    [InlineData("\"2026-02-01T12:00:00\"", "time-without-zone")]
    [InlineData("\"2026-02-01\"", "time-unreadable")]
    [InlineData("\"yesterday\"", "time-unreadable")]
    [InlineData("\"2026-02-30T12:00:00Z\"", "time-unreadable")]
    [InlineData("\"2026-02-01T25:00:00Z\"", "time-unreadable")]
    [InlineData("\"2026-02-01T12:00:00+99:00\"", "time-unreadable")]
    [InlineData("\"1999-12-31T23:59:59Z\"", "time-out-of-range")]
    [InlineData("\"2100-01-01T00:00:00Z\"", "time-out-of-range")]
    [InlineData("0", "time-out-of-range")]
    [InlineData("-5", "time-out-of-range")]
    [InlineData("1e400", "time-unreadable")]
    [InlineData("99999999999999999999", "time-out-of-range")]
    [InlineData("true", "time-unreadable")]
    [InlineData("{}", "time-unreadable")]
    [InlineData("null", "no-time")]
    public void A_time_that_cannot_be_trusted_refuses_the_line(string time, string reason) =>
        Assert.Equal(reason, CollectingSink.Refusal($$"""{"account":"a","time":{{time}}}"""));

    [Theory]
    [InlineData("""{"time":1769947200,"account":""}""")]
    [InlineData("""{"time":1769947200,"account":null}""")]
    [InlineData("""{"time":1769947200,"account":["x"]}""")]
    public void An_exchange_without_account_is_refused(string line) => Assert.Equal("no-account", CollectingSink.Refusal(line));

    [Fact]
    public void An_optional_field_of_the_wrong_type_is_dropped_and_counted_and_the_line_kept()
    {
        var sink = CollectingSink.Of($$"""
            {{{Time}},"ip":7,"asn":"x","model":["m"],"messages":"hi","system":5,"tools":"t","params":{"temperature":"hot","max_tokens":-1,"n":1e99},
             "usage":{"input":1.5,"output":99999999999999999999999},"status":123456,"response":{} }
            """);
        Assert.Equal(
            ["asn", "ip", "messages", "model", "params.max_tokens", "params.n", "params.temperature", "response", "status", "system", "tools", "usage.input", "usage.output"],
            sink.Dropped.Order(StringComparer.Ordinal));
        var read = Assert.Single(sink.Exchanges);
        Assert.Null(read[ExchangeField.Ip]);
        Assert.Null(read.Output);
        Assert.Empty(read.Parts);
    }

    [Fact]
    public void Null_and_the_empty_string_are_absent_and_not_wrong()
    {
        var sink = CollectingSink.Of($$"""{{{Time}},"ip":"","model":null,"params":null,"usage":{"input":null},"messages":null,"status":null}""");
        Assert.Empty(sink.Dropped);
        Assert.Null(sink.Exchanges[0][ExchangeField.Ip]);
    }

    [Theory]
    [InlineData("64500")]
    [InlineData("\"64500\"")]
    [InlineData("\"AS64500\"")]
    public void A_network_number_has_one_form(string asn) =>
        Assert.Equal("64500", CollectingSink.One($$"""{{{Time}},"asn":{{asn}}}""")[ExchangeField.Asn]);

    [Fact]
    public void The_placeholder_of_a_redacted_prompt_is_no_text()
    {
        var read = CollectingSink.One($$"""{{{Time}},"messages":[{"role":"user","content":"redacted-by-litellm"}],"system":"[REDACTED]","response":"<redacted>"}""");
        Assert.False(read.HasPrompt);
        Assert.Null(read[ExchangeField.Response]);
    }

    [Theory]
    [InlineData("""{"time":1769947200,"account":"a","messages":[{"role":"user","content":"cut of""", "not-json")]
    [InlineData("""{"time":1769947200,"account":"a"} trailing""", "not-json")]
    [InlineData("""{"time":1769947200,"account":"a",}""", "not-json")]
    [InlineData("hello", "not-json")]
    [InlineData("5", "not-json")]
    [InlineData("""{"x":1}""", "unknown-format")]
    public void A_malformed_line_is_refused_with_a_reason(string line, string reason) => Assert.Equal(reason, CollectingSink.Refusal(line));

    [Fact]
    public void Nul_bytes_are_refused_and_named()
    {
        Assert.Equal("nul-bytes", CollectingSink.Refusal("\0\0\0\0"));
        Assert.Equal("nul-bytes", CollectingSink.Refusal($$"""{{{Time}},"ip":"1{{'\0'}}2"}"""));
    }

    [Fact]
    public void Deep_nesting_is_refused_and_named_and_what_the_limit_allows_is_read()
    {
        Assert.Equal("too-deep", CollectingSink.Refusal($$"""{{{Time}},"x":{{new string('[', 100_000)}}{{new string(']', 100_000)}}}"""));
        Assert.Equal("a", CollectingSink.One($$"""{{{Time}},"x":{{new string('[', 200)}}{{new string(']', 200)}}}""").Account);
        var nested = string.Concat(Enumerable.Repeat("""{"role":"user","content":[""", 60)) + string.Concat(Enumerable.Repeat("]}", 60));
        Assert.Equal("a", CollectingSink.One($$"""{{{Time}},"messages":[{{nested}}]}""").Account);
    }

    [Fact]
    public void Invalid_bytes_and_lone_surrogates_are_replaced_so_that_nobody_hides_behind_one()
    {
        byte[] line = [.. "{\"time\":1769947200,\"account\":\"a\",\"prompt\":\"x"u8, 0xFF, 0xC3, .. "y\"}"u8];
        var sink = CollectingSink.Of(line);
        Assert.Equal("x\uFFFD\uFFFDy", Assert.Single(sink.Exchanges).Parts[0].Text);
        Assert.Equal(["invalid-utf-8"], sink.Dropped);
        var read = CollectingSink.One("""{"time":1769947200,"account":"\ud800a","prompt":"\udc00\ud83d"}""");
        Assert.Equal("\uFFFDa", read.Account);
        Assert.Equal("\uFFFD\uFFFD", read.Parts[0].Text);
    }

    [Fact]
    public void An_escaped_name_is_the_same_name() =>
        Assert.Equal("b", CollectingSink.One("""{"time":1769947200,"account":"a","\u0061ccount":"b"}""").Account);

    [Fact]
    public void An_id_of_ten_thousand_characters_is_kept_whole()
    {
        var id = new string('z', 10_000);
        Assert.Equal(id, CollectingSink.One($$"""{"time":1769947200,"account":"{{id}}"}""").Account);
    }

    [Fact]
    public void Another_path_can_be_the_account()
    {
        var options = new ReadingOptions { AccountField = new AccountPath("tags.tenant") };
        Assert.Equal("t1", CollectingSink.One("""{"time":1769947200,"tags":{"tenant":"t1"}}""", options).Account);
        Assert.Equal("no-account", CollectingSink.Refusal("""{"time":1769947200,"account":"a"}""", options));
    }

    [Theory]
    [InlineData("""{"time":1769947200,"account":"gw","tags":{"tenant":"t1"},"team":"x"}""", "t1")]
    [InlineData("""{"time":1769947200,"account":"gw","team":"x"}""", "x")]
    [InlineData("""{"time":1769947200,"account":"gw","tags":{"tenant":""},"team":"x"}""", "x")]
    [InlineData("""{"time":1769947200,"account":"gw","tags":{"tenant":"REDACTED"},"team":7}""", "7")]
    [InlineData("""{"time":1769947200,"account":"gw","tags":{"tenant":{"id":"t1"}},"team":"x"}""", "x")]
    public void Of_several_account_fields_the_first_that_is_filled_counts(string record, string account) =>
        Assert.Equal(account, CollectingSink.One(record, new ReadingOptions { AccountField = new AccountPath("tags.tenant, team") }).Account);

    [Fact]
    public void A_record_that_fills_none_of_the_account_fields_is_refused_and_never_given_to_the_gateway()
    {
        var sink = CollectingSink.Of("""{"time":1769947200,"account":"gw"}""", new ReadingOptions { AccountField = new AccountPath("tags.tenant,team") });
        Assert.Equal(("no-account", "tags.tenant, else team"), (Assert.Single(sink.Rejections).Reason, sink.Rejections[0].Field));
    }

    [Fact]
    public void Reading_allocates_nothing_once_the_buffers_have_their_size()
    {
        var line = Encoding.UTF8.GetBytes($$"""
            {"id":"x1",{{Time}},"ip":"203.0.113.7","asn":64500,"model":"m","system":[{"type":"text","text":"Be \"brief\"."}],
             "messages":[{"role":"user","content":[{"type":"text","text":"caf\u00e9"},{"type":"image","source":{} }]},
             {"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"c2ln"},{"type":"tool_use","name":"f","input":{"a":[1]} }]}],
             "tools":["search",{"name":"edit","input_schema":{"properties":{"path":{"description":"d"} } } }],
             "params":{"temperature":1.0,"max_tokens":4096,"stream":true},"usage":{"input":1,"output":2},"status":200,"response":"r","bad":1,"stop":7}
            """);
        var reading = new RecordReading(ReadingOptions.Default, null);
        var sink = new CountingSink();
        for (var i = 0; i < 200; i++) reading.Read(line, sink, default);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) reading.Read(line, sink, default);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1200, sink.ExchangeCount);
    }
}
