using System.Text.Json;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tools.Credentials;

/// <summary>
/// What a token endpoint said (RFC 6749 §5): a token and how long it is kept, or why there is none, in words that quote neither body nor URL.
/// </summary>
internal readonly record struct TokenAnswer(Secret? Token, TimeSpan Lifetime, string Fault)
{
    /// <summary>When the endpoint does not say, or says something that is no number.</summary>
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromMinutes(5);

    /// <summary>However short the endpoint says, zero and less included: a token is not fetched for every call.</summary>
    public static readonly TimeSpan ShortestLifetime = TimeSpan.FromSeconds(10);

    /// <summary>However long the endpoint says: a secret that was withdrawn there stops working here within this time.</summary>
    public static readonly TimeSpan LongestLifetime = TimeSpan.FromHours(1);

    private const int LongestToken = 16 * 1024;

    /// <summary>RFC 6749 §5.2 and RFC 8707 §2; other words are not repeated.</summary>
    private static readonly string[] ErrorCodes =
    [
        "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope", "invalid_target",
    ];

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    public static TokenAnswer Failed(string reason) => new(null, default, $"The gateway has no access token for this tool: {reason}");

    public static TokenAnswer Of(EgressFailure failure) => Failed(failure.Fault switch
    {
        EgressFault.TimedOut => "its token endpoint did not answer in time. Try again later.",
        EgressFault.TooLarge => "its token endpoint answered with more than a token.",
        EgressFault.Broken => "its token endpoint's answer was cut short or is not valid HTTP.",
        EgressFault.AddressForbidden => "its token endpoint is not one that this gateway may call.",
        EgressFault.RedirectForbidden => "its token endpoint redirected, which is not followed.",
        _ => "its token endpoint could not be reached. Try again later.",
    });

    public static TokenAnswer Read(int status, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root ? Read(status, root) : Unreadable(status);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or a name in it that holds half a surrogate pair.
            return Unreadable(status);
        }
    }

    private static TokenAnswer Read(int status, JsonElement root)
    {
        if (status is not (>= 200 and < 300))
        {
            var said = TextOf(root, "error");
            return Array.IndexOf(ErrorCodes, said) < 0
                ? Unreadable(status)
                : Failed($"its token endpoint refused the client ({said}). The tenant's administrator has to check the tool's `auth.oauth2` and its Secret.");
        }

        if (TextOf(root, "access_token") is not { Length: > 0 } token)
        {
            return Failed("its token endpoint answered without one.");
        }

        // RFC 6749 §5.1 requires the type; servers that leave it out mean Bearer.
        if (root.TryGetProperty("token_type"u8, out _) && !"Bearer".Equals(TextOf(root, "token_type"), StringComparison.OrdinalIgnoreCase))
        {
            return Failed("its token endpoint issued one of another type than Bearer.");
        }

        return token.Length > LongestToken || token.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? Failed("its token endpoint issued one that cannot stand in a header.")
            : new(new Secret(token), LifetimeOf(root), "");
    }

    private static TimeSpan LifetimeOf(JsonElement root)
    {
        if (!root.TryGetProperty("expires_in"u8, out var said))
        {
            return DefaultLifetime;
        }

        // Some servers send the number as text.
        var isNumber = said.ValueKind is JsonValueKind.Number ? said.TryGetDouble(out var seconds)
            : double.TryParse(TextOf(root, "expires_in"), System.Globalization.CultureInfo.InvariantCulture, out seconds);
        return !isNumber || double.IsNaN(seconds) ? DefaultLifetime
            : TimeSpan.FromSeconds(Math.Clamp(seconds, ShortestLifetime.TotalSeconds, LongestLifetime.TotalSeconds));
    }

    private static TokenAnswer Unreadable(int status) => Failed(status switch
    {
        >= 200 and < 300 => "its token endpoint answered with something other than a JSON object.",
        401 or 403 => $"its token endpoint answered {status}. The tenant's administrator has to check the tool's `auth.oauth2` and its Secret.",
        _ => $"its token endpoint answered {status}. Try again later.",
    });

    private static string? TextOf(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind is not JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair.
            return null;
        }
    }
}
