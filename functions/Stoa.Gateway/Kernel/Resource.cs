namespace Stoa.Gateway.Kernel;

/// <summary>One applied document as a revision holds it: immutable, already checked, its spec in canonical JSON.</summary>
/// <param name="Kind">As in YAML, for example <c>Tool</c>.</param>
/// <param name="Name">Unique per kind within the tenant.</param>
/// <param name="Uid">Names this incarnation: a deleted and re-created resource gets another, so nothing bound to the old one revives.</param>
/// <param name="Version">Changes with the content and only with it; the ETag of the management API.</param>
/// <param name="Spec">UTF-8 JSON. Secret values in it are sealed.</param>
public sealed record Resource(
    string Kind, string Name, string Uid, string Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, ReadOnlyMemory<byte> Spec)
{
    /// <summary>Labels and annotations as JSON members of <c>metadata</c>, kept for people and tools; <c>{}</c> when there are none.</summary>
    public ReadOnlyMemory<byte> Notes { get; init; } = "{}"u8.ToArray();
}
