using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tools.Credentials;

/// <summary>Reads a client certificate, its chain and its key from PEM (RFC 7468).</summary>
internal static class ClientPem
{
    /// <summary>The certificate ready for TLS, or null and what is wrong with it.</summary>
    public static SslStreamCertificateContext? Read(Secret certificate, Secret privateKey, DateTimeOffset now, out string fault)
    {
        var chain = new X509Certificate2Collection();
        X509Certificate2? own = null;
        try
        {
            if (privateKey.Reveal().Contains("ENCRYPTED", StringComparison.Ordinal))
            {
                fault = "its private key is encrypted; give it without a passphrase";
                return null;
            }

            own = X509Certificate2.CreateFromPem(certificate.Reveal(), privateKey.Reveal());
            if (now > own.NotAfter.ToUniversalTime() || now < own.NotBefore.ToUniversalTime())
            {
                fault = string.Create(CultureInfo.InvariantCulture, $"it is valid from {own.NotBefore.ToUniversalTime():yyyy-MM-dd} to {own.NotAfter.ToUniversalTime():yyyy-MM-dd} only");
                own.Dispose();
                return null;
            }

            // The first is the own one (RFC 8446 §4.4.2), whatever follows helps the server to find its root.
            chain.ImportFromPem(certificate.Reveal());
            chain[0].Dispose();
            chain.RemoveAt(0);
            fault = "";

            // Offline: a missing issuer is not fetched from where the certificate says, which a tenant can steer.
            return SslStreamCertificateContext.Create(own, chain, offline: true);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            own?.Dispose();
            fault = "its PEM text holds no certificate, or no private key that belongs to it";
            return null;
        }
    }
}
