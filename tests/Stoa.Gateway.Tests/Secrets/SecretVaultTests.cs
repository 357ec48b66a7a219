using System.Security.Cryptography;
using System.Text;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Keys;
using Stoa.Gateway.Secrets;
using Stoa.Gateway.Storage;
using Stoa.Gateway.Tests.Config;
using Stoa.Gateway.Tests.Keys;

namespace Stoa.Gateway.Tests.Secrets;

public sealed class SecretVaultTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly KeyBench _bench = new();
    private readonly ScriptedReads _reads = new();

    [Fact]
    public async Task A_sealed_value_opens_for_its_own_tenant_resource_and_key_only()
    {
        var vault = Vault();
        var token = await vault.SealAsync(ConfigBench.Acme, "uid-1", "apiKey", new Secret("s3cret-ü"), None);

        Assert.DoesNotContain("s3cret", token, StringComparison.Ordinal);
        Assert.Equal("s3cret-ü", (await vault.OpenAsync(Revision(token), "crm", "apiKey", None))!.Reveal());
        await Assert.ThrowsAsync<CryptographicException>(async () => await vault.OpenAsync(Revision(token, tenant: "other"), "crm", "apiKey", None));
        await Assert.ThrowsAsync<CryptographicException>(async () => await vault.OpenAsync(Revision(token, uid: "uid-2"), "crm", "apiKey", None));
        var fault = await Assert.ThrowsAsync<CryptographicException>(async () => await vault.OpenAsync(Revision(token, key: "b"), "crm", "b", None));
        Assert.DoesNotContain(token, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_null_rather_than_a_fault()
    {
        var vault = Vault();
        var revision = Revision(await vault.SealAsync(ConfigBench.Acme, "uid-1", "apiKey", new Secret("s"), None));

        Assert.Null(await vault.OpenAsync(revision, "nope", "apiKey", None));
        Assert.Null(await vault.OpenAsync(revision, "crm", "nope", None));
    }

    [Fact]
    public async Task A_value_is_opened_once_per_revision()
    {
        var vault = Vault();
        var revision = Revision(await vault.SealAsync(ConfigBench.Acme, "uid-1", "apiKey", new Secret("s"), None));

        var first = await vault.OpenAsync(revision, "crm", "apiKey", None);
        var second = vault.OpenAsync(revision, "crm", "apiKey", None);

        Assert.True(second.IsCompletedSuccessfully);
        Assert.Same(first, await second);
    }

    [Fact]
    public async Task Applying_the_same_value_again_is_recognised_although_no_two_seals_are_alike()
    {
        var vault = Vault();
        var one = await vault.SealAsync(ConfigBench.Acme, "uid-1", "apiKey", new Secret("same"), None);
        var two = await vault.SealAsync(ConfigBench.Acme, "uid-1", "apiKey", new Secret("same"), None);
        var stored = Revision(one).Find("Secret", "crm")!;

        Assert.NotEqual(one, two);
        Assert.True(await vault.MatchesAsync(ConfigBench.Acme, stored, "apiKey", new Secret("same"), None));
        Assert.False(await vault.MatchesAsync(ConfigBench.Acme, stored, "apiKey", new Secret("same "), None));
        Assert.False(await vault.MatchesAsync(ConfigBench.Acme, stored, "other", new Secret("same"), None));
        Assert.False(await vault.MatchesAsync(ConfigBench.Tenant("other"), stored, "apiKey", new Secret("same"), None));
    }

    [Fact]
    public void The_public_view_names_keys_and_holds_no_value_sealed_or_not()
    {
        var spec = new StoredSecret(
            "CRM", new Dictionary<string, string> { ["z"] = "TOKEN", ["a"] = "TOKEN" }, new Dictionary<string, string> { ["k"] = "crm-key" });

        Assert.Equal("""{"description":"CRM","keyVault":{"k":"crm-key"},"keys":["a","z"]}""", Encoding.UTF8.GetString(spec.ToPublicJson().Span));
        Assert.Equal(
            """{"description":"CRM","keyVault":{"k":"crm-key"},"sealed":{"a":"TOKEN","z":"TOKEN"}}""", Encoding.UTF8.GetString(spec.ToJson().Span));
        Assert.DoesNotContain("TOKEN", spec.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reference_reads_only_names_under_the_tenants_own_prefix()
    {
        _reads.Values["acme--crm-key"] = "from-vault";
        _reads.Values["crm-key"] = "not-ours";

        Assert.Equal("from-vault", (await Vault().OpenAsync(Referring("crm-key"), "crm", "apiKey", None))!.Reveal());
        Assert.Null(await Vault().OpenAsync(Referring("missing"), "crm", "apiKey", None));
        Assert.Equal(["acme--crm-key", "acme--missing"], _reads.Asked);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("../x")]
    [InlineData("a?b")]
    [InlineData("ä")]
    public async Task A_name_that_could_leave_the_prefix_is_refused_at_apply_and_at_use(string name)
    {
        Assert.NotNull(Vault().RefuseReference(name));
        Assert.Null(Vault().RefuseReference("ok-1"));
        Assert.NotNull(Vault().RefuseReference(new string('a', 86)));
        await Assert.ThrowsAsync<InvalidDataException>(async () => await Vault().OpenAsync(Referring(name), "crm", "apiKey", None));
        Assert.Empty(_reads.Asked);
    }

    [Fact]
    public void Without_a_vault_a_reference_is_refused_with_the_name_of_the_setting()
    {
        var vault = new SecretVault(new Sealer(_bench.Join()), new VaultReferences(null, _bench.Time));

        Assert.Contains("Stoa__KeyVault", vault.RefuseReference("crm-key"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reference_is_read_once_per_five_minutes_and_serves_an_hour_when_the_vault_is_down()
    {
        _reads.Values["acme--k"] = "one";
        var vault = Vault();
        Assert.Equal("one", await OpenAsync(vault));
        _reads.Values["acme--k"] = "two";
        _bench.Time.Advance(VaultReferences.Lifetime - TimeSpan.FromMilliseconds(1));
        Assert.Equal("one", await OpenAsync(vault));
        _bench.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("two", await OpenAsync(vault));
        Assert.Equal(2, _reads.Asked.Count);

        _reads.IsDown = true;
        _bench.Time.Advance(VaultReferences.MaxStale - TimeSpan.FromMilliseconds(1));
        Assert.Equal("two", await OpenAsync(vault));
        Assert.Equal("two", await OpenAsync(vault));
        Assert.Equal(3, _reads.Asked.Count);
        _bench.Time.Advance(TimeSpan.FromMilliseconds(1));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => OpenAsync(vault));
    }

    [Fact]
    public async Task A_secret_created_in_the_vault_is_found_within_half_a_minute()
    {
        var vault = Vault();
        Assert.Null(await vault.OpenAsync(Referring("k"), "crm", "apiKey", None));
        _reads.Values["acme--k"] = "born";
        Assert.Null(await vault.OpenAsync(Referring("k"), "crm", "apiKey", None));
        _bench.Time.Advance(VaultReferences.MissingLifetime);
        Assert.Equal("born", await OpenAsync(vault));
    }

    private static async Task<string> OpenAsync(SecretVault vault) => (await vault.OpenAsync(Referring("k"), "crm", "apiKey", None))!.Reveal();

    private static Revision Referring(string name) =>
        Revision(new StoredSecret(null, new Dictionary<string, string>(), new Dictionary<string, string> { ["apiKey"] = name }), "acme", "uid-1");

    private static Revision Revision(string token, string tenant = "acme", string uid = "uid-1", string key = "apiKey") =>
        Revision(new StoredSecret(null, new Dictionary<string, string> { [key] = token }, new Dictionary<string, string>()), tenant, uid);

    private static Revision Revision(StoredSecret spec, string tenant, string uid) =>
        new(ConfigBench.Tenant(tenant), 1, "t1", [ConfigBench.Resource("Secret", "crm", Encoding.UTF8.GetString(spec.ToJson().Span), uid)]);

    private SecretVault Vault() => new(new Sealer(_bench.Join()), new VaultReferences(_reads.ReadAsync, _bench.Time));

    private sealed class ScriptedReads
    {
        public Dictionary<string, string> Values { get; } = [];

        public List<string> Asked { get; } = [];

        public bool IsDown { get; set; }

        public ValueTask<Secret?> ReadAsync(string name, CancellationToken ct)
        {
            Asked.Add(name);
            return IsDown
                ? throw new StorageUnavailableException("scripted")
                : new(Values.TryGetValue(name, out var value) ? new Secret(value) : null);
        }
    }
}
