using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Azure.Core;
using Azure.Core.Pipeline;
using Stoa.Gateway.Keys;
using Stoa.Gateway.Storage;

namespace Stoa.Azure.KeyVault;

/// <summary>
/// Wraps under an RSA key that never leaves Key Vault (wrapkey and unwrapkey, RSA-OAEP-256). A wrapped key names the exact version that
/// opens it, so that the vault's own rotation needs nothing from us. The identity needs the role Key Vault Crypto User.
/// </summary>
internal sealed class KeyVaultKeyWrap : IKeyWrap
{
    private const string ApiVersion = "?api-version=7.4";
    private const string Algorithm = "RSA-OAEP-256";

    private readonly Uri _key;
    private readonly HttpPipeline _pipeline;

    /// <param name="vault">For example <c>https://contoso.vault.azure.net</c>.</param>
    public KeyVaultKeyWrap(Uri vault, string keyName, TokenCredential credential, KeyVaultOptions options)
    {
        _key = new Uri(vault, $"/keys/{keyName}/");
        _pipeline = HttpPipelineBuilder.Build(options, new BearerTokenAuthenticationPolicy(credential, "https://vault.azure.net/.default"));
    }

    public async ValueTask<WrappedKey> WrapAsync(ReadOnlyMemory<byte> key, CancellationToken ct)
    {
        // No version in the URL: the vault takes its newest and says which.
        var result = await SendAsync(new Uri(_key, "wrapkey" + ApiVersion), key, ct);
        return IsOurs(result.Kid)
            ? new WrappedKey(result.Kid, Decode(result.Value))
            : throw new CryptographicException("Key Vault answered with a key that was not asked for.");
    }

    public async ValueTask<byte[]> UnwrapAsync(WrappedKey wrapped, CancellationToken ct)
    {
        // The name comes from storage: it must not decide which host our access token is sent to.
        if (!IsOurs(wrapped.Name))
        {
            throw new CryptographicException($"The key ring was locked by '{wrapped.Name}', which is no version of '{_key}'.");
        }

        var result = await SendAsync(new Uri($"{wrapped.Name}/unwrapkey{ApiVersion}"), wrapped.Bytes, ct);
        return Decode(result.Value);
    }

    private bool IsOurs(string kid) =>
        kid.StartsWith(_key.AbsoluteUri, StringComparison.OrdinalIgnoreCase)
        && kid.Length > _key.AbsoluteUri.Length
        && kid.Skip(_key.AbsoluteUri.Length).All(char.IsAsciiLetterOrDigit);

    private async ValueTask<KeyResult> SendAsync(Uri uri, ReadOnlyMemory<byte> value, CancellationToken ct)
    {
        using var message = _pipeline.CreateMessage();
        message.Request.Method = RequestMethod.Post;
        message.Request.Uri.Reset(uri);
        message.Request.Headers.Add("Content-Type", "application/json");
        message.Request.Headers.Add("Accept", "application/json");
        message.Request.Content = RequestContent.Create(JsonSerializer.SerializeToUtf8Bytes(
            new KeyOperation(Algorithm, Base64Url.EncodeToString(value.Span)), KeyVaultJson.Default.KeyOperation));

        try
        {
            await _pipeline.SendAsync(message, ct);
        }
        catch (Exception e) when (KeyVaultFaults.IsUnavailable(e, ct))
        {
            throw new StorageUnavailableException("Key Vault does not answer.", e);
        }

        return message.Response.Status switch
        {
            200 => JsonSerializer.Deserialize(message.Response.Content.ToMemory().Span, KeyVaultJson.Default.KeyResult)
                ?? throw new CryptographicException("Key Vault gave an empty answer."),

            // BadParameter: the bytes do not decrypt under this key.
            400 => throw new CryptographicException("Key Vault cannot open this key: it was altered or locked by another."),
            var status => throw new StorageUnavailableException($"Key Vault answered {status} to {uri.AbsolutePath}."),
        };
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
}

/// <summary>Retry, transport and diagnostics of the Key Vault pipeline.</summary>
internal sealed class KeyVaultOptions : ClientOptions;

internal sealed record KeyOperation(string Alg, string Value);

internal sealed record KeyResult(string Kid, string Value);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(KeyOperation))]
[JsonSerializable(typeof(KeyResult))]
internal sealed partial class KeyVaultJson : JsonSerializerContext;
