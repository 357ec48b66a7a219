using Stoa.Azure;
using Stoa.Azure.KeyVault;
using Stoa.Gateway.Audit.Sealing;
using Stoa.Gateway.Storage;
using Stoa.Ledger.Checkpoints;
using Stoa.Testing;

namespace Stoa.Contracts.Tests.KeyVault;

/// <summary>Wherever the key is, notes that it signs verify with what it publishes.</summary>
public sealed class CheckpointKeyTests : IAsyncLifetime
{
    private readonly string _file = KeyFiles.New("audit-key.pem");
    private ScriptedVault _vault = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _vault = await ScriptedVault.StartAsync();

    public ValueTask DisposeAsync() => _vault.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_it_signs_verifies_with_what_it_publishes(bool isLocal)
    {
        ICheckpointKey key = isLocal ? new LocalCheckpointKey(_file) : Vault();
        var note = await new NoteSigner("a.example", await key.PublicAsync(Ct), key.SignAsync).SignAsync("text\n", Ct);

        Assert.True(NoteKey.TryParse((await key.PublicAsync(Ct)).ToPem(), out var published));
        Assert.Equal(SignatureVerdict.Good, published.Judge(note, "a.example"));
    }

    [Fact]
    public async Task A_file_is_made_once_and_for_its_owner_alone()
    {
        var keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => (await new LocalCheckpointKey(_file).PublicAsync(Ct)).Id, Ct)));

        Assert.Single(keys.Distinct());
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_file, UnixFileMode.UserRead | UnixFileMode.GroupRead);
            await Assert.ThrowsAsync<UnauthorizedAccessException>(async () => await new LocalCheckpointKey(_file).PublicAsync(Ct));
        }
    }

    [Fact]
    public async Task A_vault_that_does_not_answer_is_unavailable()
    {
        var key = Vault();
        _vault.IsDown = true;
        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await key.PublicAsync(Ct));
        _vault.IsDown = false;
        await key.PublicAsync(Ct);
        _vault.IsDown = true;
        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await key.SignAsync(new byte[32], Ct));
    }

    private KeyVaultCheckpointKey Vault() => new KeyVaultCheckpointKey(_vault.Uri, AzurePorts.AuditKeyName, new FixedCredential(), _vault.Configure(new KeyVaultOptions()));
}
