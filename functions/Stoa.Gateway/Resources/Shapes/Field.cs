using System.Text.Json;
using Stoa.Gateway.Resources.Reading;

namespace Stoa.Gateway.Resources.Shapes;

/// <summary>One named field of an object.</summary>
internal sealed class Field(string name, Shape shape, string description)
{
    public string Name => name;

    public Shape Shape => shape;

    /// <summary>One or two sentences of Markdown.</summary>
    public string Description => description;

    public bool Required { get; init; }

    /// <summary>YAML. Written into every stored spec that leaves the field out, so that a later release cannot change what was applied.</summary>
    public string? Default { get; init; }

    /// <summary>YAML, for editors and the reference.</summary>
    public string? Example { get; init; }

    /// <summary>Older spellings; read as <see cref="Name"/>, offered to nobody.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Accepted so that what the management API returned can be applied again, then dropped.</summary>
    public bool ReadOnly { get; init; }

    public bool Answers(string key) => key == name || Aliases.Contains(key);

    /// <summary>A YAML text of the declaration as the shape reads it; one that it refuses is a fault of the program.</summary>
    public Node Evaluate(string yaml)
    {
        var faults = new FaultList();
        var node = YamlNodes.Read(new(yaml, 1), new(), faults);
        var read = node is null ? null : shape.Read(node, new(faults));
        return read is not null && faults.Count == 0
            ? read
            : throw new InvalidOperationException($"The declaration of {name} does not accept its own `{yaml}`: {string.Join(' ', faults.InOrder())}");
    }

    public void Describe(Utf8JsonWriter json)
    {
        shape.Describe(json);
        json.WriteString("description", description);
        if (Default is not null)
        {
            json.WritePropertyName("default");
            CanonicalJson.Write(Evaluate(Default), json);
        }

        if (Example is not null)
        {
            json.WriteStartArray("examples");
            CanonicalJson.Write(Evaluate(Example), json);
            json.WriteEndArray();
        }
    }
}
