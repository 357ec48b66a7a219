using System.CommandLine;
using System.Net;
using Stoa.Cli.Commands;

namespace Stoa.Cli.Session;

/// <summary>
/// Which gateway, with which keys, for which tenant: the command line comes first, then the environment, then the stored login. A stored
/// key goes to the gateway that it was stored for and to no other.
/// </summary>
/// <param name="KeySource">What gave the key in place of the stored login: <c>--key</c> or <c>STOA_KEY</c>; null for the login itself.</param>
internal sealed record Connection(Uri Endpoint, string? ManagementKey, string? ConsumerKey, string? Namespace, bool HasOtherLogin, string? KeySource)
{
    public const string DefaultEndpoint = "http://127.0.0.1:7071";

    public static Connection Resolve(Surroundings surroundings, ParseResult parsed)
    {
        var login = new LoginFile(surroundings.LoginPath).Read();
        var endpoint = ParseEndpoint(parsed.GetValue(GlobalOptions.Endpoint) ?? surroundings.Endpoint ?? login.Endpoint ?? DefaultEndpoint);
        var isSame = login.Endpoint is { } stored && Uri.TryCreate(stored, UriKind.Absolute, out var url) && url == endpoint;
        var typed = parsed.GetValue(GlobalOptions.Key);
        var given = Checked(typed ?? surroundings.Key);
        var connection = new Connection(
            endpoint,
            given ?? (isSame ? login.Key ?? login.ConsumerKey : null),
            given ?? (isSame ? login.ConsumerKey : null),
            parsed.GetValue(GlobalOptions.Namespace) ?? surroundings.Namespace ?? (isSame ? login.Namespace : null),
            login.Endpoint is not null && !isSame,
            given is null ? null : typed is null ? "STOA_KEY" : "--key");
        if (connection.ManagementKey is not null)
        {
            RefusePlain(endpoint, parsed);
        }

        return connection;
    }

    /// <summary>Absolute, http or https, ending in a slash.</summary>
    public static Uri ParseEndpoint(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            throw CommandStop.Usage($"`{text}` is no URL of a gateway.", $"Give scheme and host, for example {DefaultEndpoint} or https://gateway.example.com.");
        }

        if (url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            throw CommandStop.Usage("The gateway's URL must have no user, query or fragment.", "Keys are given by `stoa login`, STOA_KEY or --key.");
        }

        return url.AbsolutePath.EndsWith('/') ? url : new Uri(url.AbsoluteUri + "/");
    }

    /// <summary>Keys do not go over plain http to other machines.</summary>
    public static void RefusePlain(Uri endpoint, ParseResult parsed)
    {
        if (endpoint.Scheme == "http" && !IsLoopback(endpoint) && !parsed.GetValue(GlobalOptions.Insecure))
        {
            throw CommandStop.Usage($"Your key would travel unprotected to {endpoint.Host} over plain http.", "Use https, or say --insecure if nobody else can listen on that network.");
        }
    }

    public static bool IsLoopback(Uri endpoint) =>
        endpoint.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(endpoint.DnsSafeHost, out var address) && IPAddress.IsLoopback(address));

    /// <summary>The key without the line end that pasting and files bring; null when there is none.</summary>
    public static string? Checked(string? key)
    {
        var trimmed = key?.Trim();
        return string.IsNullOrEmpty(trimmed) ? null
            : trimmed.All(c => c is > ' ' and <= '~') ? trimmed
            : throw CommandStop.Usage("The key holds characters that no key has.", "Copy it again, whole and without anything around it.");
    }

    public override string ToString() => Endpoint.ToString();
}
