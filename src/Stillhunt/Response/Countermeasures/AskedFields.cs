using Stillhunt.Ingest.Json;

namespace Stillhunt.Response.Countermeasures;

/// <summary>
/// By which fields requests ask for what a verdict strips: one list for whoever takes them out. A name that a provider does not know is ignored there, so all dialects stand together.
/// </summary>
public static class AskedFields
{
    /// <summary>Item of <c>include</c> by which Responses are asked for token probabilities.</summary>
    public const string IncludedLogprobs = "message.output_text.logprobs";

    // OpenAI; prompt_logprobs, logprob_token_ids: vLLM; return_logprob and what goes with it: SGLang; n_probs: llama.cpp.
    private static readonly string[] Logprobs = ["logprobs", "top_logprobs", "prompt_logprobs", "logprob_token_ids", "return_logprob", "logprob_start_len", "top_logprobs_num", "token_ids_logprob", "n_probs"], Candidates = ["n", "best_of"], Seed = ["seed"];

    /// <summary>The fields of a request behind a name in <c>strip</c>; one that is not known stands for itself.</summary>
    public static IReadOnlyList<string> Of(string field) => field switch { "logprobs" => Logprobs, "n" => Candidates, "seed" => Seed, _ => [field] };

    internal static bool IsLogprobs(JsonProperty property) => IsAny(property, Logprobs);

    internal static bool IsCandidates(JsonProperty property) => IsAny(property, Candidates);

    internal static bool IsSeed(JsonProperty property) => IsAny(property, Seed);

    private static bool IsAny(JsonProperty property, string[] names)
    {
        Span<byte> bytes = stackalloc byte[32];
        foreach (var name in names) if (property.IsInAnyCase(bytes[..System.Text.Encoding.ASCII.GetBytes(name, bytes)])) return true;
        return false;
    }
}
