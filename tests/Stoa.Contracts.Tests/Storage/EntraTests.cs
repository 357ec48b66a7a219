using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Stoa.Azure.Blobs;
using Stoa.Azure.Rest;
using Stoa.Azure.Tables;
using Stoa.Gateway.Storage;
using Stoa.Testing;

namespace Stoa.Contracts.Tests.Storage;

/// <summary>The stores by Entra identity instead of account key: HTTPS with a pinned certificate, and tokens that Azurite reads.</summary>
public sealed class EntraTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly X509Certificate2 _certificate = SelfSigned();
    private Azurite _azurite = null!;
    private HttpClient _http = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var (certificate, key) = (Path.Combine(_folder.Path, "c.pem"), Path.Combine(_folder.Path, "k.pem"));
        await File.WriteAllTextAsync(certificate, _certificate.ExportCertificatePem(), Ct);
        await File.WriteAllTextAsync(key, _certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem(), Ct);
        var pin = _certificate.GetCertHashString();
        _azurite = await Azurite.StartWithOAuthAsync(certificate, key, Ct);
        _http = new(new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions =
            {
                RemoteCertificateValidationCallback = (_, offered, _, _) => offered?.GetCertHashString() == pin,
            },
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _azurite.DisposeAsync();
        _http.Dispose();
        _certificate.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Rows_and_blobs_are_written_and_read_with_a_token_and_refused_with_one_for_another_audience()
    {
        var credential = new UnsignedTokens("https://storage.azure.com");
        var rows = new AzureRowStore(Endpoint(_azurite.Tables, credential), SharedAzurite.Patient, TimeProvider.System);
        var blobs = new AzureBlobStore(Endpoint(_azurite.Blobs, credential), SharedAzurite.Patient, TimeProvider.System);

        var batch = await rows.WriteAsync("rows", [RowChange.Insert("p", "a", "1"u8.ToArray()), RowChange.Insert("p", "b", default)], Ct);
        Assert.True(batch.IsDone);
        Assert.Equal(batch.ETags[0], (await rows.GetAsync("rows", "p", "a", Ct))!.ETag);
        Assert.True((await blobs.InsertAsync("blobs", "a", "1"u8.ToArray(), Ct)).IsDone);
        Assert.Equal("a", Assert.Single((await blobs.ListAsync("blobs", "", 10, null, Ct)).Entries).Name);
        Assert.Equal(["https://storage.azure.com/.default"], credential.Scopes.Distinct());

        var strangers = new UnsignedTokens("https://vault.azure.net");
        await RefusedAsync(async () => await new AzureRowStore(
            Endpoint(_azurite.Tables, strangers), SharedAzurite.Patient, TimeProvider.System).GetAsync("rows", "p", "a", Ct));
        await RefusedAsync(async () => await new AzureBlobStore(
            Endpoint(_azurite.Blobs, strangers), SharedAzurite.Patient, TimeProvider.System).GetAsync("blobs", "a", Ct));
    }

    [Fact]
    public async Task An_identity_that_gives_no_token_makes_storage_unavailable()
    {
        var rows = new AzureRowStore(Endpoint(_azurite.Tables, new NoTokens()), SharedAzurite.Patient, TimeProvider.System);

        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await rows.GetAsync("rows", "p", "a", Ct));
        await Assert.ThrowsAsync<StorageUnavailableException>(
            async () => await rows.WriteAsync("rows", RowChange.Insert("p", "a", default), Ct));
    }

    private static async Task RefusedAsync(Func<Task> call)
    {
        var fault = await Assert.ThrowsAsync<StorageUnavailableException>(call);
        Assert.Contains("403", fault.Message, StringComparison.Ordinal);
    }

    private StorageEndpoint Endpoint(Uri uri, TokenCredential credential) =>
        StorageEndpoint.WithIdentity(uri, credential) with { Transport = new HttpClientTransport(_http) };

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private sealed class NoTokens : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext request, CancellationToken ct) =>
            throw new CredentialUnavailableException("There is no identity here.");

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext request, CancellationToken ct) =>
            new(GetToken(request, ct));
    }

    private sealed class UnsignedTokens(string audience) : TokenCredential
    {
        public List<string> Scopes { get; } = [];

        public override AccessToken GetToken(TokenRequestContext request, CancellationToken ct)
        {
            Scopes.AddRange(request.Scopes);
            var now = DateTimeOffset.UtcNow;
            var (issued, expires) = (now.AddMinutes(-1).ToUnixTimeSeconds(), now.AddHours(1).ToUnixTimeSeconds());
            var claims = $$"""
                {"aud":"{{audience}}","iss":"https://sts.windows.net/00000000-0000-0000-0000-000000000000/",
                "iat":{{issued}},"nbf":{{issued}},"exp":{{expires}}}
                """;
            return new($"{Encode("""{"alg":"RS256","typ":"JWT"}""")}.{Encode(claims)}.{Encode("unsigned")}", now.AddHours(1));
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext request, CancellationToken ct) =>
            new(GetToken(request, ct));

        private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
    }
}
