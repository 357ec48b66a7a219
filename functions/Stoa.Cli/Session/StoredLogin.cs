using System.Text.Json.Serialization;

namespace Stoa.Cli.Session;

/// <summary>What <c>stoa login</c> keeps: one gateway, and up to two keys for it.</summary>
/// <param name="Namespace">The tenant to use when a command names none.</param>
/// <param name="Key">For the management API.</param>
/// <param name="ConsumerKey">For calling tools.</param>
internal sealed record StoredLogin(string? Endpoint, string? Namespace, string? Key, string? ConsumerKey)
{
    public static StoredLogin None { get; } = new(null, null, null, null);

    /// <summary>A record prints its members; keys are not for printing.</summary>
    public override string ToString() => $"Login at {Endpoint}";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(StoredLogin))]
internal sealed partial class LoginJson : JsonSerializerContext;
