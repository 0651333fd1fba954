namespace Stillhunt.Fingerprinting;

/// <summary>
/// What is kept of a key's name. Gateways log a key's hash or its name; a log that holds the secret itself must not spread it, so of what begins like one only
/// the end is kept, as providers show their keys.
/// </summary>
internal static class KeyName
{
    /// <summary>As many as OpenAI, Anthropic and LiteLLM show of theirs.</summary>
    private const int Shown = 4;

    /// <summary>A name that begins so and is not longer is no secret: LiteLLM's masked form has 7 characters.</summary>
    private const int ShortestSecret = 16;

    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> key) =>
        key.StartsWith("sk-"u8) && key.Length >= ShortestSecret ? (byte[])[.. "sk-..."u8, .. key[^Shown..]] : key;
}
