using System.Buffers;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Response.Countermeasures;

/// <summary>Counter-measures on a whole answer.</summary>
public static class AnswerBody
{
    /// <summary>Writes the answer without what <paramref name="measures"/> takes out; byte for byte as it came where it holds nothing of that.</summary>
    /// <param name="outputTokens">What the answer declares; null where it declares nothing.</param>
    /// <returns>False where the body is no JSON object, or names a member twice in one: what can't be read in one way can't be cleared, and nothing was written.</returns>
    public static bool TryRewrite(ModelApi api, Measures measures, ReadOnlySpan<byte> body, IBufferWriter<byte> to, out long? outputTokens)
    {
        ArgumentNullException.ThrowIfNull(measures);
        ArgumentNullException.ThrowIfNull(to);
        outputTokens = null;
        if (!JsonValue.TryOf(body, out var value) || !value.IsObject || JsonDoubles.Any(body))
        {
            // Where nothing has to be taken out, what can't be read passes.
            if (measures.OnlyMarks) to.Write(body);
            return measures.OnlyMarks;
        }

        var (rewriter, json) = (AnswerRewriter.Of(api, measures), new JsonOut());
        rewriter.Body(value, json);
        outputTokens = rewriter.OutputTokens;
        to.Write(json.Changed ? json.Written : body);
        return true;
    }
}
