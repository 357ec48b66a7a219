using System.Text.Json;
using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation.Chat;

/// <summary>Structured output and reasoning effort, which chat completions and responses write almost alike.</summary>
internal static class OpenAIFormats
{
    /// <param name="schema">Where name and schema stand.</param>
    public static void Read(Prompt prompt, JsonElement format, JsonElement schema, string path)
    {
        switch (format.Get("type"u8).AsString())
        {
            case "text":
                break;
            case "json_object":
                prompt.Format = new OutputFormat(default, default, default, null);
                prompt.Ask(path);
                break;
            case "json_schema" when schema.Get("schema"u8).ValueKind == JsonValueKind.Object:
                prompt.Format = new OutputFormat(
                    schema.Get("name"u8).AsText(), schema.Get("description"u8).AsText(), schema.Get("schema"u8), schema.Get("strict"u8).AsBool());
                break;
            case "json_schema":
                prompt.Malformed(path, "of type 'json_schema' must have a schema that is an object");
                break;
            default:
                prompt.Malformed(path, "must have the type 'text', 'json_object' or 'json_schema'");
                break;
        }
    }

    public static Reasoning? ReadEffort(JsonElement effort, bool? showsThoughts) => effort.AsString() switch
    {
        null => showsThoughts is null ? null : new Reasoning(null, null, false, showsThoughts),
        "none" => new Reasoning("none", null, true, showsThoughts),
        var given => new Reasoning(given, null, false, showsThoughts),
    };
}
