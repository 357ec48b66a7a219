using System.Security.Cryptography;
using Stoa.Gateway.Keys;
using Stoa.Gateway.Storage;
using Stoa.Testing;

namespace Stoa.Gateway.Tests.Keys;

/// <summary>One stored ring, and any number of instances on it.</summary>
internal sealed class KeyBench
{
    public KeyBench()
    {
        Blobs = new MemoryBlobStore(Time);
        Store = new FailingStore(new MemoryRowStore(), Blobs);
    }

    public FakeTime Time { get; } = new();

    public MemoryBlobStore Blobs { get; }

    public FailingStore Store { get; }

    public CountingWrap Wrap { get; } = new();

    public KeyRing Join() => new(Store, Wrap, Time);

    public async Task<RingFile> FileAsync() =>
        RingFile.Parse((await Blobs.GetAsync(RingFile.Container, RingFile.Name, CancellationToken.None))!);
}

/// <summary>AES-GCM under a fixed key, counting how often it is asked.</summary>
internal sealed class CountingWrap : IKeyWrap
{
    private static readonly byte[] Outer = new byte[GcmBox.KeySize];

    public int Wraps { get; private set; }

    public int Unwraps { get; private set; }

    public ValueTask<WrappedKey> WrapAsync(ReadOnlyMemory<byte> key, CancellationToken ct)
    {
        Wraps++;
        return new(new WrappedKey("test", GcmBox.Lock(Outer, key.Span, [])));
    }

    public ValueTask<byte[]> UnwrapAsync(WrappedKey wrapped, CancellationToken ct)
    {
        Unwraps++;
        return new(GcmBox.Unlock(Outer, wrapped.Bytes.Span, []) ?? throw new CryptographicException("altered"));
    }
}
