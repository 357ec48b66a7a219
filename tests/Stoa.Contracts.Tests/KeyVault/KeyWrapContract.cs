using System.Security.Cryptography;
using Stoa.Gateway.Keys;

namespace Stoa.Contracts.Tests.KeyVault;

/// <summary>What every <see cref="IKeyWrap"/> promises.</summary>
public abstract class KeyWrapContract
{
    private protected static readonly CancellationToken None = CancellationToken.None;

    /// <summary>Another process with the same outer key.</summary>
    private protected abstract ValueTask<IKeyWrap> JoinAsync();

    /// <summary>A wrap under an outer key of its own.</summary>
    private protected abstract ValueTask<IKeyWrap> StrangerAsync();

    [Fact]
    public async Task What_one_process_wraps_another_opens()
    {
        var key = RandomNumberGenerator.GetBytes(32);

        var wrapped = await (await JoinAsync()).WrapAsync(key, None);

        Assert.True(wrapped.Bytes.Span.IndexOf(key) < 0);
        Assert.Equal(key, await (await JoinAsync()).UnwrapAsync(wrapped, None));
    }

    [Fact]
    public async Task The_same_key_never_wraps_to_the_same_bytes()
    {
        var wrap = await JoinAsync();
        var key = RandomNumberGenerator.GetBytes(32);

        Assert.NotEqual((await wrap.WrapAsync(key, None)).Bytes.ToArray(), (await wrap.WrapAsync(key, None)).Bytes.ToArray());
    }

    [Fact]
    public async Task Altered_bytes_do_not_open()
    {
        var wrap = await JoinAsync();
        var wrapped = await wrap.WrapAsync(RandomNumberGenerator.GetBytes(32), None);
        foreach (var at in new[] { 0, wrapped.Bytes.Length / 2, wrapped.Bytes.Length - 1 })
        {
            var bytes = wrapped.Bytes.ToArray();
            bytes[at] ^= 1;
            await Assert.ThrowsAnyAsync<CryptographicException>(async () => await wrap.UnwrapAsync(wrapped with { Bytes = bytes }, None));
        }

        await Assert.ThrowsAnyAsync<CryptographicException>(async () => await wrap.UnwrapAsync(wrapped with { Bytes = wrapped.Bytes[..^1] }, None));
    }

    [Fact]
    public async Task What_a_stranger_wrapped_is_refused()
    {
        var wrap = await JoinAsync();
        var theirs = await (await StrangerAsync()).WrapAsync(RandomNumberGenerator.GetBytes(32), None);
        var ours = await wrap.WrapAsync(RandomNumberGenerator.GetBytes(32), None);

        await Assert.ThrowsAnyAsync<CryptographicException>(async () => await wrap.UnwrapAsync(theirs, None));
        await Assert.ThrowsAnyAsync<CryptographicException>(async () => await wrap.UnwrapAsync(theirs with { Name = ours.Name }, None));
    }
}
