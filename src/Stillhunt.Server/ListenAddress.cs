using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Stillhunt.Server;

/// <summary>Where to listen.</summary>
/// <param name="Endpoint">A fixed address, or null for all of this machine's (or both loopback ones).</param>
/// <param name="Certificate">For https.</param>
internal sealed record ListenAddress(IPEndPoint? Endpoint, int Port, bool IsLoopback, X509Certificate2? Certificate)
{
    /// <summary>Reads the urls, and refuses what would put traffic or decisions in front of strangers.</summary>
    /// <exception cref="ServeRefusedException">With what to do instead.</exception>
    public static IReadOnlyList<ListenAddress> Check(ServeOptions options, bool noKeys)
    {
        var certificate = Certified(options);
        var addresses = options.Urls.Select(url => Read(url, certificate)).ToList();
        if (addresses.Count == 0) throw new ServeRefusedException("--urls names no address.");
        foreach (var (address, url) in addresses.Zip(options.Urls).Where(pair => !pair.First.IsLoopback))
        {
            if (noKeys) throw new ServeRefusedException($"{url} can be reached from other machines, and there is no key yet. Make one first: stillhunt keys add --store {options.StorePath} --name NAME --scope ingest.");
            if (address.Certificate is null && !options.PlainHttp)
                throw new ServeRefusedException($"{url} would send keys and traffic in clear. Give an https url with --certificate and --certificate-key, or --plain-http if a proxy in front ends TLS.");
        }

        return addresses;
    }

    private static ListenAddress Read(string url, X509Certificate2? certificate)
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

    private static X509Certificate2? Certified(ServeOptions options)
    {
        if (options.Certificate is null) return null;
        try
        {
            return X509Certificate2.CreateFromPemFile(options.Certificate, options.CertificateKey);
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new ServeRefusedException($"The certificate {options.Certificate} can't be used: {fault.Message}");
        }
    }
}
