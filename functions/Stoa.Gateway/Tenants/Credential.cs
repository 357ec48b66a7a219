using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tenants;

/// <summary>Finds the one credential that a request presents, wherever the SDK of the day puts it.</summary>
internal static class Credential
{
    /// <summary>Longer than any key or token we issue; anything above is refused unread.</summary>
    public const int MaxLength = 400;

    private const string Bearer = "Bearer ";

    /// <summary>The credential, or why there is none. The same credential in two headers is fine; two different ones are not.</summary>
    public static Refusal? Read(Entry entry, out ReadOnlySpan<char> credential)
    {
        credential = default;
        if (entry.Authorization is { } header)
        {
            if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            {
                return new(RefusalKind.InvalidCredential, "The Authorization header must be 'Bearer <key>'.");
            }

            credential = header.AsSpan(Bearer.Length).Trim();
        }

        if (!Agrees(entry.XApiKey, ref credential) || !Agrees(entry.ApiKey, ref credential))
        {
            return new(RefusalKind.ConflictingCredentials, "The request carries two different credentials. Send one, in one header.");
        }

        return credential.IsEmpty
            ? new(RefusalKind.MissingCredential, "A key is required: send 'Authorization: Bearer stoa_sk_...', or the same key as x-api-key or api-key.")
            : credential.Length > MaxLength ? Unknown() : null;
    }

    /// <summary>One answer for wrong, expired and revoked alike: it tells a thief nothing.</summary>
    public static Refusal Unknown() => new(RefusalKind.InvalidCredential, "The key is not valid: it is unknown, expired or revoked.");

    private static bool Agrees(string? header, ref ReadOnlySpan<char> credential)
    {
        if (string.IsNullOrEmpty(header))
        {
            return true;
        }

        if (credential.IsEmpty)
        {
            credential = header;
            return true;
        }

        return credential.SequenceEqual(header);
    }
}
