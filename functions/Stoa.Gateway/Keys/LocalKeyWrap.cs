using System.Security.Cryptography;

namespace Stoa.Gateway.Keys;

/// <summary>
/// Wraps under 32 random bytes in a file, made on first use: AES-256-GCM, as nonce, ciphertext, tag. For one machine; whoever loses the
/// file loses the ring and every sealed secret.
/// </summary>
internal sealed class LocalKeyWrap(string path) : IKeyWrap
{
    // Each turn past the first few sleeps a millisecond; making a key takes a few.
    private const int MostTurnsWaited = 5000;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

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
        if (!File.Exists(path))
        {
            Create(path);
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(OwnerOnly | UnixFileMode.UserExecute)) != 0)
        {
            throw new UnauthorizedAccessException($"The key file '{path}' can be read by others. Make it yours alone: chmod 600.");
        }

        var key = File.ReadAllBytes(path);
        if (key.Length != GcmBox.KeySize)
        {
            throw new InvalidDataException($"The key file '{path}' must hold exactly {GcmBox.KeySize} bytes; restore it.");
        }

        return (key, $"local:{Convert.ToHexStringLower(SHA256.HashData(key).AsSpan(0, 8))}");
    }

    // One at a time, also across processes, because moving without overwriting is a look and then a move here; written aside, because a
    // reader must never see half a key.
    private static void Create(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        using var turn = TakeTurn(path + ".lock");
        if (File.Exists(path))
        {
            return;
        }

        var aside = Path.Combine(folder, Path.GetRandomFileName());
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var file = new FileStream(aside, options))
        {
            file.Write(RandomNumberGenerator.GetBytes(GcmBox.KeySize));
            file.Flush(flushToDisk: true);
        }

        File.Move(aside, path);
    }

    /// <summary>
    /// The lock that the operating system drops with its holder, however that ends. It goes when its holder is done; whoever then still got
    /// hold of the old one finds the key made.
    /// </summary>
    private static FileStream TakeTurn(string path)
    {
        var wait = default(SpinWait);
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (wait.Count < MostTurnsWaited)
            {
                wait.SpinOnce();
            }
        }
    }
}
