using System.Security.Cryptography;
using Stoa.Azure.KeyVault;
using Stoa.Gateway.Keys;
using Stoa.Gateway.Storage;

namespace Stoa.Contracts.Tests.KeyVault;

public sealed class KeyVaultKeyWrapTests : KeyWrapContract, IAsyncLifetime
{
    private ScriptedVault _vault = null!;
    private ScriptedVault _other = null!;

    public async ValueTask InitializeAsync() => (_vault, _other) = (await ScriptedVault.StartAsync(), await ScriptedVault.StartAsync());

    public async ValueTask DisposeAsync()
    {
        await _vault.DisposeAsync();
        await _other.DisposeAsync();
    }

    private protected override ValueTask<IKeyWrap> JoinAsync() => new(Over(_vault));

    private protected override ValueTask<IKeyWrap> StrangerAsync() => new(Over(_other));

    [Fact]
    public async Task After_the_vault_rotates_old_wraps_open_with_the_version_that_they_name()
    {
        var wrap = Over(_vault);
        var key = RandomNumberGenerator.GetBytes(32);
        var old = await wrap.WrapAsync(key, None);
        _vault.AddKeyVersion();
        var young = await wrap.WrapAsync(key, None);

        Assert.EndsWith("/keys/stoa/v0", old.Name, StringComparison.Ordinal);
        Assert.EndsWith("/keys/stoa/v1", young.Name, StringComparison.Ordinal);
        Assert.Equal(key, await wrap.UnwrapAsync(old, None));
        Assert.Equal(key, await wrap.UnwrapAsync(young, None));
    }

    [Fact]
    public async Task A_name_from_storage_cannot_send_our_token_elsewhere()
    {
        var wrap = Over(_vault);
        var wrapped = await wrap.WrapAsync(new byte[32], None);
        string[] names =
        [
            wrapped.Name.Replace(_vault.Uri.Authority, _other.Uri.Authority, StringComparison.Ordinal),
            $"{_vault.Uri}keys/else/v0",
            $"{_vault.Uri}keys/stoa/../else/v0",
            $"{_vault.Uri}keys/stoa/v0?x=",
            $"{_vault.Uri}keys/stoa/",
            "local:abc",
            "",
        ];
        _vault.Requests.Clear();

        foreach (var name in names)
        {
            await Assert.ThrowsAsync<CryptographicException>(async () => await wrap.UnwrapAsync(wrapped with { Name = name }, None));
        }

        Assert.Empty(_vault.Requests);
        Assert.Empty(_other.Requests);
    }

    [Fact]
    public async Task A_vault_that_does_not_answer_is_unavailable_rather_than_a_wrong_key()
    {
        var wrap = Over(_vault);
        var wrapped = await wrap.WrapAsync(new byte[32], None);
        _vault.IsDown = true;
        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await wrap.UnwrapAsync(wrapped, None));

        var nobody = new KeyVaultKeyWrap(new Uri("https://127.0.0.1:1"), "stoa", new FixedCredential(), _vault.Configure(new KeyVaultOptions()));
        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await nobody.WrapAsync(new byte[32], None));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await nobody.WrapAsync(new byte[32], new CancellationToken(true)));
    }

    [Fact]
    public async Task A_key_ring_over_the_vault_asks_it_once_per_key_and_never_again()
    {
        var time = new Stoa.Testing.FakeTime();
        var signer = new Signer(new KeyRing(new MemoryBlobStore(time), Over(_vault), time));
        var token = await signer.SignAsync("p", new byte[8], None);
        var asked = _vault.Requests.Count;

        for (var i = 0; i < 50; i++)
        {
            time.Advance(TimeSpan.FromMinutes(6));
            Assert.NotNull(await signer.OpenAsync("p", token, None));
        }

        Assert.Equal(2, asked);
        Assert.Equal(asked, _vault.Requests.Count);
    }

    private static KeyVaultKeyWrap Over(ScriptedVault vault) =>
        new(vault.Uri, "stoa", new FixedCredential(), vault.Configure(new KeyVaultOptions()));
}
