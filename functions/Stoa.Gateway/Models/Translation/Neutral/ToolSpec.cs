using System.Text.Json;

namespace Stoa.Gateway.Models.Translation.Neutral;

/// <summary>A function that the caller offers to run.</summary>
/// <param name="Schema">JSON Schema of its arguments; undefined when there is none.</param>
/// <param name="IsStrict">Whether the provider shall enforce the schema; null when nobody said.</param>
internal sealed record ToolSpec(Text Name, Text Description, JsonElement Schema, bool? IsStrict);

/// <param name="Name">Of the one function, for <see cref="ToolMode.Named"/>.</param>
internal sealed record ToolChoice(ToolMode Mode, Text Name)
{
    /// <summary>The only tools that may be called; null for all that are offered.</summary>
    public IReadOnlyList<string>? Allowed { get; init; }
}

internal enum ToolMode
{
    Auto,
    None,

    /// <summary>At least one call, of any tool.</summary>
    Required,
    Named,
}
