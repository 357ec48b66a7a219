using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Stoa.Gateway.Tenants;

/// <summary>
/// An API key as stored: never the key, only its SHA-256 and the first characters by which people recognise it. A plain hash is enough
/// because the key is 256 random bits: there is nothing to guess.
/// </summary>
internal sealed record ApiKey
{
    /// <summary>What every consumer key starts with.</summary>
    public const string Prefix = "stoa_sk_";

    /// <summary>What every administrator key starts with.</summary>
    public const string AdminPrefix = "stoa_admin_";

    public required string Id { get; init; }

    /// <summary>The key's first characters, for people: <c>stoa_sk_Ab3d...</c></summary>
    public required string Hint { get; init; }

    public required string Tenant { get; init; }

    /// <summary>The tenant's incarnation, so that a key dies with the tenant even if the slug is taken again.</summary>
    public required string TenantUid { get; init; }

    public required string Consumer { get; init; }

    /// <summary>The consumer's incarnation, likewise.</summary>
    public required string ConsumerUid { get; init; }

    /// <summary>At most these of the consumer's scopes; null for all of them.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>At most these tools (names or <c>prefix*</c>); null for all that the consumer has.</summary>
    public IReadOnlyList<string>? Tools { get; init; }

    /// <summary>Networks (CIDR) that the key may be used from; null for anywhere.</summary>
    public IReadOnlyList<string>? Addresses { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From this moment on the key is refused; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>The key that replaced this one at rotation.</summary>
    public string? ReplacedBy { get; init; }

    /// <summary>A fresh key in plain text: the prefix and 256 random bits in base64url.</summary>
    public static string NewSecret(string prefix)
    {
        Span<byte> bits = stackalloc byte[32];
        RandomNumberGenerator.Fill(bits);
        return prefix + Base64Url.EncodeToString(bits);
    }

    /// <summary>Whether the text has the shape of a consumer key, so that anything else never costs a storage read.</summary>
    public static bool LooksRight(ReadOnlySpan<char> text) =>
        text.Length == Prefix.Length + 43 && text.StartsWith(Prefix, StringComparison.Ordinal) && Base64Url.IsValid(text[Prefix.Length..]);
}

/// <summary>Storage shape of key rows.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ApiKey))]
internal sealed partial class ApiKeyJson : JsonSerializerContext;
