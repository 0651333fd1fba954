using Stillhunt.Ingest;
using Stillhunt.Ingest.Formats;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Tests.Ingest;

public sealed class ForeignFormatTests
{
    private const string Chat = "\"messages\":[{\"role\":\"system\",\"content\":\"Be terse.\"},{\"role\":\"user\",\"content\":\"Name a lake.\"}]";

    [Fact]
    public void The_example_of_every_format_is_recognised_as_that_format_and_read()
    {
        foreach (var format in LogFormats.All)
        {
            var record = JsonValue.Of(System.Text.Encoding.UTF8.GetBytes(format.Example));
            Assert.Same(format, FormatChoice.Of(record, null));
            var read = CollectingSink.One(format.Example);
            Assert.NotNull(read.Account);
            Assert.Contains((PartRole.User, "Name a river."), read.Parts);
            Assert.Same(format, LogFormats.Detect([System.Text.Encoding.UTF8.GetBytes(format.Example)])[0].Format);
            Assert.Same(format, LogFormats.Find(format.Name.ToUpperInvariant()));
        }
    }

    [Fact]
    public void A_prompt_that_speaks_of_another_format_changes_nothing() =>
        Assert.Equal("a", CollectingSink.One("""{"time":1769947200,"account":"a","prompt":"{\"resourceSpans\":[],\"modelId\":1,\"startTime\":2,\"metadata\":{}}"}""").Account);

    [Theory]
    [InlineData("""{"id":"c","call_type":"aembedding","status":"success","startTime":1769947200,"metadata":{"user_api_key_user_id":"u"},"messages":["a chunk"],"response":{} }""")]
    [InlineData("""{"request_id":"c","call_type":"aimage_generation","api_key":"k","spend":0,"startTime":"2026-02-01T10:00:00Z","user":"u","messages":{},"metadata":{} }""")]
    [InlineData("""{"timestamp":"2026-02-01T10:00:00Z","accountId":"1","requestId":"r","modelId":"amazon.titan-embed-text-v2:0","input":{"inputBodyJson":{"inputText":"a chunk"} } }""")]
    [InlineData("""{"request_id":"q","request_created_at":"2026-02-01T10:00:00Z","request_user_id":"u","request_path":"https://api.example.com/v1/embeddings?x=1","request_body":{"input":["a chunk"]} }""")]
    [InlineData("""{"time":1769947200,"account":"a","request":{"model":"m","input":["a chunk"]},"response":{"object":"list","data":[{"object":"embedding","embedding":[0.1]}]} }""")]
    public void A_call_that_generates_no_text_is_passed_by(string record)
    {
        var sink = CollectingSink.Of(record);
        Assert.Empty(sink.Exchanges);
        Assert.Empty(sink.Rejections);
    }

    [Fact]
    public void A_path_that_speaks_of_embeddings_and_ends_otherwise_is_a_call() =>
        Assert.True(CollectingSink.One("""{"request_id":"q","request_created_at":"2026-02-01T10:00:00Z","request_user_id":"u","request_path":"/deployments/embeddings/chat/completions","request_body":{"messages":[{"role":"user","content":"x"}]} }""").HasPrompt);

    // LiteLLM

    private static string LiteLlm(string metadata, string rest = "") =>
        $$"""{"id":"c1","call_type":"acompletion","status":"success","startTime":1769947200.25,"model":"m","prompt_tokens":7,"completion_tokens":5,"metadata":{{metadata}}{{rest}} }""";

    [Fact]
    public void LiteLLM_is_read_with_identity_address_parameters_and_answer()
    {
        var read = CollectingSink.One(LiteLlm(
            """{"user_api_key_user_id":"u1","user_api_key_team_id":"t1","user_api_key_org_id":"o1","user_api_key_hash":"k1","requester_ip_address":"198.51.100.4","user_agent":"sdk/1"}""",
            $$""","session_id":"s1","end_user":"e1",{{Chat}},"model_parameters":{"temperature":0.5,"max_tokens":99,"n":2,"tools":[{"type":"function","function":{"name":"f"} }]},"response":{"choices":[{"finish_reason":"length","message":{"content":"Como","reasoning_content":"hidden"} }],"usage":{"completion_tokens_details":{"reasoning_tokens":3} } }"""));
        Assert.Equal((1769947200250, 200), (read.TimeMs, read.Status));
        Assert.Equal("u1 o1 k1 e1 198.51.100.4 sdk/1 m s1 Como length", string.Join(' ', read.Account, read[ExchangeField.Organization], read[ExchangeField.Key], read[ExchangeField.EndUser],
            read[ExchangeField.Ip], read[ExchangeField.Client], read[ExchangeField.Model], read[ExchangeField.Conversation], read[ExchangeField.Response], read[ExchangeField.Stop]));
        Assert.Equal([(PartRole.System, "Be terse."), (PartRole.User, "Name a lake."), (PartRole.ToolDefinition, "f")], read.Parts);
        Assert.Equal((7, 5, 3, 0.5, 99, 2), (read.Input, read.Output, read.Reasoning, read.Temperature, read.MaxTokens, read.ChoiceCount));
    }

    [Theory]
    [InlineData("""{"user_api_key_user_id":"default_user_id","user_api_key_team_id":"t","user_api_key_hash":"k"}""", "t")]
    [InlineData("""{"user_api_key_user_id":"","user_api_key_team_id":"litellm-dashboard","user_api_key_org_id":"o","user_api_key_hash":"k"}""", "o")]
    [InlineData("""{"user_api_key_user_id":"litellm-proxy-budget","user_api_key_hash":"k"}""", "k")]
    [InlineData(""" "{\"user_api_key_user_id\":\"as text\"}" """, "as text")]
    public void LiteLLM_placeholders_stand_for_nobody(string metadata, string account) => Assert.Equal(account, CollectingSink.One(LiteLlm(metadata)).Account);

    [Theory]
    [InlineData("user_api_key_end_user_id")]
    [InlineData("user_api_key_alias")]
    [InlineData("user_api_key_team_alias")]
    [InlineData("user_api_key_user_email")]
    [InlineData("user_api_key_request_route")]
    public void A_name_that_a_customer_chose_makes_no_call_the_proxys_own(string field)
    {
        var metadata = $$"""{"user_api_key_user_id":"u1","user_api_key_hash":"k","{{field}}":"litellm-internal-x"}""";
        Assert.Equal("u1", CollectingSink.One(LiteLlm(metadata)).Account);
        Assert.Equal("u1", CollectingSink.One(Spend($$""" "user":"u1","api_key":"k","end_user":"litellm_internal_x","metadata":{{metadata}} """)).Account);
    }

    [Theory]
    [InlineData("""{"user_api_key_user_id":"default_user_id"}""", "no-account")]
    [InlineData("""{"user_api_key_user_id":"litellm_internal_jobs","user_api_key_hash":"k"}""", "internal-call")]
    [InlineData("""{"user_api_key_user_id":"u1","user_api_key_team_id":"litellm-internal-x","user_api_key_hash":"k"}""", "internal-call")]
    [InlineData("""{"user_api_key_user_id":"u1","user_api_key_hash":"litellm_internal_jobs"}""", "internal-call")]
    [InlineData(""" "{'user_api_key_user_id': 'u'}" """, "python-text")]
    public void LiteLLM_records_of_nobody_are_refused(string metadata, string reason) => Assert.Equal(reason, CollectingSink.Refusal(LiteLlm(metadata)));

    [Fact]
    public void LiteLLM_redaction_is_no_prompt_and_a_failure_has_its_code()
    {
        var read = CollectingSink.One(LiteLlm("""{"user_api_key_user_id":"u"}""", ""","messages":"redacted-by-litellm","response":"redacted-by-litellm","status":"failure","error_information":{"error_code":"429"}"""));
        Assert.False(read.HasPrompt);
        Assert.Null(read[ExchangeField.Response]);
        Assert.Equal(429, read.Status);
    }

    [Fact]
    public void LiteLLM_passes_the_session_of_a_compound_user_to_the_conversation()
    {
        var read = CollectingSink.One(LiteLlm("""{"user_api_key_user_id":"u","requester_metadata":{"user_id":"user_ab_account_cd_session_ef"}}"""));
        Assert.Equal(("user_ab_account_cd", "ef"), (read[ExchangeField.EndUser], read[ExchangeField.Conversation]));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("\"True\"", true)]
    [InlineData("\"False\"", false)]
    [InlineData("false", false)]
    [InlineData("null", false)]
    public void An_answer_from_LiteLLMs_cache_is_none_of_a_model(string hit, bool cached)
    {
        foreach (var record in new[] { LiteLlm("""{"user_api_key_user_id":"u"}""", ",\"cache_hit\":" + hit), Spend($$""" "user":"u","api_key":"k","metadata":{},"cache_hit":{{hit}} """) })
        {
            var sink = CollectingSink.Of(record);
            Assert.Equal(cached ? ["cached-answer"] : [], sink.Rejections.Select(rejection => rejection.Reason));
            Assert.Equal(cached ? 0 : 1, sink.Exchanges.Count);
        }
    }

    // SpendLogs

    private static string Spend(string rest) =>
        $$"""{"request_id":"r1","call_type":"acompletion","spend":0.1,"startTime":"2026-02-01 12:00:00.5","model":"m","prompt_tokens":7,"completion_tokens":5,"status":"success",{{rest}} }""";

    [Fact]
    public void SpendLogs_times_without_zone_are_UTC_and_empty_objects_are_no_content()
    {
        var read = CollectingSink.One(Spend(""" "user":"u1","api_key":"k","metadata":{},"messages":{},"response":{},"proxy_server_request":{} """));
        Assert.Equal((1769947200500, "u1", 7, 5), (read.TimeMs, read.Account, read.Input, read.Output));
        Assert.False(read.HasPrompt);
        Assert.Null(read[ExchangeField.Response]);
    }

    [Fact]
    public void SpendLogs_prompts_stand_in_the_proxied_request_and_a_mark_of_truncation_is_removed()
    {
        var read = CollectingSink.One(Spend(""" "user":"default_user_id","team_id":null,"api_key":"k","metadata":"{\"requester_ip_address\":\"192.0.2.1\"}","messages":{},"proxy_server_request":"{\"messages\":[{\"role\":\"user\",\"content\":\"List them ... (litellm_truncated skipped 900 chars. note) ... in order.\"}],\"temperature\":1.0}" """));
        Assert.Equal([(PartRole.User, "List them\nin order.")], read.Parts);
        Assert.True(read.Truncated);
        Assert.Equal(("k", "192.0.2.1", 1.0), (read.Account, read[ExchangeField.Ip], read.Temperature));
    }

    [Fact]
    public void SpendLogs_rows_of_rejected_calls_without_key_are_refused() =>
        Assert.Equal("no-account", CollectingSink.Refusal(Spend(""" "user":"","api_key":"","metadata":{"error_information":{"error_code":"401"}},"messages":{} """)));

    // Langfuse

    private static string Langfuse(string rest) => $$"""{"id":"o1","traceId":"t","type":"GENERATION","startTime":"2026-02-01T12:00:00.000Z",{{rest}} }""";

    [Fact]
    public void Langfuse_of_both_versions_is_read()
    {
        var v2 = CollectingSink.One(Langfuse(""" "userId":"u","sessionId":"s","providedModelName":"m","input":"[{\"role\":\"user\",\"content\":\"Name a lake.\"}]","output":"{\"role\":\"assistant\",\"content\":\"Como\"}","usageDetails":{"input":4,"output":2,"output_reasoning_tokens":1},"metadata":{"attributes":"{\"cut"} """));
        Assert.Equal("u s m Como", string.Join(' ', v2.Account, v2[ExchangeField.Conversation], v2[ExchangeField.Model], v2[ExchangeField.Response]));
        Assert.Equal([(PartRole.User, "Name a lake.")], v2.Parts);
        Assert.Equal((4, 2, 1), (v2.Input, v2.Output, v2.Reasoning));
        Assert.Equal("no-account", CollectingSink.Refusal(Langfuse(""" "model":"m","input":[{"role":"user","content":"x"}] """)));
        Assert.Equal([(PartRole.User, "not [json")], CollectingSink.One(Langfuse(""" "userId":"u","input":"not [json" """)).Parts);
        Assert.Equal(429, CollectingSink.One(Langfuse(""" "userId":"u","level":"ERROR","statusMessage":"429" """)).Status);
    }

    [Theory]
    [InlineData(""" "type":"SPAN" """)]
    [InlineData(""" "type":"AGENT" """)]
    [InlineData(""" "environment":"langfuse-llm-as-a-judge" """)]
    public void Langfuse_rows_that_repeat_or_judge_are_no_exchanges(string rest)
    {
        var sink = CollectingSink.Of(Langfuse($$""" "userId":"u",{{rest}}"""));
        Assert.Empty(sink.Exchanges);
        Assert.Empty(sink.Rejections);
    }

    [Fact]
    public void Langfuse_parameters_that_are_texts_are_numbers_and_booleans()
    {
        var read = CollectingSink.One(Langfuse(""" "userId":"u","modelParameters":{"temperature":"0.5","max_tokens":"9","n":"2","stream":"True","logprobs":"false","reasoning_effort":"high"} """));
        Assert.Equal((0.5, 9, 2, true, false, true), (read.Temperature, read.MaxTokens, read.ChoiceCount, read.Stream, read.Logprobs, read.Thinking));
    }

    [Theory]
    [InlineData("""{"lake":"Como","status":"ok"}""")]
    [InlineData("""["Como","Garda"]""")]
    [InlineData("""[{"lake":"Como"}]""")]
    public void Langfuse_answers_that_are_JSON_as_it_was_asked_for_are_answers(string json)
    {
        foreach (var output in new[] { json, Quoted(json) })
        {
            var read = CollectingSink.One(Langfuse($$""" "userId":"u","output":{{output}} """));
            Assert.Equal((json, null), (read[ExchangeField.Response], read[ExchangeField.Stop]));
        }

        Assert.Null(CollectingSink.One(Langfuse(""" "userId":"u","output":{} """))[ExchangeField.Response]);
        Assert.Null(CollectingSink.One(Langfuse(""" "userId":"u","output":null """))[ExchangeField.Response]);
        Assert.Null(CollectingSink.One(Langfuse(""" "userId":"u","output":{"error":"m"} """))[ExchangeField.Response]);
    }

    [Theory]
    [InlineData("\"429\"", 429)]
    [InlineData("\"Error code: 429 - {'error': {'message': 'm'}}\"", 429)]
    [InlineData("\"529 overloaded\"", 529)]
    [InlineData("\"openai.BadRequestError: Error code: 400\"", 400)]
    [InlineData("\"Request failed with status code 503\"", 503)]
    [InlineData("\"At most 512 tokens are taken, 4290 were sent\"", 500)]
    [InlineData("\"timed out\"", 500)]
    [InlineData("\"42\"", 500)]
    [InlineData("null", 500)]
    public void Langfuse_errors_have_the_status_that_their_message_names(string message, int status) =>
        Assert.Equal(status, CollectingSink.One(Langfuse($$""" "userId":"u","level":"ERROR","statusMessage":{{message}} """)).Status);

    [Fact]
    public void Messages_of_LangChain_are_told_apart_by_their_type()
    {
        var read = CollectingSink.One(Langfuse(""" "userId":"u","input":[{"type":"system","content":"s"},{"type":"human","content":"q"},{"type":"ai","content":"a","tool_calls":[{"name":"f","args":{"a":1},"id":"c"}]},{"type":"tool","content":"t"}],"output":{"type":"ai","content":"Como","tool_calls":[{"name":"f","args":{"a":1},"id":"c"}]} """));
        Assert.Equal([(PartRole.System, "s"), (PartRole.User, "q"), (PartRole.Assistant, "a"), (PartRole.Assistant, "f {\"a\":1}"), (PartRole.Tool, "t")], read.Parts);
        Assert.Equal("Como\nf {\"a\":1}", read[ExchangeField.Response]);
    }

    // Helicone

    private static string Helicone(string rest) => $$"""{"request_id":"q1","request_created_at":"2026-02-01T12:00:00.000Z",{{rest}} }""";

    [Fact]
    public void Helicone_is_read()
    {
        var row = Helicone($$""" "request_user_id":"u","helicone_user":"owner","response_status":200,"country_code":"DE","request_properties":{"Helicone-Session-Id":"s"},"request_body":{"model":"m","max_tokens":9,{{Chat}} },"response_body":{"choices":[{"message":{"content":"Como"} }]},"completion_tokens":3,"reasoning_tokens":1""");
        var read = CollectingSink.One(row);
        Assert.Equal("u m s DE Como", string.Join(' ', read.Account, read[ExchangeField.Model], read[ExchangeField.Conversation], read[ExchangeField.Country], read[ExchangeField.Response]));
        Assert.Equal((200, 3, 1, 9), (read.Status, read.Output, read.Reasoning, read.MaxTokens));
        var varying = CollectingSink.One(row, new ReadingOptions { HeliconeOwnersVary = true });
        Assert.Equal(("owner", "u"), (varying.Account, varying[ExchangeField.EndUser]));
    }

    [Fact]
    public void Helicone_rows_without_body_or_answered_from_the_cache_are_known()
    {
        var read = CollectingSink.One(Helicone(""" "request_user_id":"u","response_status":-3,"request_model":"m","request_body":{},"signed_body_url":"https://x.test/" """));
        Assert.Equal((500, "m", false), (read.Status, read[ExchangeField.Model], read.HasPrompt));
        Assert.Null(CollectingSink.One(Helicone(""" "request_user_id":"u","response_status":0 """)).Status);
        Assert.Equal("cached-answer", CollectingSink.Refusal(Helicone(""" "request_user_id":"u","cache_reference_id":"7f00aa" """)));
    }

    // Pairs

    [Theory]
    [InlineData("""{"type":"error","error":{"type":"rate_limit_error","message":"m"}}""", 429)]
    [InlineData("""{"type":"error","error":{"type":"overloaded_error","message":"m"}}""", 529)]
    [InlineData("""{"error":{"message":"m","type":"requests","param":null,"code":"rate_limit_exceeded"}}""", 429)]
    [InlineData("""{"error":{"message":"m","type":"invalid_request_error","code":null}}""", 400)]
    [InlineData("""{"error":{"message":"m","type":"None","code":"403"}}""", 403)]
    [InlineData("""{"object":"response","status":"failed","error":{"code":"server_error","message":"m"},"output":[]}""", 500)]
    [InlineData("""[{"type":"message_start","message":{"usage":{"output_tokens":1}}},{"type":"error","error":{"type":"api_error","message":"m"}}]""", 500)]
    [InlineData("""[{"type":"response.failed","response":{"status":"failed","error":{"code":"rate_limit_exceeded","message":"m"}}}]""", 429)]
    [InlineData("""[{"choices":[{"delta":{"content":"Como"}}]},{"error":{"message":"cut off"}}]""", null)]
    [InlineData("""{"error":null,"status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"Como"}]}]}""", null)]
    [InlineData("null", null)]
    public void An_error_in_place_of_an_answer_is_an_attempt_where_no_status_was_logged(string response, int? status)
    {
        Assert.Equal(status, CollectingSink.One($$"""{"time":1769947200,"account":"a","request":{"model":"m",{{Chat}} },"response":{{response}} }""").Status);
        Assert.Equal(418, CollectingSink.One($$"""{"time":1769947200,"account":"a","status":418,"request":{"model":"m",{{Chat}} },"response":{{response}} }""").Status);
    }

    [Theory]
    [InlineData("""{"inputText":"Name a lake.","textGenerationConfig":{"maxTokenCount":9,"temperature":0.5}}""", """{"inputTextTokenCount":3,"results":[{"tokenCount":4,"outputText":"Como","completionReason":"FINISH"}]}""")]
    [InlineData("""{"prompt":"Name a lake.","max_gen_len":9,"temperature":0.5}""", """{"generation":"Como","generation_token_count":4,"stop_reason":"FINISH"}""")]
    [InlineData("""{"prompt":"Name a lake.","max_tokens":9,"temperature":0.5}""", """{"outputs":[{"text":"Como","stop_reason":"FINISH"}]}""")]
    [InlineData("""{"message":"Name a lake.","chat_history":[],"max_tokens":9,"temperature":0.5}""", """{"text":"Como","chat_history":[{"role":"CHATBOT","message":"Como"}],"finish_reason":"FINISH"}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"text":"Name a lake."}]}],"inferenceConfig":{"max_new_tokens":9,"temperature":0.5}}""", """[{"contentBlockDelta":{"delta":{"text":"Como"}}},{"messageStop":{"stopReason":"FINISH"}}]""")]
    [InlineData("""{"prompt":"Name a lake.","max_gen_len":9,"temperature":0.5}""", """[{"generation":"Co","stop_reason":null},{"generation":"mo","stop_reason":"FINISH"}]""")]
    public void Bedrock_bodies_of_every_family_of_models_are_read(string input, string output)
    {
        var read = CollectingSink.One($$"""{"timestamp":"2026-02-01T10:00:00Z","accountId":"1","requestId":"r","modelId":"vendor.m","input":{"inputBodyJson":{{input}} },"output":{"outputBodyJson":{{output}},"outputTokenCount":4} }""");
        Assert.Equal([(PartRole.User, "Name a lake.")], read.Parts);
        Assert.Equal((9, 0.5, 4, "Como", "FINISH"), (read.MaxTokens, read.Temperature, read.Output, read[ExchangeField.Response], read[ExchangeField.Stop]));
    }

    [Fact]
    public void Turns_and_preamble_of_Cohere_on_Bedrock_are_the_conversation() =>
        Assert.Equal([(PartRole.System, "s"), (PartRole.User, "q"), (PartRole.Assistant, "a"), (PartRole.User, "r")], CollectingSink.One(
            """{"timestamp":"2026-02-01T10:00:00Z","accountId":"1","requestId":"r","modelId":"cohere.m","input":{"inputBodyJson":{"message":"r","preamble":"s","chat_history":[{"role":"USER","message":"q"},{"role":"CHATBOT","message":"a"}]} } }""").Parts);

    [Fact]
    public void Pairs_of_OpenAI_chat_and_responses_are_read()
    {
        var chat = CollectingSink.One($$"""{"time":1769947200,"account":"a","ip":"192.0.2.1","request":{"model":"m",{{Chat}},"n":2,"logprobs":true,"user":"e","max_completion_tokens":9},"response":{"choices":[{"message":{"content":"Como"},"finish_reason":"stop"},{"message":{"content":"Garda"} }],"usage":{"prompt_tokens":7,"completion_tokens":5} } }""");
        Assert.Equal("a e 192.0.2.1 Como\nGarda stop", string.Join(' ', chat.Account, chat[ExchangeField.EndUser], chat[ExchangeField.Ip], chat[ExchangeField.Response], chat[ExchangeField.Stop]));
        Assert.Equal((2, true, 9, 7, 5), (chat.ChoiceCount, chat.Logprobs, chat.MaxTokens, chat.Input, chat.Output));

        var responses = CollectingSink.One("""{"request":{"model":"m","instructions":"Be terse.","input":[{"role":"user","content":[{"type":"input_text","text":"Name a lake."}]},{"type":"reasoning","encrypted_content":"x"}],"safety_identifier":"s","user":"e","reasoning":{"effort":"high"} },"response":{"created_at":1769947200,"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[{"type":"reasoning","summary":[{"type":"summary_text","text":"hidden"}]},{"type":"message","content":[{"type":"output_text","text":"Como"}]}],"usage":null} }""");
        Assert.Equal("s Como max_output_tokens", string.Join(' ', responses.Account, responses[ExchangeField.Response], responses[ExchangeField.Stop]));
        Assert.Equal([(PartRole.System, "Be terse."), (PartRole.User, "Name a lake.")], responses.Parts);
        Assert.True(responses.Thinking);
        Assert.NotNull(responses[ExchangeField.ReasoningRef]);
    }

    private const string Answer = """{"choices":[{"message":{"content":"Como"},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":5}}""";

    private static ReadExchange Logged(string request, string response) => CollectingSink.One($$"""{"time":1769947200,"account":"a","request":{{request}},"response":{{response}}}""");

    private static string Quoted(string json) => System.Text.Json.JsonSerializer.Serialize(json);

    [Fact]
    public void Pairs_of_whole_messages_are_read_by_their_bodies_and_the_status_of_the_answer()
    {
        const string body = $$"""{"model":"m","max_tokens":9,{{Chat}} }""";
        foreach (var (sent, got) in new[] { (body, Answer), (Quoted(body), Quoted(Answer)) })
        {
            var read = Logged($$"""{"url":"https://api.example.com/v1/chat/completions","method":"POST","headers":{},"body":{{sent}} }""", $$"""{"status":200,"headers":{},"body":{{got}} }""");
            Assert.Equal([(PartRole.System, "Be terse."), (PartRole.User, "Name a lake.")], read.Parts);
            Assert.Equal(("m", 9, "Como", "stop", 7, 5, 200), (read[ExchangeField.Model], read.MaxTokens, read[ExchangeField.Response], read[ExchangeField.Stop], read.Input, read.Output, read.Status));
        }

        Assert.Equal(529, Logged($$"""{"body":{{body}} }""", """{"status":529,"body":null}""").Status);
        Assert.Equal(429, Logged($$"""{"body":{{body}} }""", """{"body":{"error":{"type":"rate_limit_error"} } }""").Status);
        Assert.Equal(418, CollectingSink.One($$"""{"time":1769947200,"account":"a","status":418,"request":{"body":{{body}} },"response":{"status":200,"body":{{Answer}} } }""").Status);
        Assert.Empty(CollectingSink.Of("""{"time":1769947200,"account":"a","request":{"url":"https://api.example.com/v1/moderations","body":{"input":"x"}},"response":{"body":{}}}""").Exchanges);
    }

    [Fact]
    public void Pairs_of_texts_are_read_by_what_is_in_them()
    {
        const string body = $$"""{"model":"m","max_tokens":9,{{Chat}} }""";
        var read = Logged(Quoted(body), Quoted(Answer));
        Assert.Equal([(PartRole.System, "Be terse."), (PartRole.User, "Name a lake.")], read.Parts);
        Assert.Equal(("m", "Como", "stop", 5), (read[ExchangeField.Model], read[ExchangeField.Response], read[ExchangeField.Stop], read.Output));
        Assert.Equal("u", CollectingSink.One($$"""{"time":1769947200,"request":{{Quoted("""{"messages":[],"user":"u"}""")}},"response":{} }""").Account);

        const string events = """
            : waiting
            event: message
            data: {"choices":[{"delta":{"content":"Co"}}]}

            data:{"choices":[{"delta":{"content":"mo"},"finish_reason":"stop"}]}
            data: {"choices":[],"usage":{"prompt_tokens":4,"completion_tokens":9}}
            data: [DONE]
            data: {"cut
            """;
        foreach (var response in new[] { Quoted(events), Quoted(events.ReplaceLineEndings("\r\n")), $$"""{"status":200,"body":{{Quoted(events)}}}""" })
        {
            read = Logged(body, response);
            Assert.Equal(("Como", "stop", 4, 9), (read[ExchangeField.Response], read[ExchangeField.Stop], read.Input, read.Output));
        }
    }

    [Theory]
    [InlineData("Lake Como.")]
    [InlineData("data: none of it can be read")]
    [InlineData("""{"lake":"Como"}""")]
    [InlineData("""[{"lake":"Como"}]""")]
    [InlineData("{\"lake\":\"Co")]
    public void A_text_in_place_of_an_answer_that_is_no_body_is_the_answer(string text) => Assert.Equal(text, Logged($$"""{ {{Chat}} }""", Quoted(text))[ExchangeField.Response]);

    [Fact]
    public void A_request_whose_text_was_cut_is_counted_and_the_line_kept()
    {
        var sink = CollectingSink.Of("""{"time":1769947200,"account":"a","ip":"192.0.2.1","request":"{\"messages\":[{\"role\":\"us","response":"Como"}""");
        Assert.Equal(["request"], sink.Dropped);
        Assert.Equal(("192.0.2.1", "Como", false), (sink.Exchanges.Single()[ExchangeField.Ip], sink.Exchanges.Single()[ExchangeField.Response], sink.Exchanges.Single().HasPrompt));
        Assert.Equal("a", CollectingSink.One("""{"time":1769947200,"account":"a","request":"GET / HTTP/1.1"}""").Account);
    }

    private const string GeminiRequest = """
        {"systemInstruction":{"parts":[{"text":"Be terse."}]},"contents":[{"role":"user","parts":[{"text":"Name a lake."},{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]},
        {"role":"model","parts":[{"functionCall":{"name":"f","args":{"a":1}},"thoughtSignature":"x"}]},{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"b":2}}}]}],
        "tools":[{"functionDeclarations":[{"name":"f","description":"Finds."}]}],"generationConfig":{"temperature":0.5,"topP":0.9,"maxOutputTokens":9,"candidateCount":2,"thinkingConfig":{"thinkingBudget":0}}}
        """;

    private const string GeminiAnswer = """{"candidates":[{"content":{"role":"model","parts":[{"text":"hidden","thought":true},{"text":"Como"},{"functionCall":{"name":"f","args":{"a":1}}}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":5,"thoughtsTokenCount":3,"totalTokenCount":15},"modelVersion":"m"}""";

    [Fact]
    public void Bodies_of_Gemini_are_read_in_pairs_Helicone_and_Langfuse()
    {
        foreach (var read in new[]
        {
            Logged(GeminiRequest, GeminiAnswer), CollectingSink.One(Helicone($$""" "request_user_id":"u","request_model":"m","request_body":{{GeminiRequest}},"response_body":{{GeminiAnswer}} """)),
            CollectingSink.One(Langfuse($$""" "userId":"u","model":"m","input":{{Quoted(GeminiRequest)}},"output":{{GeminiAnswer}} """)),
        })
        {
            Assert.Equal([(PartRole.System, "Be terse."), (PartRole.User, "[image]"), (PartRole.User, "Name a lake."), (PartRole.Assistant, "f {\"a\":1}"), (PartRole.Tool, "{\"b\":2}"), (PartRole.ToolDefinition, "f\nFinds.")], read.Parts);
            Assert.Equal(("m", "Como\nf {\"a\":1}", "STOP", 7, 8, 3), (read[ExchangeField.Model], read[ExchangeField.Response], read[ExchangeField.Stop], read.Input, read.Output, read.Reasoning));
            Assert.Equal((0.5, 0.9, 9, 2, false), (read.Temperature, read.TopP, read.MaxTokens, read.ChoiceCount, read.Thinking));
            Assert.NotNull(read[ExchangeField.ReasoningRef]);
        }

        Assert.Equal("SAFETY", Logged(GeminiRequest, """{"promptFeedback":{"blockReason":"SAFETY"}}""")[ExchangeField.Stop]);
    }

    [Fact]
    public void A_stream_of_Gemini_is_put_together_and_its_candidates_are_kept_apart()
    {
        string[] events =
        [
            """{"candidates":[{"content":{"parts":[{"text":"hidden","thought":true}]},"index":0}],"usageMetadata":{"promptTokenCount":4}}""", """{"candidates":[{"content":{"parts":[{"text":"Co"}]},"index":0},{"content":{"parts":[{"text":"Gar"}]},"index":1}]}""",
            """{"candidates":[{"content":{"parts":[{"text":"mo"}]},"index":0,"finishReason":"STOP"}]}""", """{"candidates":[{"content":{"parts":[{"text":"da"}]},"index":1,"finishReason":"MAX_TOKENS"}],"usageMetadata":{"promptTokenCount":4,"candidatesTokenCount":9}}""",
        ];
        foreach (var response in new[] { $"[{string.Join(',', events)}]", Quoted(string.Concat(events.Select(told => $"data: {told}\r\n\r\n"))) })
        {
            var read = Logged("""{"contents":"Name a lake."}""", response);
            Assert.Equal([(PartRole.User, "Name a lake.")], read.Parts);
            Assert.Equal(("Como\nGarda", "MAX_TOKENS", 2, 4, 9), (read[ExchangeField.Response], read[ExchangeField.Stop], read.ChoiceCount, read.Input, read.Output));
        }
    }

    [Theory]
    [InlineData("""{"type":"thinking","thinking":"t","signature":"x"}""")]
    [InlineData("""{"reasoningContent":{"reasoningText":{"text":"t","signature":"x"}}}""")]
    public void A_handle_of_reasoning_between_texts_is_no_part_of_them(string reasoning)
    {
        var read = Logged($$"""{"messages":[{"role":"assistant","content":[{"text":"a"},{{reasoning}},{"text":"b"}]}]}""", "{}");
        Assert.Equal([(PartRole.Assistant, "a"), (PartRole.Assistant, "t"), (PartRole.Assistant, "b")], read.Parts);
        Assert.NotNull(read[ExchangeField.ReasoningRef]);
    }

    [Theory]
    [InlineData("""{"enabled":false}""", false)]
    [InlineData("""{"enabled":false,"effort":"high"}""", false)]
    [InlineData("""{"effort":"none"}""", false)]
    [InlineData("""{"enabled":true}""", true)]
    [InlineData("""{"enabled":null,"effort":"low"}""", true)]
    [InlineData("""{"max_tokens":2000,"exclude":true}""", true)]
    public void Reasoning_that_a_request_turns_off_is_not_asked_for(string reasoning, bool asked)
    {
        var request = """{"model":"m","messages":[],"reasoning":""" + reasoning + "}";
        Assert.Equal(asked, CollectingSink.One("""{"time":1769947200,"account":"a","request":""" + request + ""","response":{}}""").Thinking);
        Assert.Equal(asked, CollectingSink.One("""{"time":1769947200,"account":"a","prompt":"x","params":{"reasoning":""" + reasoning + "}}").Thinking);
    }

    [Theory]
    [InlineData("user_ab_account_cd_session_ef", "user_ab_account_cd")]
    [InlineData("""{\"device_id\":\"d\",\"account_uuid\":\"cd\",\"session_id\":\"ef\"}""", "cd")]
    [InlineData("""{\"device_id\":\"d\",\"account_uuid\":\"\",\"session_id\":\"ef\"}""", "d")]
    public void Pairs_of_Anthropic_take_the_stable_part_of_a_compound_user(string user, string account)
    {
        var read = CollectingSink.One($$"""{"time":1769947200,"request":{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"x"}],"metadata":{"user_id":"{{user}}"},"thinking":{"type":"disabled"} },"response":{"content":[{"type":"thinking","thinking":"hidden"},{"type":"text","text":"Como"},{"type":"tool_use","name":"f","input":{"a":1} }],"stop_reason":"refusal","usage":{"input_tokens":7,"output_tokens":5,"output_tokens_details":{"thinking_tokens":2} } } }""");
        Assert.Equal((account, "ef", false, "refusal", 2), (read.Account, read[ExchangeField.Conversation], read.Thinking, read[ExchangeField.Stop], read.Reasoning));
        Assert.Equal("Como\nf {\"a\":1}", read[ExchangeField.Response]);
    }

    [Fact]
    public void A_stream_of_events_is_put_together()
    {
        var read = CollectingSink.One("""{"time":1769947200,"account":"a","request":{"messages":[]},"response":[{"type":"message_start","message":{"usage":{"input_tokens":4,"output_tokens":1}}},{"type":"content_block_delta","delta":{"type":"thinking_delta","thinking":"hidden"}},{"type":"content_block_delta","delta":{"type":"text_delta","text":"Co"}},{"type":"ping"},{"type":"content_block_delta","delta":{"type":"text_delta","text":"mo"}},{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":9}}]}""");
        Assert.Equal(("Como", "end_turn", 4, 9), (read[ExchangeField.Response], read[ExchangeField.Stop], read.Input, read.Output));
        read = CollectingSink.One("""{"time":1769947200,"account":"a","request":{"messages":[]},"response":[{"choices":[{"delta":{"content":"Co"}}]},{"choices":[{"delta":{"content":"mo"},"finish_reason":"stop"}]},{"choices":[],"usage":{"prompt_tokens":4,"completion_tokens":9}}]}""");
        Assert.Equal(("Como", "stop", 4, 9), (read[ExchangeField.Response], read[ExchangeField.Stop], read.Input, read.Output));
    }

    private static ReadExchange Streamed(string events) => CollectingSink.One($$"""{"time":1769947200,"account":"a","request":{"messages":[]},"response":[{{events}}]}""");

    [Fact]
    public void A_stream_of_calls_reads_as_the_answer_in_one_piece()
    {
        var whole = CollectingSink.One("""{"time":1769947200,"account":"a","request":{"messages":[]},"response":{"choices":[{"message":{"content":"Co","tool_calls":[{"function":{"name":"f","arguments":"{\"a\":1}"}},{"function":{"name":"g","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}}""");
        Assert.Equal("Co\nf {\"a\":1}\ng {}", whole[ExchangeField.Response]);
        var streamed = Streamed("""{"choices":[{"delta":{"content":"Co","tool_calls":null}}]},{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":""}}]}}]},{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\""}}]}}]},{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"name":null,"arguments":":1}"}}]}}]},{"choices":[{"delta":{"tool_calls":[{"index":1,"function":{"name":"g","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}""");
        Assert.Equal((whole[ExchangeField.Response], "tool_calls"), (streamed[ExchangeField.Response], streamed[ExchangeField.Stop]));
    }

    [Fact]
    public void Candidates_of_one_stream_are_kept_apart_and_read_as_the_answer_in_one_piece()
    {
        const string usage = """ "usage":{"prompt_tokens":4,"completion_tokens":9}""";
        var whole = CollectingSink.One("""{"time":1769947200,"account":"a","request":{"messages":[]},"response":{"choices":[{"index":0,"message":{"content":"Como"},"finish_reason":"stop"},{"index":1,"message":{"content":"Garda","tool_calls":[{"function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"},{"index":2,"message":{"content":"Iseo"},"finish_reason":"length"}],""" + usage + "}}");
        Assert.Equal("Como\nGarda\nf {}\nIseo", whole[ExchangeField.Response]);
        string[] events =
        [
            """[{"index":0,"delta":{"role":"assistant","content":""}}]""", """[{"index":2,"delta":{"role":"assistant","content":""}}]""", """[{"index":1,"delta":{"role":"assistant","content":""}}]""",
            """[{"index":0,"delta":{"content":"Co"}},{"index":1,"delta":{"content":"Gar"}}]""", """[{"index":2,"delta":{"content":"Is"}}]""", """[{"index":1,"delta":{"content":"da"}}]""", """[{"index":2,"delta":{"content":"eo"}}]""",
            """[{"index":1,"delta":{"tool_calls":[{"index":0,"function":{"name":"f","arguments":"{"}}]}}]""", """[{"index":2,"delta":{},"finish_reason":"length"}]""", """[{"index":0,"delta":{"content":"mo"}}]""",
            """[{"index":1,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"}"}}]}}]""", """[{"index":1,"delta":{},"finish_reason":"tool_calls"}]""", """[{"index":0,"delta":{},"finish_reason":"stop"}]""",
        ];
        var streamed = Streamed(string.Join(',', events.Select(choices => $$"""{"choices":{{choices}}}""")) + ",{\"choices\":[]," + usage + "}");
        Assert.Equal((whole[ExchangeField.Response], whole[ExchangeField.Stop], whole.ChoiceCount), (streamed[ExchangeField.Response], streamed[ExchangeField.Stop], streamed.ChoiceCount));
        Assert.Equal(("length", 3, 4, 9), (streamed[ExchangeField.Stop], streamed.ChoiceCount, streamed.Input, streamed.Output));

        var completions = Streamed("""{"choices":[{"index":1,"text":"Gar"}]},{"choices":[{"index":0,"text":"Co"}]},{"choices":[{"index":1,"text":"da"}]},{"choices":[{"index":0,"text":"mo","finish_reason":"stop"}]}""");
        Assert.Equal(("Como\nGarda", "stop", 2), (completions[ExchangeField.Response], completions[ExchangeField.Stop], completions.ChoiceCount));
    }

    [Fact]
    public void The_events_of_a_response_hold_text_calls_and_counts_and_no_reasoning()
    {
        const string began = """{"type":"response.created","response":{"status":"in_progress","usage":null}},{"type":"response.reasoning_summary_text.delta","delta":"hidden"},{"type":"response.reasoning_text.delta","delta":"hidden"},{"type":"response.output_text.delta","delta":"Co"},{"type":"response.output_text.delta","delta":"mo"},{"type":"response.output_audio.delta","delta":"AAAA"},{"type":"response.output_item.added","item":{"type":"function_call","name":"f","arguments":""}},{"type":"response.function_call_arguments.delta","delta":"{\"a\":1}"},{"type":"response.output_item.done","item":{"type":"function_call","name":"f","arguments":"{\"a\":1}"}}""";
        var read = Streamed(began + """,{"type":"response.completed","response":{"status":"completed","usage":{"input_tokens":4,"output_tokens":9,"output_tokens_details":{"reasoning_tokens":2}}}}""");
        Assert.Equal(("Como\nf {\"a\":1}", "completed", 4, 9, 2), (read[ExchangeField.Response], read[ExchangeField.Stop], read.Input, read.Output, read.Reasoning));
        var broken = Streamed(began);
        Assert.Equal(("Como\nf {\"a\":1}", null, null), (broken[ExchangeField.Response], broken[ExchangeField.Stop], broken.Output));
    }

    [Fact]
    public void A_stream_that_broke_off_does_not_say_how_much_it_gave()
    {
        var read = Streamed("""{"type":"message_start","message":{"usage":{"input_tokens":4,"output_tokens":1}}},{"type":"content_block_delta","delta":{"type":"text_delta","text":"Como"}}""");
        Assert.Equal(("Como", 4, null), (read[ExchangeField.Response], read.Input, read.Output));
    }

    [Fact]
    public void A_field_beside_a_pair_that_is_of_the_wrong_type_is_counted_and_the_line_kept()
    {
        var sink = CollectingSink.Of("""{"time":1769947200,"account":"a","status":"429","asn":[1],"ip":7,"id":12,"request":{"messages":[]},"response":{}}""");
        Assert.Equal(["status", "asn", "ip"], sink.Dropped);
        Assert.Equal((null, "12"), (sink.Exchanges.Single().Status, sink.Exchanges.Single()[ExchangeField.Id]));
    }

    [Theory]
    [InlineData("\"429\"", 429)]
    [InlineData("429", 429)]
    [InlineData("\"0\"", null)]
    [InlineData("-3", 500)]
    [InlineData("null", null)]
    public void A_status_that_Helicone_exports_as_text_is_one(string status, int? read) =>
        Assert.Equal(read, CollectingSink.One("""{"request_id":"r","request_created_at":"2026-02-01T12:00:00Z","request_user_id":"u","response_body":{},"request_body":{},"response_status":""" + status + "}").Status);

    [Fact]
    public void Another_account_field_holds_for_every_format()
    {
        var options = new ReadingOptions { AccountField = new AccountPath("metadata.user_api_key_team_id") };
        Assert.Equal("t", CollectingSink.One(LiteLlm("""{"user_api_key_user_id":"u","user_api_key_team_id":"t"}"""), options).Account);
        options = new ReadingOptions { AccountField = new AccountPath("request.metadata.tenant") };
        Assert.Equal("t", CollectingSink.One("""{"time":1769947200,"account":"a","request":{"metadata":{"tenant":"t"}},"response":{}}""", options).Account);
    }
}
