using System.Security.Cryptography;

namespace Stoa.Gateway.Keys;

/// <summary>
/// Wraps under 32 random bytes in a file, made on first use: AES-256-GCM, as nonce, ciphertext, tag. For one machine; whoever loses the
/// file loses the ring and every sealed secret.
/// </summary>
internal sealed class LocalKeyWrap(string path) : IKeyWrap
{
    private readonly Lazy<(byte[] Key, string Name)> _outer = new(() => LoadOrCreate(path));

    public ValueTask<WrappedKey> WrapAsync(ReadOnlyMemory<byte> key, CancellationToken ct)
    {
        var (outer, name) = _outer.Value;
        return new(new WrappedKey(name, GcmBox.Lock(outer, key.Span, Aad(name))));
    }

    public ValueTask<byte[]> UnwrapAsync(WrappedKey wrapped, CancellationToken ct)
    {
        var (outer, name) = _outer.Value;
        if (wrapped.Name != name)
        {
            throw new CryptographicException($"The key ring was locked by '{wrapped.Name}', but the key file '{path}' is '{name}'.");
        }

        return new(GcmBox.Unlock(outer, wrapped.Bytes.Span, Aad(name))
            ?? throw new CryptographicException($"A key of the ring does not open with the key file '{path}': it was altered."));
    }

    private static byte[] Aad(string name) => System.Text.Encoding.UTF8.GetBytes(name);

    private static (byte[] Key, string Name) LoadOrCreate(string path)
    {
        var key = KeyFile.LoadOrCreate(path, static () => RandomNumberGenerator.GetBytes(GcmBox.KeySize));
        if (key.Length != GcmBox.KeySize)
        {
            throw new InvalidDataException($"The key file '{path}' must hold exactly {GcmBox.KeySize} bytes; restore it.");
        }

        return (key, $"local:{Convert.ToHexStringLower(SHA256.HashData(key).AsSpan(0, 8))}");
    }
}
