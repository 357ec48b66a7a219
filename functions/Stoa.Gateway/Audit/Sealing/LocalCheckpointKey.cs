using System.Security.Cryptography;
using System.Text;
using Stoa.Gateway.Keys;
using Stoa.Ledger.Checkpoints;

namespace Stoa.Gateway.Audit.Sealing;

/// <summary>A checkpoint key in a PEM file (PKCS #8), made on first use. For one machine: whoever has the file can sign.</summary>
internal sealed class LocalCheckpointKey(string path) : ICheckpointKey
{
    // A disk that was full once is no reason never to sign.
    private readonly Lazy<(ECDsa Key, NoteKey Public)> _key = new(() => Load(path), LazyThreadSafetyMode.PublicationOnly);

    public ValueTask<NoteKey> PublicAsync(CancellationToken ct) => new(_key.Value.Public);

    public ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> digest, CancellationToken ct) => new(_key.Value.Key.SignHash(digest.Span));

    private static (ECDsa Key, NoteKey Public) Load(string path)
    {
        var pem = Encoding.ASCII.GetString(KeyFile.LoadOrCreate(path, Make));
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return (key, NoteKey.Of(key));
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new InvalidDataException($"The file '{path}' must hold a private key on P-256 in PEM; restore it.", e);
        }
    }

    private static byte[] Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n");
    }
}
