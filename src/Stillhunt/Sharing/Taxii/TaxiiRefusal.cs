using System.Globalization;
using System.Text.Json.Nodes;

namespace Stillhunt.Sharing.Taxii;

/// <summary>A request that is answered with an error (TAXII 2.1, section 3.6.1). Thrown inside the server only.</summary>
internal sealed class TaxiiRefusal(int status, string title, string? description = null, string? allowed = null) : Exception(title)
{
    public int Status { get; } = status;

    /// <summary>With 405, the methods that are served.</summary>
    public string? Allowed { get; } = allowed;

    public JsonObject Body()
    {
        // The status of the message is a text and equals that of the response.
        var message = new JsonObject { ["title"] = Shown(Message), ["http_status"] = Status.ToString(CultureInfo.InvariantCulture) };
        if (description is not null) message["description"] = Shown(description);
        return message;
    }

    private static string Shown(string text) => Reporting.Text.OutputText.Terminal(text, 300);
}
