using Azure.Security.KeyVault.Secrets;
using Stoa.Azure.KeyVault;
using Stoa.Gateway.Storage;

namespace Stoa.Contracts.Tests.KeyVault;

public sealed class KeyVaultSecretsTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private ScriptedVault _vault = null!;

    public async ValueTask InitializeAsync() => _vault = await ScriptedVault.StartAsync();

    public ValueTask DisposeAsync() => _vault.DisposeAsync();

    [Fact]
    public async Task A_secret_is_read_by_its_full_name_and_a_missing_one_is_null()
    {
        _vault.Secrets["acme--crm"] = "s3cret";

        Assert.Equal("s3cret", (await Secrets().ReadAsync("acme--crm", None))!.Reveal());
        Assert.Null(await Secrets().ReadAsync("acme--other", None));
    }

    [Fact]
    public async Task A_vault_that_does_not_answer_is_unavailable()
    {
        _vault.IsDown = true;

        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await Secrets().ReadAsync("acme--crm", None));
    }

    // The test vault is no *.vault.azure.net, which the client would insist on.
    private KeyVaultSecrets Secrets() =>
        new(_vault.Uri, new FixedCredential(), _vault.Configure(new SecretClientOptions { DisableChallengeResourceVerification = true }));
}
