using System.Text.Json;

namespace Stoa.Gateway.OpenApi;

/// <summary>Where a tool's API key travels, when it has one.</summary>
/// <param name="In">header, query or cookie.</param>
internal sealed record CredentialPlace(string In, string Name)
{
    /// <param name="auth">A Tool's <c>auth</c>.</param>
    public static CredentialPlace? Of(JsonElement? auth) => auth?.Member("apiKey") is { } key && key.Text("in") is { } place && key.Text("name") is { } name
        ? new(place, name)
        : auth?.Text("type") is "bearer" or "basic" or "oauth2" ? new("header", "Authorization")
        : null;

    public bool Is(ApiParameter parameter) => parameter.In == In && parameter.Name.Equals(Name, StringComparison.OrdinalIgnoreCase);
}
