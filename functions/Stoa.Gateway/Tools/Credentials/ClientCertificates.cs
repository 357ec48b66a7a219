using Stoa.Gateway.Egress;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tools.Credentials;

/// <summary>
/// Client certificates in use by this instance, each with connections of its own that no other tenant and no other certificate shares. Those
/// that nobody uses go after five minutes, or sooner when there are many.
/// </summary>
internal sealed class ClientCertificates(EgressClient egress, TimeProvider time) : IDisposable
{
    public const int Capacity = 256;

    public static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan TrimEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<CertificateKey, ClientCertificate> _known = [];
    private long _trimmedAt = time.GetTimestamp();

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _known.Count;
            }
        }
    }

    /// <summary>The certificate, which the caller returns; or why these texts are none.</summary>
    public OpenedCredential Rent(Revision revision, Secret certificate, Secret privateKey)
    {
        var name = new CertificateKey(revision.Uid, certificate, privateKey);
        lock (_gate)
        {
            if (_known.TryGetValue(name, out var known))
            {
                var rented = Rented(known);
                Trim(room: 0);
                return rented;
            }
        }

        if (ClientPem.Read(certificate, privateKey, time.GetUtcNow(), out var fault) is not { } pem)
        {
            return new(null, $"The client certificate of this tool cannot be used: {fault}. The tenant's administrator has to apply its Secret again.");
        }

        var made = new ClientCertificate(egress.Identify(pem), this);
        lock (_gate)
        {
            if (_known.TryGetValue(name, out var known))
            {
                made.Identity.Dispose();
                return Rented(known);
            }

            Trim(room: 1);
            _known.Add(name, made);
            return Rented(made);
        }
    }

    internal void Return(ClientCertificate certificate)
    {
        lock (_gate)
        {
            certificate.Users--;
            certificate.ReturnedAt = time.GetTimestamp();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var certificate in _known.Values)
            {
                certificate.Identity.Dispose();
            }

            _known.Clear();
        }
    }

    private static OpenedCredential Rented(ClientCertificate certificate)
    {
        certificate.Users++;
        return new(ToolCredential.None with { Certificate = certificate }, "");
    }

    /// <summary>Never one that a call uses: that would break the call off. So there are at most so many, or as many as calls in flight.</summary>
    private void Trim(int room)
    {
        var surplus = _known.Count + room - Capacity;
        if (surplus <= 0 && time.GetElapsedTime(_trimmedAt) < TrimEvery)
        {
            return;
        }

        _trimmedAt = time.GetTimestamp();
        var idle = _known.Where(c => c.Value.Users == 0).OrderBy(c => c.Value.ReturnedAt).ToArray();
        for (var i = 0; i < idle.Length && (i < surplus || time.GetElapsedTime(idle[i].Value.ReturnedAt) > IdleLimit); i++)
        {
            _known.Remove(idle[i].Key);
            idle[i].Value.Identity.Dispose();
        }
    }
}

/// <summary>This incarnation of a tenant and both texts: a renewed certificate is another one.</summary>
internal readonly struct CertificateKey(string tenantUid, Secret certificate, Secret privateKey) : IEquatable<CertificateKey>
{
    private readonly string _tenantUid = tenantUid;
    private readonly Secret _certificate = certificate;
    private readonly Secret _privateKey = privateKey;

    public bool Equals(CertificateKey other) =>
        _tenantUid == other._tenantUid && _certificate.IsSame(other._certificate) && _privateKey.IsSame(other._privateKey);

    public override bool Equals(object? obj) => obj is CertificateKey other && Equals(other);

    // The texts are thousands of characters; who holds the same ones is found among the few of one tenant.
    public override int GetHashCode() => HashCode.Combine(_tenantUid, _certificate.Reveal().Length, _privateKey.Reveal().Length);
}

/// <summary>One client certificate and how many calls use it.</summary>
internal sealed class ClientCertificate(EgressIdentity identity, ClientCertificates owner)
{
    public EgressIdentity Identity => identity;

    public int Users { get; set; }

    public long ReturnedAt { get; set; }

    public void Return() => owner.Return(this);
}
