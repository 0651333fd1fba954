using Stillhunt.Ingest.Content;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Formats;

/// <summary>The attributes of the GenAI conventions, current and legacy, as a span, an event or a resource has them. Gathered in one pass.</summary>
internal ref struct GenAiAttributes
{
    private JsonValue _operation, _requestType, _model, _responseModel, _conversation, _session, _address, _agent, _userId, _endUserId, _pseudoId, _userHash, _named;
    private JsonValue _temperature, _topP, _maxTokens, _choices, _stream, _inputTokens, _outputTokens, _reasoningTokens, _errorType, _httpStatus;
    private bool _isGenAi;

    public JsonValue ResponseId { get; private set; }
    public JsonValue System { get; private set; }
    public JsonValue Input { get; private set; }
    public JsonValue Output { get; private set; }
    public JsonValue Tools { get; private set; }
    public JsonValue LegacyPrompt { get; private set; }
    public JsonValue LegacyCompletion { get; private set; }
    public JsonValue FinishReasons { get; private set; }

    /// <summary>Messages as one attribute a field: <c>gen_ai.prompt.0.content</c>.</summary>
    public bool HasIndexedPrompt { get; private set; }

    /// <summary>An operation that is named and is no call that generates text.</summary>
    public readonly bool IsOtherOperation =>
        _operation.IsString && !_operation.Raw.IsEmpty
            ? !_operation.Is("chat"u8) && !_operation.Is("text_completion"u8) && !_operation.Is("generate_content"u8) && !_operation.Is("completion"u8)
            : _requestType.Is("embedding"u8) || _requestType.Is("rerank"u8);

    /// <summary>Agent and tool spans repeat the text of the calls inside them, and embeddings generate nothing.</summary>
    public readonly bool IsCall => _isGenAi && !IsOtherOperation;

    /// <summary>Where the user named attributes, the first of them that is filled; else user, end user, pseudonym, hash.</summary>
    public readonly JsonValue Account => _wantsNamed ? _named : First(First(_userId, _endUserId), First(_pseudoId, _userHash));

    private bool _wantsNamed;
    private int _rank;

    public static GenAiAttributes Gather(JsonValue attributes, AccountPath? accountField)
    {
        var found = new GenAiAttributes { _wantsNamed = accountField is not null, _rank = int.MaxValue };
        foreach (var attribute in attributes.Items())
        {
            JsonValue key = default, value = default;
            foreach (var property in attribute.Properties())
            {
                if (property.Is("key"u8)) key = property.Value;
                else if (property.Is("value"u8)) value = property.Value;
            }

            if (!key.IsString) continue;
            if (accountField is not null) found.TakeNamed(accountField.RankOf(key.Raw), value);
            found.Take(key.Raw, value);
        }

        return found;
    }

    /// <summary>Of the attributes that the user named the first that is filled counts, in whatever order they stand.</summary>
    private void TakeNamed(int rank, JsonValue value)
    {
        if (rank >= _rank || OtlpValue.Scalar(value) is var scalar && !AccountPath.IsFilled(scalar)) return;
        _named = scalar;
        _rank = rank;
    }

    /// <summary>Takes only content, and only what is still missing or was no JSON: events may carry what the span lacks.</summary>
    public void TakeContent(JsonValue attributes)
    {
        foreach (var attribute in attributes.Items())
        {
            var key = attribute.Get("key"u8);
            if (!key.IsString || !key.Raw.StartsWith("gen_ai."u8)) continue;
            var value = attribute.Get("value"u8);
            if (key.Is("gen_ai.input.messages"u8) && !Input.Exists) Input = value;
            else if (key.Is("gen_ai.output.messages"u8) && !Output.Exists) Output = value;
            else if (key.Is("gen_ai.system_instructions"u8) && !System.Exists) System = value;
            else if (key.Is("gen_ai.tool.definitions"u8) && !Tools.Exists) Tools = value;
            else if (key.Is("gen_ai.prompt"u8)) LegacyPrompt = value;
            else if (key.Is("gen_ai.completion"u8)) LegacyCompletion = value;
        }
    }

    public readonly void SetFields(Exchange exchange)
    {
        exchange.SetText(ExchangeField.Model, First(_model, _responseModel));
        exchange.SetText(ExchangeField.Conversation, First(_conversation, _session));
        exchange.SetText(ExchangeField.Ip, _address);
        exchange.SetText(ExchangeField.Client, _agent);
        // With another identity as the account, the user is the end user.
        if (_wantsNamed) exchange.SetText(ExchangeField.EndUser, First(First(_userId, _endUserId), First(_pseudoId, _userHash)));
        if (_temperature.TryGetDouble(out var temperature) && temperature is >= 0 and <= 100) exchange.Temperature = temperature;
        if (_topP.TryGetDouble(out var topP) && topP is >= 0 and <= 1) exchange.TopP = topP;
        if (_maxTokens.TryGetLooseCount(out var limit)) exchange.MaxTokens = limit;
        if (_choices.TryGetLooseCount(out var choices) && choices <= int.MaxValue) exchange.ChoiceCount = (int)choices;
        if (_stream.IsBool) exchange.Stream = _stream.IsTrue;
        if (_inputTokens.TryGetLooseCount(out var input)) exchange.InputTokens = input;
        if (_outputTokens.TryGetLooseCount(out var output)) exchange.OutputTokens = output;
        if (_reasoningTokens.TryGetLooseCount(out var reasoning)) exchange.ReasoningTokens = reasoning;
        if (_httpStatus.TryGetLooseCount(out var status) && status is >= 100 and <= 599) exchange.Status = (int)status;
        else if (_errorType.TryGetLooseCount(out var error) && error is >= 400 and <= 599) exchange.Status = (int)error;
        else if (_errorType.IsString && !_errorType.Raw.IsEmpty) exchange.Status = _errorType.Raw.IndexOf("imit"u8) >= 0 ? 429 : 500;
    }

    private void Take(ReadOnlySpan<byte> key, JsonValue value)
    {
        if (key.StartsWith("gen_ai."u8))
        {
            TakeGenAi(key["gen_ai.".Length..], value);
            return;
        }

        if (key.SequenceEqual("user.id"u8)) _userId = OtlpValue.Scalar(value);
        else if (key.SequenceEqual("enduser.id"u8)) _endUserId = OtlpValue.Scalar(value);
        else if (key.SequenceEqual("enduser.pseudo.id"u8)) _pseudoId = OtlpValue.Scalar(value);
        else if (key.SequenceEqual("user.hash"u8)) _userHash = OtlpValue.Scalar(value);
        else if (key.SequenceEqual("client.address"u8)) _address = OtlpValue.Scalar(value);
        else if (key.SequenceEqual("user_agent.original"u8)) _agent = OtlpValue.Scalar(value);
        else if (key.SequenceEqual("session.id"u8)) _session = OtlpValue.Scalar(value);
        else if (key.SequenceEqual("error.type"u8)) _errorType = OtlpValue.Scalar(value);
        else if (key.SequenceEqual("llm.request.type"u8)) _requestType = OtlpValue.Scalar(value); // OpenLLMetry's name for the operation.
        else if (key.SequenceEqual("http.response.status_code"u8)) _httpStatus = OtlpValue.Scalar(value);
    }

    private void TakeGenAi(ReadOnlySpan<byte> key, JsonValue value)
    {
        _isGenAi = true;
        if (key.SequenceEqual("operation.name"u8)) _operation = OtlpValue.Scalar(value);
        else if (key.SequenceEqual("input.messages"u8)) Input = value;
        else if (key.SequenceEqual("output.messages"u8)) Output = value;
        else if (key.SequenceEqual("system_instructions"u8)) System = value;
        else if (key.SequenceEqual("tool.definitions"u8)) Tools = value;
        else if (key.SequenceEqual("prompt"u8)) LegacyPrompt = value;
        else if (key.SequenceEqual("completion"u8)) LegacyCompletion = value;
        else if (key.StartsWith("prompt.0."u8)) HasIndexedPrompt = true;
        else if (key.SequenceEqual("response.finish_reasons"u8)) FinishReasons = value;
        else if (key.SequenceEqual("response.id"u8)) ResponseId = OtlpValue.Scalar(value);
        else if (key.SequenceEqual("request.model"u8)) _model = OtlpValue.Scalar(value);
        else if (key.SequenceEqual("response.model"u8)) _responseModel = OtlpValue.Scalar(value);
        else if (key.SequenceEqual("conversation.id"u8)) _conversation = OtlpValue.Scalar(value);
        else if (key.SequenceEqual("request.temperature"u8)) _temperature = OtlpValue.Scalar(value);
        else if (key.SequenceEqual("request.top_p"u8)) _topP = OtlpValue.Scalar(value);
        else if (key.SequenceEqual("request.max_tokens"u8)) _maxTokens = OtlpValue.Scalar(value);
        else if (key.SequenceEqual("request.choice.count"u8)) _choices = OtlpValue.Scalar(value);
        else if (key.SequenceEqual("request.stream"u8)) _stream = OtlpValue.Scalar(value);
        else if (key.SequenceEqual("usage.input_tokens"u8) || key.SequenceEqual("usage.prompt_tokens"u8)) _inputTokens = OtlpValue.Scalar(value);
        else if (key.SequenceEqual("usage.output_tokens"u8) || key.SequenceEqual("usage.completion_tokens"u8)) _outputTokens = OtlpValue.Scalar(value);
        else if (key.SequenceEqual("usage.reasoning.output_tokens"u8) || key.SequenceEqual("usage.reasoning_tokens"u8)) _reasoningTokens = OtlpValue.Scalar(value);
    }

    private static JsonValue First(JsonValue a, JsonValue b) => a.Exists && !(a.IsString && a.Raw.IsEmpty) ? a : b;
}
