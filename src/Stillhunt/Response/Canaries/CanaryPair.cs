using System.Text;

namespace Stillhunt.Response.Canaries;

/// <summary>
/// Two ways to say the same thing in English prose, either of which can take the other's place wherever the pair's conditions hold. Conditions name words beside the pair,
/// never words of a pair, so that what was written once is found again.
/// </summary>
/// <param name="First">Lower case, single spaces, ASCII.</param>
/// <param name="Second">As <paramref name="First"/>.</param>
internal sealed record CanaryPair(string First, string Second)
{
    /// <summary>Opens a sentence, with a capital, and a comma follows. Otherwise it stands within a sentence, in lower case.</summary>
    public bool Opens { get; init; }

    /// <summary>Words before it with which it means something else, or sounds wrong.</summary>
    public string[] NotAfter { get; init; } = [];

    /// <summary>The only words that may stand before it; empty for any.</summary>
    public string[] OnlyAfter { get; init; } = [];

    /// <inheritdoc cref="NotAfter"/>
    public string[] NotBefore { get; init; } = [];

    /// <summary>Stable name, by which keys choose.</summary>
    public string Id => First;

    /// <summary>The form as it is written in its place.</summary>
    public byte[] Form(int which)
    {
        var form = which == 0 ? First : Second;
        return Encoding.ASCII.GetBytes(Opens ? char.ToUpperInvariant(form[0]) + form[1..] : form);
    }
}
