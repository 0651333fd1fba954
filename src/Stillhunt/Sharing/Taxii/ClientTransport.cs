using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Stillhunt.Sharing.Taxii;

/// <summary>
/// How the program speaks to another's server: TLS 1.2 or 1.3 (TAXII 2.1, section 8.5.1), the server's certificate verified as PKIX has it, its name too (8.5.2), and no redirect followed,
/// which could lead a secret elsewhere, or into one's own house.
/// </summary>
public static class ClientTransport
{
    /// <param name="authorities">The authorities whose certificates are trusted, instead of those that the machine trusts; null for these.</param>
    public static SocketsHttpHandler Handler(X509Certificate2Collection? authorities = null)
    {
        var tls = new SslClientAuthenticationOptions { EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13 };
        if (authorities is not null)
        {
            tls.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        return new SocketsHttpHandler { AllowAutoRedirect = false, SslOptions = tls };
    }

    /// <summary>What went wrong, with the reason for which a certificate was refused, which the fault itself keeps to itself.</summary>
    public static string Reason(HttpRequestException fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return fault.InnerException is AuthenticationException refused ? $"the server did not prove who it is, or does not speak TLS 1.2: {refused.Message}" : fault.Message;
    }
}
