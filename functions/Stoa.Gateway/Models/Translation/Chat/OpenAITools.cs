using System.Text.Json;
using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation.Chat;

/// <summary>Tools and the choice among them, which chat completions and responses write almost alike: only where the function's fields stand differs.</summary>
internal static class OpenAITools
{
    public static void Read(Prompt prompt, JsonElement tools, Func<JsonElement, JsonElement> function, string strictPath)
    {
        if (tools.ValueKind != JsonValueKind.Array)
        {
            prompt.Malformed("tools", "must be an array");
        }

        foreach (var tool in tools.Items())
        {
            if (!tool.Get("type"u8).Is("function"u8))
            {
                AskForType(prompt, tool);
                continue;
            }

            var fields = function(tool);
            var schema = fields.Get("parameters"u8);
            if (!fields.Get("name"u8).IsString())
            {
                prompt.Malformed("tools[].function.name", "must be a string");
            }

            if (schema.IsGiven() && schema.ValueKind != JsonValueKind.Object)
            {
                prompt.Malformed("tools[].function.parameters", "must be a JSON Schema object");
            }

            var strict = fields.Get("strict"u8).AsBool();
            if (strict is true)
            {
                prompt.Ask(strictPath);
            }

            prompt.Tools.Add(new ToolSpec(fields.Get("name"u8).AsText(), fields.Get("description"u8).AsText(), schema, strict));
        }
    }

    public static void ReadChoice(
        Prompt prompt, JsonElement choice, Func<JsonElement, JsonElement> function, Func<JsonElement, JsonElement> allowed)
    {
        var type = choice.IsString() ? choice.GetString() : choice.Get("type"u8).AsString();
        prompt.ToolChoice = type switch
        {
            "auto" => new(ToolMode.Auto, default),
            "none" => new(ToolMode.None, default),
            "required" or "any" => new(ToolMode.Required, default),
            "function" => new(ToolMode.Named, function(choice).Get("name"u8).AsText()),
            "allowed_tools" => new(allowed(choice).Get("mode"u8).Is("required"u8) ? ToolMode.Required : ToolMode.Auto, default)
            {
                Allowed = allowed(choice).Get("tools"u8).Items().Select(t => function(t).Get("name"u8).AsString()).OfType<string>().ToHashSet(StringComparer.Ordinal),
            },
            _ => null,
        };
        if (prompt.ToolChoice is null)
        {
            prompt.Ask("tool_choice");
        }
    }

    private static void AskForType(Prompt prompt, JsonElement tool)
    {
        if (tool.Get("type"u8).IsString())
        {
            prompt.Ask("tools[].type");
        }
        else
        {
            prompt.Malformed("tools[].type", "must be a string");
        }
    }

    /// <summary>The type and the function of a call, as chat completions write them.</summary>
    public static void WriteFunction(Utf8JsonWriter writer, ToolCallPart call)
    {
        writer.WriteString("type"u8, "function"u8);
        writer.WriteStartObject("function"u8);
        call.Name.WriteTo(writer, "name"u8);
        writer.WritePropertyName("arguments"u8);
        call.Arguments.WriteString(writer);
        writer.WriteEndObject();
    }
}
