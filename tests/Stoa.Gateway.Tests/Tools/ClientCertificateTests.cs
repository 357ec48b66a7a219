using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Tests.Config;
using Stoa.Gateway.Tools.Credentials;

namespace Stoa.Gateway.Tests.Tools;

/// <summary>Client certificates from PEM, and who shares their connections. That they are presented is shown on the wire.</summary>
public sealed class ClientCertificateTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Revision Acme = Tenant("acme", "t1");

    [Fact]
    public async Task Calls_with_the_same_certificate_share_its_connections_and_nobody_else_does()
    {
        await using var bench = await UpstreamBench.StartAsync();
        var (certificate, key) = Pem("crm");
        var (otherCertificate, otherKey) = Pem("crm");

        var first = Rent(bench, Acme, certificate, key);
        Assert.Same(first, Rent(bench, Tenant("acme", "t1"), new(certificate.Reveal()), new(key.Reveal())));
        Assert.NotSame(first, Rent(bench, Acme, otherCertificate, otherKey));
        Assert.NotSame(first, Rent(bench, Tenant("other", "t2"), certificate, key));
        Assert.NotSame(first, Rent(bench, Tenant("acme", "t3"), certificate, key));
        Assert.Equal(4, bench.Certificates.Count);
    }

    [Fact]
    public async Task One_that_nobody_uses_goes_in_time_and_one_in_use_stays()
    {
        await using var bench = await UpstreamBench.StartAsync();
        var (certificate, key) = Pem("crm");
        var idle = Rent(bench, Acme, certificate, key);
        var used = Rent(bench, Tenant("other", "t2"), certificate, key);
        idle.Return();
        bench.Time.Advance(ClientCertificates.IdleLimit + TimeSpan.FromSeconds(1));

        Assert.Same(used, Rent(bench, Tenant("other", "t2"), certificate, key));
        Assert.Equal(1, bench.Certificates.Count);
        Assert.NotSame(idle, Rent(bench, Acme, certificate, key));
    }

    [Fact]
    public async Task There_are_never_more_than_so_many_idle_ones()
    {
        await using var bench = await UpstreamBench.StartAsync();
        var (certificate, key) = Pem("crm");
        for (var i = 0; i < ClientCertificates.Capacity + 20; i++)
        {
            Rent(bench, Tenant("acme", $"t{i}"), certificate, key).Return();
        }

        Assert.Equal(ClientCertificates.Capacity, bench.Certificates.Count);
    }

    [Fact]
    public async Task The_chain_may_follow_and_the_key_may_be_of_another_kind()
    {
        await using var bench = await UpstreamBench.StartAsync();
        var (certificate, key) = Pem("crm");
        var (issuer, _) = Pem("issuer");
        Rent(bench, Acme, new(certificate.Reveal() + "\r\n" + issuer.Reveal()), key);

        using var rsa = RSA.Create(2048);
        var request = new CertificateRequest("CN=rsa", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(1));
        Rent(bench, Acme, new(made.ExportCertificatePem()), new(rsa.ExportRSAPrivateKeyPem()));
    }

    [Fact]
    public async Task What_cannot_be_used_is_told_without_being_shown()
    {
        await using var bench = await UpstreamBench.StartAsync();
        var (certificate, key) = Pem("crm");
        var (_, strange) = Pem("crm");
        using var own = ECDsa.Create();
        own.ImportFromPem(key.Reveal());
        var locked = own.ExportEncryptedPkcs8PrivateKeyPem("pass", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));

        Says(certificate, strange, "no private key that belongs to it");
        Says(key, certificate, "holds no certificate");
        Says(new("not a certificate"), key, "holds no certificate");
        Says(certificate, new(""), "no private key that belongs to it");
        Says(certificate, new(key.Reveal().Replace("A", "B", StringComparison.Ordinal)), "no private key that belongs to it");
        Says(certificate, new(locked), "give it without a passphrase");
        var (old, oldKey) = Pem("old", Now.AddYears(-2));
        Says(old, oldKey, "it is valid from 2023-12-31 to 2024-01-02 only");
        Assert.Equal(0, bench.Certificates.Count);

        void Says(Secret one, Secret two, string expected)
        {
            var opened = bench.Certificates.Rent(Acme, one, two);
            Assert.Null(opened.Credential);
            Assert.Contains(expected, opened.Fault, StringComparison.Ordinal);
            Assert.DoesNotContain("BEGIN", opened.Fault, StringComparison.Ordinal);
        }
    }

    private static ClientCertificate Rent(UpstreamBench bench, Revision revision, Secret certificate, Secret key)
    {
        var opened = bench.Certificates.Rent(revision, certificate, key);
        Assert.Equal("", opened.Fault);
        return opened.Credential!.Value.Certificate!;
    }

    private static Revision Tenant(string name, string uid) => new(ConfigBench.Tenant(name), 1, uid, []);

    private static (Secret Certificate, Secret Key) Pem(string name, DateTimeOffset? around = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSelfSigned((around ?? Now).AddDays(-1), (around ?? Now).AddDays(1));
        return (new(made.ExportCertificatePem()), new(key.ExportPkcs8PrivateKeyPem()));
    }
}
