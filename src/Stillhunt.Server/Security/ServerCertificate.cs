using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Stillhunt.Server.Security;

/// <summary>What an https address proves itself with, and how it speaks TLS: 1.2 and 1.3, and of 1.2 only what HTTP/2 does not forbid.</summary>
/// <param name="Leaf">With its key.</param>
/// <param name="Chain">The authorities between it and the one that clients know, sent along: without them a client that knows only that one refuses.</param>
internal sealed record ServerCertificate(X509Certificate2 Leaf, X509Certificate2Collection Chain)
{
    /// <summary>
    /// Suites with forward secrecy and authenticated encryption. All others of TLS 1.2 stand on the list of RFC 7540, Appendix A, which TAXII 2.1, section 8.2.2, asks not to accept.
    /// </summary>
    private static readonly TlsCipherSuite[] Suites =
    [
        TlsCipherSuite.TLS_AES_128_GCM_SHA256, TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ];

    /// <param name="file">PEM: the server's own certificate first, then those between it and a known authority.</param>
    /// <param name="key">PEM.</param>
    /// <exception cref="ServeRefusedException">They can't be used.</exception>
    public static ServerCertificate? Load(string? file, string? key)
    {
        if (file is null) return null;
        try
        {
            var leaf = X509Certificate2.CreateFromPemFile(file, key);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(file);
            chain.RemoveAt(0);
            return new ServerCertificate(leaf, chain);
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new ServeRefusedException($"The certificate {file} can't be used: {fault.Message}");
        }
    }

    public void Use(ListenOptions listen) => listen.UseHttps(new HttpsConnectionAdapterOptions
    {
        ServerCertificate = Leaf, ServerCertificateChain = Chain, SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        // Early data of TLS 1.3, which TAXII forbids, is not there at all: SslStream neither offers nor takes it.
        OnAuthenticate = (_, options) =>
        {
            // Windows chooses suites for the whole machine.
            if (OperatingSystem.IsLinux()) options.CipherSuitesPolicy = new CipherSuitesPolicy(Suites);
        },
    });
}
