using Azure.Core;
using Azure.Identity;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models.Upstream;
using Stoa.Gateway.Storage;

namespace Stoa.Azure.Identity;

/// <summary>
/// Access tokens of the gateway's own identity for Azure's language models; fits <see cref="ReadIdentityToken"/>. One is kept until it is
/// due, and while a new one cannot be had it serves as long as it is valid. The identity needs the role Cognitive Services OpenAI User.
/// </summary>
internal sealed class IdentityTokens(Lazy<TokenCredential> credential, TimeProvider time)
{
    /// <summary>A token is replaced this long before it expires: the call that takes it has to last.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    private static readonly TokenRequestContext Request = new(["https://cognitiveservices.azure.com/.default"]);

    // Replaced whole; a race fetches twice, equally.
    private volatile Held? _held;

    public async ValueTask<Secret> ReadAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (_held is { } held && now < held.DueAt)
        {
            return held.Token;
        }

        try
        {
            var token = await credential.Value.GetTokenAsync(Request, ct);
            var dueAt = token.RefreshOn is { } refresh && refresh < token.ExpiresOn - Margin ? refresh : token.ExpiresOn - Margin;
            _held = held = new(new Secret(token.Token), dueAt, token.ExpiresOn);
            return held.Token;
        }
        catch (AuthenticationFailedException) when (_held is { } old && now < old.ExpiresOn)
        {
            return old.Token;
        }
        catch (AuthenticationFailedException e)
        {
            throw new StorageUnavailableException("The gateway's identity got no token for Azure's language models.", e);
        }
    }

    private sealed record Held(Secret Token, DateTimeOffset DueAt, DateTimeOffset ExpiresOn);
}
