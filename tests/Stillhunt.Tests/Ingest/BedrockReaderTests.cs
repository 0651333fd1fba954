using Stillhunt.Ingest;
using Stillhunt.Ingest.Formats;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Tests.Ingest;

public sealed class BedrockReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Record(string arn, string account = "111122223333", string rest = "") =>
        $$"""{"schemaType":"ModelInvocationLog","timestamp":"2026-02-01T12:00:00Z","accountId":"{{account}}","identity":{"arn":"{{arn}}"},"requestId":"r","modelId":"us.vendor.m-v1:0"{{rest}} }""";

    private static string Role(string role, string session) => $"arn:aws:sts::111122223333:assumed-role/{role}/{session}";

    private string Accounts(params string[] records)
    {
        var sink = new CollectingSink();
        LogScan.Run(LogFiles.Find([new LogInput(_folder.Write("log.json", string.Join('\n', records)))]), new LogScanOptions(), sink);
        return string.Join(' ', sink.Exchanges.Select(read => read.Account));
    }

    [Fact]
    public void Several_AWS_accounts_are_the_accounts() => Assert.Equal("1 2 1", Accounts(Record(Role("r", "a"), "1"), Record(Role("r", "b"), "2"), Record(Role("r", "c"), "1")));

    [Fact]
    public void What_a_subscription_delivers_is_read_and_looked_at()
    {
        static string Delivered(params string[] arns) => System.Text.Json.JsonSerializer.Serialize(new
        {
            messageType = "DATA_MESSAGE", owner = "1", logGroup = "g", logEvents = arns.Select(arn => new { id = "1", timestamp = 1, message = Record(arn) }),
        });

        Assert.Equal("arn:aws:iam::1:user/a arn:aws:iam::1:user/b arn:aws:iam::1:user/c",
            Accounts(Delivered("arn:aws:iam::1:user/a", "arn:aws:iam::1:user/b") + Delivered("arn:aws:iam::1:user/c")));
    }

    [Fact]
    public void In_a_log_of_one_AWS_account_the_caller_is_its_ARN() =>
        Assert.Equal("arn:aws:iam::1:user/a arn:aws:iam::1:user/b", Accounts(Record("arn:aws:iam::1:user/a"), Record("arn:aws:iam::1:user/b")));

    [Fact]
    public void Where_every_caller_is_a_session_of_one_role_the_session_is_the_caller()
    {
        string[] sessions = [Role("app", "tenant-1"), Role("app", "tenant-2"), Role("app", "tenant-3")];
        Assert.Equal(string.Join(' ', sessions), Accounts([.. sessions.Select(arn => Record(arn))]));
    }

    [Fact]
    public void Sessions_that_rotate_under_several_roles_are_no_callers()
    {
        string[] arns = [Role("shop", "worker-7"), Role("shop", "worker-9"), Role("search", "i-0a1b2c3d4e5f"), Role("search", "i-0a1b2c3d4e60")];
        Assert.Equal("arn:aws:sts::111122223333:assumed-role/shop arn:aws:sts::111122223333:assumed-role/shop arn:aws:sts::111122223333:assumed-role/search arn:aws:sts::111122223333:assumed-role/search",
            Accounts([.. arns.Select(arn => Record(arn))]));
    }

    [Fact]
    public void Sessions_with_names_of_their_own_stay_callers_under_several_roles()
    {
        string[] arns = [Role("api", "acct_7b60ce"), Role("api", "acct_95aecb"), Role("batch", "acct_4389af"), Role("batch", "acct_0062dc")];
        Assert.Equal(string.Join(' ', arns), Accounts([.. arns.Select(arn => Record(arn))]));
    }

    [Fact]
    public void Standard_input_is_decided_on_its_first_block()
    {
        using var input = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Record("arn:aws:iam::1:user/a") + "\n" + Record("arn:aws:iam::1:user/b")));
        var sink = new CollectingSink();
        LogScan.Run(LogFiles.Find([new LogInput("-")]), new LogScanOptions { StandardInput = input }, sink);
        Assert.Equal("arn:aws:iam::1:user/a", sink.Exchanges[0].Account);
    }

    [Fact]
    public void A_key_of_the_request_metadata_can_be_the_account()
    {
        var options = new ReadingOptions { AccountField = new AccountPath("requestMetadata.tenant") };
        Assert.Equal("t-1", CollectingSink.One(Record("arn", rest: ""","requestMetadata":{"tenant":"t-1"}"""), options).Account);
    }

    [Fact]
    public void Bodies_of_Anthropic_and_Converse_are_read_inline_and_as_text()
    {
        const string Anthropic = """{"max_tokens":9,"system":"Be terse.","messages":[{"role":"user","content":"Name a lake."}],"metadata":{"user_id":"user_a_account_b_session_c"}}""";
        var inline = CollectingSink.One(Record("arn", rest: $$""","operation":"InvokeModel","input":{"inputBodyJson":{{Anthropic}},"inputTokenCount":7},"output":{"outputBodyJson":{"content":[{"type":"text","text":"Como"}],"stop_reason":"end_turn"},"outputTokenCount":5}"""));
        Assert.Equal([(PartRole.System, "Be terse."), (PartRole.User, "Name a lake.")], inline.Parts);
        Assert.Equal("Como end_turn vendor.m-v1:0 user_a_account_b c bedrock", string.Join(' ', inline[ExchangeField.Response], inline[ExchangeField.Stop], inline[ExchangeField.Model], inline[ExchangeField.EndUser], inline[ExchangeField.Conversation], inline[ExchangeField.Pathway]));
        Assert.Equal((7, 5, 9, 200, false), (inline.Input, inline.Output, inline.MaxTokens, inline.Status, inline.Stream));

        var text = CollectingSink.One(Record("arn", rest: $$""","input":{"inputBodyJson":"{{Anthropic.Replace("\"", "\\\"", StringComparison.Ordinal)}}"}"""));
        Assert.Equal(inline.Parts, text.Parts);

        var converse = CollectingSink.One(Record("arn", rest: """
            ,"operation":"Converse","input":{"inputBodyJson":{"system":[{"text":"Be terse."}],"messages":[{"role":"user","content":[{"text":"Name a lake."},{"image":{"format":"png"}}]}],"inferenceConfig":{"maxTokens":9,"topP":0.9},"toolConfig":{"tools":[{"toolSpec":{"name":"f"}}]},"additionalModelRequestFields":{"thinking":{"type":"enabled"}}}},"output":{"outputBodyJson":{"output":{"message":{"content":[{"reasoningContent":{"reasoningText":{"text":"hidden"}}},{"text":"Como"},{"toolUse":{"name":"f","input":{}}}]}},"stopReason":"tool_use","usage":{"inputTokens":7,"outputTokens":5}}}
            """.ReplaceLineEndings("")));
        Assert.Equal([(PartRole.System, "Be terse."), (PartRole.User, "[image]"), (PartRole.User, "Name a lake."), (PartRole.ToolDefinition, "f")], converse.Parts);
        Assert.Equal(("Como\nf {}", "tool_use", 0.9, true, 5), (converse[ExchangeField.Response], converse[ExchangeField.Stop], converse.TopP, converse.Thinking, converse.Output));
    }

    [Theory]
    [InlineData("""[{"messageStart":{"role":"assistant"}},{"contentBlockDelta":{"delta":{"text":"Co"}}},{"contentBlockDelta":{"delta":{"text":"mo"}}},{"messageStop":{"stopReason":"end_turn"}},{"metadata":{"usage":{"inputTokens":7,"outputTokens":5}}}]""")]
    [InlineData("""{"output":{"message":{"role":"assistant","content":[{"text":"Como"}]}},"stopReason":"end_turn","usage":{"inputTokens":7,"outputTokens":5}}""")]
    [InlineData("""[{"type":"message_start","message":{"usage":{"input_tokens":7,"output_tokens":1}}},{"type":"content_block_delta","delta":{"type":"text_delta","text":"Como"}},{"type":"message_delta","delta":{"stop_reason":"end_turn"}},{"type":"message_stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":7,"outputTokenCount":5}}]""")]
    public void Streams_are_read_in_every_form_that_was_seen(string output)
    {
        var read = CollectingSink.One(Record("arn", rest: $$""","operation":"ConverseStream","output":{"outputBodyJson":{{output}} }"""));
        Assert.Equal(("Como", "end_turn", 7, 5, true), (read[ExchangeField.Response], read[ExchangeField.Stop], read.Input, read.Output, read.Stream));
    }

    [Fact]
    public void An_error_has_its_status_and_a_body_in_S3_is_no_content()
    {
        var read = CollectingSink.One(Record("arn", rest: ""","errorCode":"ThrottlingException","input":{"inputBodyS3Path":"s3://b/x.gz","inputTokenCount":9}"""));
        Assert.Equal((429, 9, false), (read.Status, read.Input, read.HasPrompt));
    }

    [Theory]
    [InlineData("vendor.m-v1:0", "vendor.m-v1:0")]
    [InlineData("global.vendor.m-v1:0", "vendor.m-v1:0")]
    [InlineData("arn:aws:bedrock:us-east-1:1:inference-profile/us.vendor.m-v1:0", "vendor.m-v1:0")]
    [InlineData("arn:aws:bedrock:us-east-1::foundation-model/vendor.m-v1:0", "vendor.m-v1:0")]
    public void One_model_has_one_name(string id, string name) =>
        Assert.Equal(name, CollectingSink.One(Record("arn").Replace("us.vendor.m-v1:0", id, StringComparison.Ordinal))[ExchangeField.Model]);

    [Fact]
    public void CloudWatch_exports_are_unwrapped()
    {
        var record = Record("arn:aws:iam::1:user/a");
        Assert.Equal("111122223333", CollectingSink.One("2026-02-01T12:00:00.000Z " + record).Account);
        Assert.Equal("111122223333", CollectingSink.One($$"""{"timestamp":1769947200000,"message":{{record}} }""").Account);
        Assert.Equal("111122223333", CollectingSink.One($$"""{"timestamp":1769947200000,"message":"{{record.Replace("\"", "\\\"", StringComparison.Ordinal)}}"}""").Account);
        Assert.Equal(2, CollectingSink.Of($$"""{"events":[{"message":{{record}} },{"message":{{record}} }]}""").Exchanges.Count);
    }
}
