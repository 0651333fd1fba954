using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Stillhunt.Response;
using Stillhunt.Server.Decisions;

namespace Stillhunt.Server.Enforcement;

/// <summary>
/// The question and the answer in headers, for gateways that ask without a body. All that the answer holds is of this program's own making or escaped, so that nothing
/// of a request can add a header.
/// </summary>
internal static class AdmissionHeaders
{
    /// <summary>
    /// Only the adapter's own answers bear it. A gateway tells by it a refusal of the customer (401, 403) from one of the gateway, whose key is wrong.
    /// </summary>
    private const string Status = "Stillhunt-Status";

    private const string Account = "Stillhunt-Account", Source = "Stillhunt-Source", Region = "Stillhunt-Region", Model = "Stillhunt-Model", Tier = "Stillhunt-Tier";

    private static readonly string[] Asked = [Account, Source, Region, Model, Tier];

    private static readonly JsonWriterOptions Ascii = new() { Encoder = JavaScriptEncoder.Default };

    /// <summary>Refuses where a header stands more than once: which of the two is meant can't be known, and one may be the sender's.</summary>
    public static Admission Ask(HttpRequest request, Admissions admissions)
    {
        var headers = request.Headers;
        foreach (var name in Asked)
            if (headers[name].Count > 1) return Admission.Refused(Refusal.Unreadable($"{name} stands more than once."));
        return admissions.Of(new Question(headers[Account].ToString(), Text(headers, Source), Text(headers, Region), Text(headers, Model), Text(headers, Tier)));
    }

    /// <summary>Writes what a gateway does, and what it passes on to whoever carries obligations out.</summary>
    public static void Write(IHeaderDictionary headers, int status, Admission admission)
    {
        headers[Status] = status.ToString(CultureInfo.InvariantCulture);
        headers["Stillhunt-Action"] = (admission.Verdict?.Action ?? ResponseAction.Observe).Id();
        if (admission.Refusal is { } refusal)
        {
            headers["Stillhunt-Body"] = Json(refusal.WriteBody);
            if (refusal.Status == StatusCodes.Status401Unauthorized) headers.WWWAuthenticate = "Bearer";
            if (refusal.RetrySeconds is { } seconds) headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (admission.Verdict is not { } verdict) return;
        headers["Stillhunt-State"] = VerdictJson.Id(verdict.State);
        headers["Stillhunt-Rule"] = Uri.EscapeDataString(verdict.Rule);
        if (verdict.Campaign is { } campaign) headers["Stillhunt-Campaign"] = Uri.EscapeDataString(campaign);
        headers["Stillhunt-Expires"] = VerdictJson.Time(verdict.ExpiresMs);
        if (admission.Obligations.Count > 0) headers["Stillhunt-Obligations"] = Json(writer => VerdictJson.Write(writer, admission.Obligations));
    }

    /// <summary>One line: what is not ASCII is escaped.</summary>
    private static string Json(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(bytes, Ascii)) write(writer);
        return Encoding.ASCII.GetString(bytes.WrittenSpan);
    }

    private static string? Text(IHeaderDictionary headers, string name) => headers[name].ToString() is { Length: > 0 } text ? text : null;
}
