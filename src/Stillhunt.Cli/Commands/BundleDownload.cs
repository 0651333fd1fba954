using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Stillhunt.Sharing.Stix;
using Stillhunt.Sharing.Taxii;

namespace Stillhunt.Cli.Commands;

/// <summary>A bundle or event that is a file on a web server. What a collection holds comes by 'share pull'.</summary>
internal static class BundleDownload
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Whether an argument is an address and not a file.</summary>
    public static bool IsAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp);

    /// <summary>Reads it within the limits, whatever the server says of its length.</summary>
    /// <exception cref="UsageException">It is another machine's address without https.</exception>
    /// <exception cref="IOException">The server could not be reached, or answered with anything but 200.</exception>
    public static JsonObject? Read(string text, StixLimits limits, out string? fault)
    {
        var address = new Uri(text);
        if (address.Scheme != Uri.UriSchemeHttps && !address.IsLoopback) throw new UsageException($"{text} is no address that begins with https://");
        using var handler = ClientTransport.Handler();
        using var http = new HttpClient(handler) { Timeout = Patience };
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse("application/stix+json;version=2.1"));
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("stillhunt", "0"));
        try
        {
            using var answer = http.Send(request, HttpCompletionOption.ResponseHeadersRead);
            if (answer.StatusCode != System.Net.HttpStatusCode.OK) throw new IOException($"{address} was answered with {(int)answer.StatusCode}; a TAXII collection is read with 'stillhunt share pull'.");
            using var from = answer.Content.ReadAsStream();
            return StixBundle.ReadAny(from, limits, out fault);
        }
        catch (Exception lost) when (lost is HttpRequestException or TaskCanceledException)
        {
            throw new IOException($"{address} could not be read: {(lost is HttpRequestException broken ? ClientTransport.Reason(broken) : lost.Message)}", lost);
        }
    }
}
