using System.Text;
using System.Text.Json;
using Stillhunt.Response;
using Stillhunt.Server.Enforcement;

namespace Stillhunt.Tests.Enforcement;

/// <summary>What an adapter takes out of a request is what the gateway takes out.</summary>
public sealed class RequestFieldsTests
{
    [Theory]
    [InlineData("logprobs", """{"model":"m","include":["message.output_text.logprobs","reasoning.encrypted_content"],"input":"q"}""", """{"model":"m","include":["reasoning.encrypted_content"],"input":"q"}""")]
    [InlineData("logprobs", """{"model":"m","logprobs":true,"top_logprobs":5,"prompt_logprobs":1}""", """{"model":"m"}""")]
    [InlineData("n", """{"model":"m","n":4,"best_of":9}""", """{"model":"m"}""")]
    [InlineData("n", """{"model":"m","N":4,"Best_Of":9}""", """{"model":"m"}""")]
    [InlineData("n", """{"model":"m","include":["message.output_text.logprobs"]}""", null)]
    [InlineData("logprobs", """{"model":"m","include":["reasoning.encrypted_content"]}""", null)]
    public void What_is_stripped_is_not_asked_for(string field, string request, string? without)
    {
        using var json = JsonDocument.Parse(request);
        var changed = RequestFields.Without(json.RootElement, [new Obligation(ResponseAction.Strip) { Fields = [field] }]);
        Assert.Equal(without, changed is null ? null : Encoding.UTF8.GetString(changed));
    }
}
