using System.Text.Json;

namespace Stoa.Gateway.Models.Translation.Neutral;

/// <summary>What the answer's text must be: any JSON object (<paramref name="Schema"/> undefined), or one that the schema allows.</summary>
internal sealed record OutputFormat(Text Name, Text Description, JsonElement Schema, bool? IsStrict)
{
    public bool HasSchema => Schema.ValueKind == JsonValueKind.Object;
}
