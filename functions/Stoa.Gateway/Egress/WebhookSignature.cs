using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Egress;

/// <summary>
/// The symmetric signature of Standard Webhooks: <c>v1,</c> and the base64 of HMAC-SHA256 over <c>{id}.{timestamp}.{body}</c>. A secret that
/// begins with <c>whsec_</c> is the base64 of the key; any other is the key itself.
/// </summary>
internal static class WebhookSignature
{
    private const string Prefix = "whsec_";

    public static string Of(Secret secret, string id, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, KeyOf(secret.Reveal()));
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{at.ToUnixTimeSeconds()}.")));
        hash.AppendData(body);
        return "v1," + Convert.ToBase64String(hash.GetHashAndReset());
    }

    private static byte[] KeyOf(string secret)
    {
        var key = new byte[secret.Length];
        return secret.StartsWith(Prefix, StringComparison.Ordinal) && Convert.TryFromBase64String(secret[Prefix.Length..], key, out var length)
            ? key[..length]
            : Encoding.UTF8.GetBytes(secret);
    }
}
