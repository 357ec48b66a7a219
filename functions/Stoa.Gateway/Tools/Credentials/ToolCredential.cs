using System.Text;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tools.Credentials;

/// <summary>What a tool's own credential adds to a request: one header, or one query parameter, or nothing.</summary>
internal readonly record struct ToolCredential(string? HeaderName, Secret? HeaderValue, string? Query)
{
    public static ToolCredential None => default;

    public static ToolCredential Header(string name, string value) => new(name, new Secret(value), null);

    public static ToolCredential InQuery(string name, Secret value) =>
        new(null, null, $"{Uri.EscapeDataString(name)}={Uri.EscapeDataString(value.Reveal())}");

    /// <summary>RFC 7617 §2.</summary>
    public static ToolCredential Basic(string user, Secret password) =>
        Header("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password.Reveal()}")));
}
