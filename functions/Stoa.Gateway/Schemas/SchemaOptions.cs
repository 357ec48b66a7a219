using System.Collections.Frozen;
using System.Text.Json;

namespace Stoa.Gateway.Schemas;

/// <summary>What a schema may refer to and how much it and its instances may cost.</summary>
internal sealed record SchemaOptions
{
    public static SchemaOptions Default { get; } = new();

    /// <summary>Whether <c>format</c> is checked; by default it only annotates, as the specification has it.</summary>
    public bool AssertFormats { get; init; }

    /// <summary>Schemas that references may lead to, by absolute URI without fragment. Nothing else is ever fetched.</summary>
    public IReadOnlyDictionary<string, JsonElement> Documents { get; init; } = FrozenDictionary<string, JsonElement>.Empty;

    /// <summary>Bytes of one schema document.</summary>
    public int MaxSchemaBytes { get; init; } = 256 * 1024;

    /// <summary>Levels of JSON in one schema document.</summary>
    public int MaxSchemaDepth { get; init; } = 64;

    /// <summary>Subschemas, those of referenced documents included.</summary>
    public int MaxSubschemas { get; init; } = 10_000;

    /// <summary>Steps of one validation: subschemas applied, members and items looked at, text matched.</summary>
    public int MaxSteps { get; init; } = 1_000_000;

    /// <summary>Subschemas inside each other in one validation; together with frames of known size it keeps the stack safe.</summary>
    public int MaxDepth { get; init; } = 256;

    public int MaxFindings { get; init; } = 16;
}
