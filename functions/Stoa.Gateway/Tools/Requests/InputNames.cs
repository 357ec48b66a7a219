using System.Text.Json;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Tools.Templates;

namespace Stoa.Gateway.Tools.Requests;

/// <summary>The arguments that a tool's input schema declares, for whoever names one.</summary>
internal sealed class InputNames
{
    private static readonly string[] Elsewhere = ["$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "if", "dependentSchemas", "patternProperties"];

    private readonly bool _isOpen;

    public InputNames(JsonElement schema)
    {
        Properties = schema.TryGetProperty("properties"u8, out var properties) && properties.ValueKind is JsonValueKind.Object
            ? properties.EnumerateObject().ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal)
            : [];

        // Other names are known to nobody, or declared where this does not look.
        _isOpen = (schema.TryGetProperty("additionalProperties"u8, out var more) && more.ValueKind is not JsonValueKind.False)
            || Elsewhere.Any(keyword => schema.TryGetProperty(keyword, out _));
    }

    public IReadOnlyDictionary<string, JsonElement> Properties { get; }

    /// <summary>What is wrong with naming this argument, or null.</summary>
    public string? Complaint(string name) =>
        _isOpen || Properties.ContainsKey(name) ? null
        : Nearest.Among(name, Properties.Keys) is { } near ? $"inputSchema has no property {Wording.Quoted(name)}; did you mean `{near}`?"
        : $"inputSchema has no property {Wording.Quoted(name)}; add it under `properties`.";

    /// <summary>A fault for every argument that a template reads and nobody can give.</summary>
    public void Check(ResourceDocument document, string path, TemplateReads reads, Func<Position, Position> place, List<ResourceFault> faults)
    {
        foreach (var reference in reads.References.Where(r => r is { Root: TemplateRoot.Input, Name: not null }))
        {
            if (Complaint(reference.Name!) is { } complaint)
            {
                faults.Add(document.Fault(path, place(reference.At), complaint));
            }
        }
    }

    /// <summary>True when the schema says what an argument's type is and none of these is among it.</summary>
    public bool IsNever(string name, params string[] types)
    {
        if (!Properties.TryGetValue(name, out var schema) || schema.ValueKind is not JsonValueKind.Object || !schema.TryGetProperty("type"u8, out var type))
        {
            return false;
        }

        return type.ValueKind is JsonValueKind.String ? !types.Contains(type.GetString())
            : type.ValueKind is JsonValueKind.Array && !type.EnumerateArray().Any(t => t.ValueKind is JsonValueKind.String && types.Contains(t.GetString()));
    }
}
