using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Azure.Core;
using Azure.Core.Pipeline;
using Stoa.Gateway.Audit.Sealing;
using Stoa.Gateway.Storage;
using Stoa.Ledger.Checkpoints;

namespace Stoa.Azure.KeyVault;

/// <summary>
/// Signs with a P-256 key that never leaves Key Vault (get and sign, ES256). The version that was newest at the first use signs as long as this
/// process lives, so that the published key and the signatures agree. The identity needs the role Key Vault Crypto User.
/// </summary>
internal sealed class KeyVaultCheckpointKey : ICheckpointKey
{
    private const string ApiVersion = "?api-version=7.4";

    private readonly Uri _key;
    private readonly HttpPipeline _pipeline;

    // Replaced whole; a race reads twice, equally.
    private volatile Version? _version;

    /// <param name="vault">For example <c>https://contoso.vault.azure.net</c>.</param>
    public KeyVaultCheckpointKey(Uri vault, string keyName, TokenCredential credential, KeyVaultOptions options)
    {
        _key = new Uri(vault, $"/keys/{keyName}/");
        _pipeline = HttpPipelineBuilder.Build(options, new BearerTokenAuthenticationPolicy(credential, "https://vault.azure.net/.default"));
    }

    public async ValueTask<NoteKey> PublicAsync(CancellationToken ct) => (await VersionAsync(ct)).Key;

    public async ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> digest, CancellationToken ct)
    {
        var version = await VersionAsync(ct);
        var body = JsonSerializer.SerializeToUtf8Bytes(new SignOperation("ES256", Base64Url.EncodeToString(digest.Span)), CheckpointKeyJson.Default.SignOperation);
        var answer = await SendAsync(RequestMethod.Post, new Uri($"{version.Kid}/sign{ApiVersion}"), body, ct);
        var result = Read(answer, CheckpointKeyJson.Default.SignResult);
        return result.Kid == version.Kid ? Decode(result.Value) : throw new CryptographicException("Key Vault signed with a key that was not asked for.");
    }

    private async ValueTask<Version> VersionAsync(CancellationToken ct)
    {
        if (_version is { } known)
        {
            return known;
        }

        var key = Read(await SendAsync(RequestMethod.Get, new Uri(_key.AbsoluteUri.TrimEnd('/') + ApiVersion), null, ct), CheckpointKeyJson.Default.KeyBundle).Key;
        if (key.Kty is not ("EC" or "EC-HSM") || key.Crv is not "P-256" || key.X is null || key.Y is null || !key.Kid.StartsWith(_key.AbsoluteUri, StringComparison.OrdinalIgnoreCase))
        {
            throw new CryptographicException($"The key '{_key}' must be an EC key on P-256.");
        }

        using var ecdsa = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = Decode(key.X), Y = Decode(key.Y) } });
        return _version = new(key.Kid, NoteKey.Of(ecdsa));
    }

    private async ValueTask<ReadOnlyMemory<byte>> SendAsync(RequestMethod method, Uri uri, byte[]? body, CancellationToken ct)
    {
        using var message = _pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(uri);
        message.Request.Headers.Add("Accept", "application/json");
        if (body is not null)
        {
            message.Request.Headers.Add("Content-Type", "application/json");
            message.Request.Content = RequestContent.Create(body);
        }

        try
        {
            await _pipeline.SendAsync(message, ct);
        }
        catch (Exception e) when (KeyVaultFaults.IsUnavailable(e, ct))
        {
            throw new StorageUnavailableException("Key Vault does not answer.", e);
        }

        return message.Response.Status == 200
            ? message.Response.Content.ToMemory().ToArray()
            : throw new StorageUnavailableException($"Key Vault answered {message.Response.Status} to {uri.AbsolutePath}.");
    }

    private static T Read<T>(ReadOnlyMemory<byte> answer, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(answer.Span, type) ?? throw new CryptographicException("Key Vault gave an empty answer.");
        }
        catch (JsonException e)
        {
            throw new CryptographicException("Key Vault gave an unreadable answer.", e);
        }
    }

    private static byte[] Decode(string value)
    {
        try
        {
            return Base64Url.DecodeFromChars(value);
        }
        catch (FormatException e)
        {
            throw new CryptographicException("Key Vault gave an unreadable answer.", e);
        }
    }

    private sealed record Version(string Kid, NoteKey Key);
}

internal sealed record SignOperation(string Alg, string Value);

internal sealed record SignResult(string Kid, string Value);

internal sealed record KeyBundle(PublicKey Key);

/// <summary>A JSON Web Key (RFC 7517).</summary>
internal sealed record PublicKey(string Kid, string Kty, string? Crv, string? X, string? Y);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = false)]
[JsonSerializable(typeof(SignOperation))]
[JsonSerializable(typeof(SignResult))]
[JsonSerializable(typeof(KeyBundle))]
internal sealed partial class CheckpointKeyJson : JsonSerializerContext;
