using System.Text.Json.Serialization;

namespace Stoa.Gateway.Config;

/// <summary>The pointer row of a tenant: which revision is in force. Everything a reader needs, so that it reads no other row.</summary>
/// <param name="Revision">Never falls, deletion and re-creation included.</param>
/// <param name="Sha256">Of the blob's bytes, in lower-case hex.</param>
/// <param name="Uid">The tenant's incarnation.</param>
/// <param name="Deleted">The tenant is gone; the revision named is an empty one.</param>
internal sealed record HeadRow(long Revision, string Blob, string Sha256, string Uid, DateTimeOffset At, string By, bool Deleted)
{
    public const string Key = "head";
}

/// <summary>One entry of the history, inserted in the batch that moves the pointer and immutable from then on.</summary>
/// <param name="Blob">Unique to one attempt of one writer: whoever finds its own blob here knows that its commit landed.</param>
internal sealed record RevisionRow(
    string Blob, string Sha256, string Uid, DateTimeOffset At, string By, string Summary, long? RolledBackTo, bool Deleted)
{
    public const string KeyPrefix = "rev:";

    public static string Key(long number) => $"{KeyPrefix}{number:D19}";

    public static long NumberOf(string key) => long.Parse(key.AsSpan(KeyPrefix.Length), provider: null);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HeadRow))]
[JsonSerializable(typeof(RevisionRow))]
internal sealed partial class ConfigJson : JsonSerializerContext;
