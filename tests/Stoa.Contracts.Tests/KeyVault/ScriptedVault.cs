using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Stoa.Contracts.Tests.KeyVault;

/// <summary>
/// As much of Key Vault as we use, on loopback HTTPS: wrapkey and unwrapkey with real RSA and key versions, secrets by name, the
/// 401 challenge, and failing on demand.
/// </summary>
internal sealed class ScriptedVault : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly X509Certificate2 _certificate;
    private readonly List<RSA> _versions = [RSA.Create(2048)];

    private ScriptedVault(WebApplication app, X509Certificate2 certificate) => (_app, _certificate) = (app, certificate);

    /// <summary>The key that signs.</summary>
    public ECDsa Signing { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public Uri Uri => new(_app.Urls.Single());

    public Dictionary<string, string> Secrets { get; } = [];

    public List<string> Requests { get; } = [];

    public bool IsDown { get; set; }

    public static async Task<ScriptedVault> StartAsync()
    {
        var certificate = SelfMade();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        var app = builder.Build();
        var vault = new ScriptedVault(app, certificate);
        app.Run(vault.AnswerAsync);
        await app.StartAsync();
        return vault;
    }

    /// <summary>As the vault's own rotation does: new wraps use the new version, old versions still unwrap.</summary>
    public void AddKeyVersion() => _versions.Add(RSA.Create(2048));

    public T Configure<T>(T options)
        where T : ClientOptions
    {
        options.Retry.MaxRetries = 0;
        options.Transport = new HttpClientTransport(new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, presented, _, _) => presented?.Thumbprint == _certificate.Thumbprint,
        });
        return options;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate.Dispose();
        _versions.ForEach(v => v.Dispose());
        Signing.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!.Trim('/').Split('/');
        if (context.Request.Headers.Authorization != $"Bearer {FixedCredential.Token}")
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate =
                """Bearer authorization="https://login.example/11111111-1111-1111-1111-111111111111", resource="https://vault.azure.net" """.TrimEnd();
            return;
        }

        Requests.Add(context.Request.Path.Value!);
        if (IsDown)
        {
            context.Response.StatusCode = 503;
            return;
        }

        switch (path)
        {
            case ["keys", "stoa", "wrapkey"]:
                await UseKeyAsync(context, _versions.Count - 1, (rsa, bytes) => rsa.Encrypt(bytes, RSAEncryptionPadding.OaepSHA256));
                break;
            case ["keys", "stoa", ['v', .. var number], "unwrapkey"]:
                await UseKeyAsync(context, int.Parse(number, null), (rsa, bytes) => rsa.Decrypt(bytes, RSAEncryptionPadding.OaepSHA256));
                break;
            case ["keys", "stoa-audit"]:
                var point = Signing.ExportParameters(includePrivateParameters: false).Q;
                await JsonAsync(context, 200, json =>
                {
                    json.WriteStartObject("key");
                    json.WriteString("kid", $"{Uri}keys/stoa-audit/v0");
                    json.WriteString("kty", "EC");
                    json.WriteString("crv", "P-256");
                    json.WriteString("x", Base64Url.EncodeToString(point.X));
                    json.WriteString("y", Base64Url.EncodeToString(point.Y));
                    json.WriteEndObject();
                });
                break;
            case ["keys", "stoa-audit", "v0", "sign"]:
                using (var body = await JsonDocument.ParseAsync(context.Request.Body))
                {
                    Assert.Equal("ES256", body.RootElement.GetProperty("alg").GetString());
                    var digest = Base64Url.DecodeFromChars(body.RootElement.GetProperty("value").GetString());
                    await JsonAsync(context, 200, json =>
                    {
                        json.WriteString("kid", $"{Uri}keys/stoa-audit/v0");
                        json.WriteString("value", Base64Url.EncodeToString(Signing.SignHash(digest)));
                    });
                }

                break;
            case ["secrets", var name, ..] when Secrets.TryGetValue(name, out var value):
                await JsonAsync(context, 200, json =>
                {
                    json.WriteString("value", value);
                    json.WriteString("id", $"{Uri}secrets/{name}/1");
                });
                break;
            default:
                await JsonAsync(context, 404, json =>
                {
                    json.WriteStartObject("error");
                    json.WriteString("code", "SecretNotFound");
                    json.WriteString("message", "not here");
                    json.WriteEndObject();
                });
                break;
        }
    }

    private async Task UseKeyAsync(HttpContext context, int version, Func<RSA, byte[], byte[]> operation)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        Assert.Equal("RSA-OAEP-256", body.RootElement.GetProperty("alg").GetString());
        Assert.Equal("7.4", context.Request.Query["api-version"]);
        byte[] result;
        try
        {
            result = operation(_versions[version], Base64Url.DecodeFromChars(body.RootElement.GetProperty("value").GetString()));
        }
        catch (CryptographicException)
        {
            context.Response.StatusCode = 400;
            return;
        }

        await JsonAsync(context, 200, json =>
        {
            json.WriteString("kid", $"{Uri}keys/stoa/v{version}");
            json.WriteString("value", Base64Url.EncodeToString(result));
        });
    }

    private static async Task JsonAsync(HttpContext context, int status, Action<Utf8JsonWriter> write)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        await context.Response.Body.WriteAsync(buffer.ToArray());
    }

    private static X509Certificate2 SelfMade()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=vault", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}

/// <summary>An identity that always has the same token.</summary>
internal sealed class FixedCredential : TokenCredential
{
    public const string Token = "test-token";

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        Assert.Equal(["https://vault.azure.net/.default"], requestContext.Scopes);
        return new(Token, DateTimeOffset.MaxValue);
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        new(GetToken(requestContext, cancellationToken));
}
