using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Stillhunt.Server.Security;

namespace Stillhunt.Server;

/// <summary>Where to listen.</summary>
/// <param name="Endpoint">A fixed address, or null for all of this machine's (or both loopback ones).</param>
/// <param name="Certificate">For https.</param>
internal sealed record ListenAddress(IPEndPoint? Endpoint, int Port, bool IsLoopback, ServerCertificate? Certificate)
{
    /// <summary>Reads the urls, and refuses what would put traffic or decisions in front of strangers.</summary>
    /// <exception cref="ServeRefusedException">With what to do instead.</exception>
    public static IReadOnlyList<ListenAddress> Check(ServeOptions options, bool noKeys)
    {
        var addresses = All(options.Urls, options.Certificate, options.CertificateKey);
        if (noKeys && addresses.Zip(options.Urls).FirstOrDefault(pair => !pair.First.IsLoopback) is { Second: { } open })
            throw new ServeRefusedException($"{open} can be reached from other machines, and there is no key yet. Make one first: stillhunt keys add --store {options.StorePath} --name NAME --scope ingest.");
        RefuseClear(addresses, options.Urls, options.PlainHttp);
        return addresses;
    }

    /// <summary>As the other, for a server whose callers bring keys that are not its own.</summary>
    /// <exception cref="ServeRefusedException">With what to do instead.</exception>
    public static IReadOnlyList<ListenAddress> Check(IReadOnlyList<string> urls, string? certificate, string? certificateKey, bool plainHttp)
    {
        var addresses = All(urls, certificate, certificateKey);
        RefuseClear(addresses, urls, plainHttp);
        return addresses;
    }

    public void Bind(KestrelServerOptions kestrel, Action<ListenOptions>? more = null)
    {
        void Configure(ListenOptions listen)
        {
            more?.Invoke(listen);
            Certificate?.Use(listen);
        }

        if (Endpoint is { } endpoint) kestrel.Listen(endpoint, Configure);
        else if (IsLoopback) kestrel.ListenLocalhost(Port, Configure);
        else kestrel.ListenAnyIP(Port, Configure);
    }

    private static List<ListenAddress> All(IReadOnlyList<string> urls, string? certificate, string? certificateKey)
    {
        var certified = ServerCertificate.Load(certificate, certificateKey);
        if (urls.Count == 0) throw new ServeRefusedException("--urls names no address.");
        return [.. urls.Select(url => Read(url, certified))];
    }

    private static void RefuseClear(IReadOnlyList<ListenAddress> addresses, IReadOnlyList<string> urls, bool plainHttp)
    {
        foreach (var (address, url) in addresses.Zip(urls).Where(pair => !pair.First.IsLoopback && pair.First.Certificate is null))
        {
            if (!plainHttp) throw new ServeRefusedException($"{url} would send keys and traffic in clear. Give an https url with --certificate and --certificate-key, or --plain-http if a proxy in front ends TLS.");
        }
    }

    private static ListenAddress Read(string url, ServerCertificate? certificate)
    {
        // Uri knows no '*'.
        var every = url.Contains("://*", StringComparison.Ordinal) || url.Contains("://+", StringComparison.Ordinal);
        if (!Uri.TryCreate(every ? url.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal) : url, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("http" or "https") || uri.PathAndQuery is not ("/" or ""))
            throw new ServeRefusedException($"'{url}' is no address to listen on; write http://127.0.0.1:8087 or https://0.0.0.0:8443.");
        if (uri.Scheme == "https" && certificate is null) throw new ServeRefusedException($"{url} needs --certificate FILE and --certificate-key FILE (PEM).");
        var used = uri.Scheme == "https" ? certificate : null;
        if (uri.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)) return new ListenAddress(null, uri.Port, true, used);
        if (!IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip)) throw new ServeRefusedException($"'{url}': name the address by its number, or localhost, or * for all.");
        return every ? new ListenAddress(null, uri.Port, false, used) : new ListenAddress(new IPEndPoint(ip, uri.Port), uri.Port, IPAddress.IsLoopback(ip), used);
    }
}
