using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Stoa.Gateway.Egress;

/// <summary>A client certificate and the connections that present it; made by <see cref="EgressClient.Identify"/>.</summary>
internal sealed class EgressIdentity(HttpMessageInvoker invoker, SslStreamCertificateContext certificate) : IDisposable
{
    public HttpMessageInvoker Invoker => invoker;

    /// <summary>Ends the connections and drops the private key.</summary>
    public void Dispose()
    {
        invoker.Dispose();
        certificate.TargetCertificate.Dispose();
        foreach (X509Certificate2 issuer in certificate.IntermediateCertificates)
        {
            issuer.Dispose();
        }
    }
}
