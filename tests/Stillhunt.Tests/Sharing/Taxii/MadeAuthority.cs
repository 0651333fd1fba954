using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Stillhunt.Tests.Ingest;

namespace Stillhunt.Tests.Sharing.Taxii;

/// <summary>An authority of one's own, with another between it and the servers that it vouches for. Made for one test, trusted by nobody else.</summary>
internal sealed class MadeAuthority : IDisposable
{
    private static readonly DateTimeOffset From = TimeProvider.System.GetUtcNow().AddDays(-100), Until = TimeProvider.System.GetUtcNow().AddDays(100);

    private readonly ECDsa _rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256), _betweenKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _root, _between;

    public MadeAuthority()
    {
        _root = Authority("CN=Made root", _rootKey).CreateSelfSigned(From, Until);
        using var between = Authority("CN=Made authority between", _betweenKey).Create(_root, From, Until, [1, 2, 3]);
        _between = between.CopyWithPrivateKey(_betweenKey);
    }

    /// <summary>What a client is told to trust: the root alone.</summary>
    public string RootPem => _root.ExportCertificatePem();

    public X509Certificate2Collection Root => [X509CertificateLoader.LoadCertificate(_root.RawData)];

    /// <summary>Files of a server's certificate, with the one between, and of its key.</summary>
    public (string Certificate, string Key) Vouch(TemporaryFolder folder, string name, DateTimeOffset? until = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address)) names.AddIpAddress(address);
        else names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var made = request.Create(_between, From, until ?? Until.AddDays(-1), [4, 5, 6]);
        return (folder.Write("server.pem", made.ExportCertificatePem() + "\n" + _between.ExportCertificatePem() + "\n"), folder.Write("server.key", key.ExportPkcs8PrivateKeyPem() + "\n"));
    }

    public void Dispose()
    {
        _root.Dispose();
        _between.Dispose();
        _rootKey.Dispose();
        _betweenKey.Dispose();
    }

    private static CertificateRequest Authority(string name, ECDsa key)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        return request;
    }
}
