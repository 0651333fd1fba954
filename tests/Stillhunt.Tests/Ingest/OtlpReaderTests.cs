using Stillhunt.Ingest;
using Stillhunt.Ingest.Formats;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Tests.Ingest;

public sealed class OtlpReaderTests
{
    private const string Start = "\"traceId\":\"AB01\",\"spanId\":\"CD02\",\"startTimeUnixNano\":\"1769947200250000000\"";
    private const string Text = "[{\\\"role\\\":\\\"user\\\",\\\"parts\\\":[{\\\"type\\\":\\\"text\\\",\\\"content\\\":\\\"Name a lake.\\\"}]}]";

    private static string Attribute(string key, string value, string type = "stringValue") => $$"""{"key":"{{key}}","value":{"{{type}}":{{(type == "stringValue" ? $"\"{value}\"" : value)}} } }""";

    private static string Trace(string attributes, string resource = "", string rest = "") =>
        $$"""{"resourceSpans":[{"resource":{"attributes":[{{resource}}]},"scopeSpans":[{"spans":[{ {{Start}},"attributes":[{{attributes}}]{{rest}} }]}]}]}""";

    private static string Call(params string[] more) => string.Join(',', [Attribute("gen_ai.operation.name", "chat"), Attribute("gen_ai.request.model", "m"), .. more]);

    [Fact]
    public void A_span_with_messages_as_text_is_read()
    {
        var read = CollectingSink.One(Trace(Call(
            Attribute("user.id", "u"), Attribute("enduser.id", "e"), Attribute("gen_ai.conversation.id", "c"), Attribute("client.address", "192.0.2.1"),
            Attribute("gen_ai.request.temperature", "0.5", "doubleValue"), Attribute("gen_ai.request.max_tokens", "\"9\"", "intValue"), Attribute("gen_ai.request.choice.count", "2", "intValue"),
            Attribute("gen_ai.request.stream", "true", "boolValue"),
            Attribute("gen_ai.usage.input_tokens", "\"7\"", "intValue"), Attribute("gen_ai.usage.output_tokens", "5", "intValue"), Attribute("gen_ai.usage.reasoning.output_tokens", "3", "intValue"),
            Attribute("gen_ai.system_instructions", "[{\\\"type\\\":\\\"text\\\",\\\"content\\\":\\\"Be terse.\\\"}]"), Attribute("gen_ai.input.messages", Text),
            Attribute("gen_ai.response.finish_reasons", "{\"values\":[{\"stringValue\":\"stop\"}]}", "arrayValue"),
            Attribute("gen_ai.output.messages", "[{\\\"role\\\":\\\"assistant\\\",\\\"parts\\\":[{\\\"type\\\":\\\"reasoning\\\",\\\"content\\\":\\\"hidden\\\"},{\\\"type\\\":\\\"text\\\",\\\"content\\\":\\\"Como\\\"}]}]"))));
        Assert.Equal("ab01:cd02 u c 192.0.2.1 m Como stop", string.Join(' ', read[ExchangeField.Id], read.Account, read[ExchangeField.Conversation], read[ExchangeField.Ip], read[ExchangeField.Model], read[ExchangeField.Response], read[ExchangeField.Stop]));
        Assert.Equal([(PartRole.System, "Be terse."), (PartRole.User, "Name a lake.")], read.Parts);
        Assert.Equal((1769947200250, 0.5, 9, 2, true, 7, 5, 3), (read.TimeMs, read.Temperature, read.MaxTokens, read.ChoiceCount, read.Stream, read.Input, read.Output, read.Reasoning));
    }

    private const string Structured = """
        {"values":[{"kvlistValue":{"values":[{"key":"role","value":{"stringValue":"user"}},{"key":"parts","value":{"arrayValue":{"values":[{"kvlistValue":{"values":[{"key":"type","value":{"stringValue":"text"}},{"key":"content","value":{"stringValue":"Name a \"lake\"."}}]}}]}}}]}},
        {"kvlistValue":{"values":[{"key":"role","value":{"stringValue":"assistant"}},{"key":"parts","value":{"arrayValue":{"values":[{"kvlistValue":{"values":[{"key":"type","value":{"stringValue":"tool_call"}},{"key":"name","value":{"stringValue":"f"}},{"key":"arguments","value":{"kvlistValue":{"values":[{"key":"n","value":{"intValue":"4"}},{"key":"x","value":{}}]}}}]}}]}}}]}}]}
        """;

    [Fact]
    public void Structured_messages_are_read_in_spans_and_in_events()
    {
        (PartRole, string)[] expected = [(PartRole.User, "Name a \"lake\"."), (PartRole.Assistant, "f {\"n\":4,\"x\":null}")];
        var attributes = Call(Attribute("enduser.pseudo.id", "p"), Attribute("gen_ai.input.messages", Structured, "arrayValue"));
        var span = CollectingSink.One(Trace(attributes));
        Assert.Equal(expected, span.Parts);
        Assert.Equal("p", span.Account);
        var log = CollectingSink.One($$"""{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1769947200000000000","eventName":"gen_ai.client.inference.operation.details","traceId":"ab01","spanId":"cd02","attributes":[{{attributes}}]},{"timeUnixNano":"1","body":{"stringValue":"other"} }]}]}]}""");
        Assert.Equal(expected, log.Parts);
        Assert.Equal(span[ExchangeField.Id], log[ExchangeField.Id]);
    }

    [Theory]
    [InlineData("[{'role': 'user', 'content': 'It\\\\'s a \\\"lake\\\"?', 'n': None}]", "It's a \"lake\"?")]
    [InlineData("[{\\\"role\\\":\\\"user\\\",\\\"content\\\":\\\"plain\\\"}]", "plain")]
    [InlineData("no list at all", "no list at all")]
    [InlineData("[{'cut': 'of", "[{'cut': 'of")]
    public void Legacy_prompts_are_read_as_JSON_as_Python_or_as_they_stand(string logged, string prompt)
    {
        var read = CollectingSink.One(Trace(string.Join(',', Attribute("gen_ai.system", "v"), Attribute("enduser.id", "e"), Attribute("gen_ai.prompt", logged),
            Attribute("gen_ai.usage.prompt_tokens", "\"7\"", "intValue"), Attribute("gen_ai.usage.completion_tokens", "\"5\"", "intValue"))));
        Assert.Equal([(PartRole.User, prompt)], read.Parts);
        Assert.Equal(("e", 7, 5), (read.Account, read.Input, read.Output));
    }

    [Fact]
    public void Content_in_the_events_of_a_span_is_found()
    {
        var events = $$""","events":[{"name":"gen_ai.content.prompt","attributes":[{{Attribute("gen_ai.prompt", "[{\\\"role\\\":\\\"user\\\",\\\"content\\\":\\\"x\\\"}]")}}]}]""";
        Assert.Equal([(PartRole.User, "x")], CollectingSink.One(Trace(Call(Attribute("user.id", "u")), rest: events)).Parts);
    }

    [Fact]
    public void Messages_that_are_spread_over_attributes_are_put_together()
    {
        var read = CollectingSink.One(Trace(string.Join(',', Attribute("gen_ai.system", "v"), Attribute("user.id", "u"),
            Attribute("gen_ai.prompt.0.role", "system"), Attribute("gen_ai.prompt.0.content", "s"), Attribute("gen_ai.prompt.1.role", "user"), Attribute("gen_ai.prompt.1.content", "q"),
            Attribute("gen_ai.completion.0.role", "assistant"), Attribute("gen_ai.completion.0.content", "Como"))));
        Assert.Equal([(PartRole.System, "s"), (PartRole.User, "q")], read.Parts);
        Assert.Equal("Como", read[ExchangeField.Response]);
    }

    private static string Event(string name, string span, string body) =>
        $$"""{"timeUnixNano":"1769947200000000000","eventName":"{{name}}","traceId":"a","spanId":"{{span}}","attributes":[{"key":"user.id","value":{"stringValue":"u"} }],"body":{"kvlistValue":{"values":[{{body}}]} } }""";

    private static string Choice(string text) => Attribute("finish_reason", "stop") + ",{\"key\":\"message\",\"value\":{\"kvlistValue\":{\"values\":[" + Attribute("content", text) + "]}}}";

    private static CollectingSink Logs(params string[] logs) => CollectingSink.Of($$"""{"resourceLogs":[{"scopeLogs":[{"logRecords":[{{string.Join(',', logs)}}]}]}]}""");

    [Fact]
    public void Legacy_events_of_one_span_make_one_exchange()
    {
        var content = Attribute("content", "q");
        var sink = Logs(Event("gen_ai.system.message", "1", content), Event("gen_ai.user.message", "1", content), Event("gen_ai.choice", "1", Choice("Como")), Event("gen_ai.user.message", "2", content));
        Assert.Equal(2, sink.Exchanges.Count);
        Assert.Equal([(PartRole.System, "q"), (PartRole.User, "q")], sink.Exchanges[0].Parts);
        Assert.Equal(("Como", "stop", "a:1"), (sink.Exchanges[0][ExchangeField.Response], sink.Exchanges[0][ExchangeField.Stop], sink.Exchanges[0][ExchangeField.Id]));
    }

    [Fact]
    public void Legacy_events_of_one_span_make_one_exchange_whatever_is_logged_between_them()
    {
        var sink = Logs(
            Event("gen_ai.system.message", "1", Attribute("content", "s")), Event("gen_ai.system.message", "2", Attribute("content", "t")), Event("http.request", "1", Attribute("content", "GET")),
            Event("gen_ai.user.message", "1", Attribute("content", "q")), Event("gen_ai.user.message", "2", Attribute("content", "r")), Event("gen_ai.choice", "2", Choice("Garda")), Event("gen_ai.choice", "1", Choice("Como")));
        Assert.Equal(2, sink.Exchanges.Count);
        Assert.Equal([(PartRole.System, "s"), (PartRole.User, "q")], sink.Exchanges[0].Parts);
        Assert.Equal([(PartRole.System, "t"), (PartRole.User, "r")], sink.Exchanges[1].Parts);
        Assert.Equal("Como Garda", string.Join(' ', sink.Exchanges.Select(read => read[ExchangeField.Response])));
    }

    [Fact]
    public void Legacy_answers_of_one_call_are_its_candidates()
    {
        var read = Assert.Single(Logs(Event("gen_ai.user.message", "1", Attribute("content", "q")), Event("gen_ai.choice", "1", Choice("Como")), Event("gen_ai.choice", "1", Attribute("content", "Garda"))).Exchanges);
        Assert.Equal(("Como\nGarda", 2, "stop"), (read[ExchangeField.Response], read.ChoiceCount, read[ExchangeField.Stop]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0000000000000000")]
    public void Legacy_events_without_a_span_are_not_put_together(string span) =>
        Assert.Equal(2, Logs(Event("gen_ai.user.message", span, Attribute("content", "q")), Event("gen_ai.user.message", span, Attribute("content", "r"))).Exchanges.Count);

    [Fact]
    public void Names_of_the_protocols_definition_are_read_as_those_of_its_JSON()
    {
        static string Defined(string record) => System.Text.RegularExpressions.Regex.Replace(record, "(?<=[a-z])[A-Z](?=[A-Za-z]*\"\\s*:)", upper => "_" + upper.Value.ToLowerInvariant());
        var attributes = Call(Attribute("user.id", "u"), Attribute("gen_ai.usage.output_tokens", "\"5\"", "intValue"), Attribute("gen_ai.input.messages", Structured, "arrayValue"));
        var log = $$"""{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1769947200000000000","eventName":"gen_ai.client.inference.operation.details","traceId":"ab01","spanId":"cd02","attributes":[{{attributes}}]}]}]}]}""";
        foreach (var record in new[] { Trace(attributes), log })
        {
            Assert.Contains("string_value", Defined(record), StringComparison.Ordinal);
            var (read, expected) = (CollectingSink.One(Defined(record)), CollectingSink.One(record));
            Assert.Equal(expected.Parts, read.Parts);
            Assert.Equal((expected.Account, expected.TimeMs, expected.Output, expected[ExchangeField.Id]), (read.Account, read.TimeMs, read.Output, read[ExchangeField.Id]));
        }
    }

    [Theory]
    [InlineData("embeddings")]
    [InlineData("invoke_agent")]
    [InlineData("execute_tool")]
    public void Spans_that_are_no_call_of_a_model_are_passed_by(string operation)
    {
        var sink = CollectingSink.Of(Trace(Attribute("gen_ai.operation.name", operation) + "," + Attribute("user.id", "u")));
        Assert.Empty(sink.Exchanges);
        Assert.Empty(sink.Rejections);
        Assert.Empty(CollectingSink.Of(Trace(Attribute("http.route", "/"))).Rejections);
        Assert.Empty(CollectingSink.Of(Trace(string.Join(',', Attribute("llm.request.type", "embedding"), Attribute("gen_ai.system", "v"), Attribute("user.id", "u"), Attribute("gen_ai.prompt.0.content", "a chunk")))).Exchanges);
    }

    [Fact]
    public void A_resource_attribute_can_be_the_account()
    {
        var options = new ReadingOptions { AccountField = new AccountPath("tenant.id") };
        var read = CollectingSink.One(Trace(Call(Attribute("user.id", "u")), Attribute("tenant.id", "t")), options);
        Assert.Equal(("t", "u"), (read.Account, read[ExchangeField.EndUser]));
        Assert.Equal("no-account", CollectingSink.Refusal(Trace(Call())));
    }

    [Fact]
    public void Of_several_named_attributes_the_first_that_is_filled_is_the_account_wherever_it_stands()
    {
        var options = new ReadingOptions { AccountField = new AccountPath("tenant.id,team.id") };
        Assert.Equal("t", CollectingSink.One(Trace(Call(Attribute("team.id", "x"), Attribute("tenant.id", "t"))), options).Account);
        Assert.Equal("x", CollectingSink.One(Trace(Call(Attribute("tenant.id", ""), Attribute("team.id", "x"))), options).Account);
        Assert.Equal("no-account", CollectingSink.Refusal(Trace(Call(Attribute("user.id", "u"))), options));
    }

    [Fact]
    public void Failures_have_a_status()
    {
        Assert.Equal(500, CollectingSink.One(Trace(Call(Attribute("user.id", "u"), Attribute("error.type", "timeout")), rest: ""","status":{"code":2}""")).Status);
        Assert.Equal(429, CollectingSink.One(Trace(Call(Attribute("user.id", "u"), Attribute("error.type", "429")))).Status);
        Assert.Equal(200, CollectingSink.One(Trace(Call(Attribute("user.id", "u")), rest: ""","status":{"code":1}""")).Status);
    }

    [Fact]
    public void One_record_holds_many_exchanges_and_each_is_judged_alone()
    {
        var span = $$"""{ {{Start}},"attributes":[{{Call(Attribute("user.id", "u"))}}]}""";
        var bad = $$"""{"startTimeUnixNano":"0","attributes":[{{Call(Attribute("user.id", "u"))}}]}""";
        var sink = CollectingSink.Of($$"""{"resourceSpans":[{"scopeSpans":[{"spans":[{{span}},{{bad}},{{span}}]}]}]}""");
        Assert.Equal(2, sink.Exchanges.Count);
        Assert.Equal("time-out-of-range", Assert.Single(sink.Rejections).Reason);
    }

    [Fact]
    public void Values_that_nest_as_deep_as_the_limit_allows_are_read()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"arrayValue\":{\"values\":[", 70)) + "{}" + string.Concat(Enumerable.Repeat("]}}", 70));
        Assert.Equal("u", CollectingSink.One(Trace(Call(Attribute("user.id", "u"), "{\"key\":\"gen_ai.input.messages\",\"value\":" + deep + "}"))).Account);
    }
}
