using System.Text.Json;
using System.Text.Json.Nodes;
using Stillhunt.Server.Security;

namespace Stillhunt.Tests.Enforcement;

/// <summary>LiteLLM's Generic Guardrail API, in the shapes of its documentation; the program itself is not part of these tests.</summary>
public sealed class LiteLlmTests
{
    [Fact]
    public async Task Requests_are_let_through_or_blocked_with_a_code_and_a_cap_counts_each_once()
    {
        await using var model = await GuardedModel.Start();
        Assert.Equal("NONE", Action(await Ask(model, "request", User("good"))));
        Assert.Equal("NONE", Action(await Ask(model, "request", User("watched"))));
        foreach (var (account, code) in new[] { ("suspended", "account_suspended"), ("held", "account_on_hold"), ("unverified", "verification_required") })
        {
            var blocked = await Ask(model, "request", User(account));
            Assert.Equal("BLOCKED", Action(blocked));
            Assert.StartsWith(code + ": ", blocked.GetProperty("blocked_reason").GetString(), StringComparison.Ordinal);
        }

        for (var n = 0; n < 2; n++)
        {
            Assert.Equal("NONE", Action(await Ask(model, "request", User("capped"))));
            Assert.Equal("NONE", Action(await Ask(model, "response", User("capped"))));
        }

        Assert.StartsWith("request_limit_reached", (await Ask(model, "request", User("capped"))).GetProperty("blocked_reason").GetString(), StringComparison.Ordinal);
        Assert.Equal("NONE", Action(await Ask(model, "response", User("capped"))));
    }

    [Theory]
    [InlineData("""{"user_api_key_user_id":"suspended","user_api_key_team_id":"good"}""", "BLOCKED")]
    [InlineData("""{"user_api_key_user_id":"default_user_id","user_api_key_team_id":"suspended"}""", "BLOCKED")]
    [InlineData("""{"user_api_key_user_id":null,"user_api_key_team_id":"","user_api_key_org_id":"suspended","user_api_key_hash":"h"}""", "BLOCKED")]
    [InlineData("""{"user_api_key_user_id":"default_user_id","user_api_key_hash":"h"}""", "NONE")]
    [InlineData("""{"user_api_key_user_id":"litellm-internal-health","user_api_key_hash":"suspended"}""", "NONE")]
    [InlineData("""{"user_api_key_user_id":"suspended","user_api_key_end_user_id":"litellm-internal-x"}""", "BLOCKED")]
    [InlineData("""{"user_api_key_user_id":"suspended","user_api_key_alias":"litellm_internal_jobs","user_api_key_team_alias":"litellm-internal-x"}""", "BLOCKED")]
    [InlineData("{}", "BLOCKED")]
    [InlineData("null", "BLOCKED")]
    public async Task The_account_is_whom_the_logs_name(string data, string action)
    {
        await using var model = await GuardedModel.Start();
        Assert.Equal(action, Action(await Ask(model, "request", JsonNode.Parse(data))));
    }

    [Fact]
    public async Task Answers_lose_tagged_reasoning_where_a_verdict_says_so_and_all_others_stay_as_they_are()
    {
        await using var model = await GuardedModel.Start();
        string[] texts = ["<think>Three and four.\n</think>\n\nSeven.", "No tags, 3 < 4.", "first I add</think>Seven.", "Seven.<Thinking >and on"];
        var changed = await Ask(model, "response", User("stripped"), texts);
        Assert.Equal("GUARDRAIL_INTERVENED", Action(changed));
        Assert.Equal(["Seven.", "No tags, 3 < 4.", "Seven.", "Seven."], changed.GetProperty("texts").EnumerateArray().Select(text => text.GetString()));
        Assert.Equal("NONE", Action(await Ask(model, "response", User("stripped"), ["No tags, 3 < 4."])));
        Assert.Equal("NONE", Action(await Ask(model, "response", User("good"), texts)));
        Assert.Equal("NONE", Action(await Ask(model, "request", User("stripped"), texts)));
        Assert.Equal("NONE", Action(await Ask(model, "response", new JsonObject(), texts)));
        // What is no text can't be read, and is refused as such.
        Assert.Equal((200, "BLOCKED"), await Raw(model, """{"input_type":"response","request_data":{"user_api_key_user_id":"stripped"},"texts":["a",5]}"""));
        // A verdict that came while the model answered.
        Assert.Equal("BLOCKED", Action(await Ask(model, "response", User("suspended"), texts)));
    }

    [Fact]
    public async Task What_a_customer_made_unreadable_is_blocked_and_a_stranger_is_told_nothing()
    {
        await using var model = await GuardedModel.Start();
        var deep = string.Concat(Enumerable.Repeat("[", 300)) + string.Concat(Enumerable.Repeat("]", 300));
        foreach (var body in new[] { "nothing", "[]", "", """{"input_type":"request","request_data":{"user_api_key_user_id":"\ud800"}}""", """{"input_type":"request","tools":""" + deep + "}" })
        {
            var (status, json) = await model.Server.Post("/beta/litellm_basic_guardrail_api", body);
            Assert.Equal((200, "BLOCKED"), (status, Action(json)));
        }

        var key = model.AddKey(Scopes.Read);
        Assert.Equal(401, (await model.Server.Post("/beta/litellm_basic_guardrail_api", "{}")).Status);
        Assert.Equal(403, (await model.Server.Post("/beta/litellm_basic_guardrail_api", "{}", key)).Status);
    }

    private static async Task<(int, string?)> Raw(GuardedModel model, string body)
    {
        var (status, json) = await model.Server.Post("/beta/litellm_basic_guardrail_api", body);
        return (status, Action(json));
    }

    private static string? Action(JsonElement answer) => answer.GetProperty("action").GetString();

    private static JsonObject User(string account) => new() { ["user_api_key_user_id"] = account, ["user_api_key_hash"] = "9f2c41" };

    private static async Task<JsonElement> Ask(GuardedModel model, string phase, JsonNode? data, params string[] texts)
    {
        var body = new JsonObject
        {
            ["input_type"] = phase, ["litellm_call_id"] = "b7e3", ["litellm_trace_id"] = null, ["structured_messages"] = null, ["images"] = null, ["tools"] = null,
            ["texts"] = new JsonArray([.. texts.Select(text => JsonValue.Create(text))]), ["request_data"] = data, ["additional_provider_specific_params"] = new JsonObject(),
        };
        var (status, json) = await model.Server.Post("/beta/litellm_basic_guardrail_api", body.ToJsonString());
        Assert.Equal(200, status);
        return json;
    }
}
