using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Stoa.Gateway.Schemas;

/// <summary>
/// A JSON Schema (draft 2020-12), compiled once and then asked about any number of values by any number of threads. A value costs a bounded
/// number of
/// steps and levels whatever it and its schema are; beyond that it is invalid, and the finding says so.
/// </summary>
internal sealed class JsonSchema
{
    private readonly SchemaNode _root;
    private readonly SchemaOptions _options;
    private readonly bool _isDynamic;

    internal JsonSchema(SchemaNode root, SchemaOptions options, bool isDynamic) =>
        (_root, _options, _isDynamic) = (root, options, isDynamic);

    /// <summary>Compiles a schema, or says what is wrong with it. The schema's document may be disposed afterwards.</summary>
    public static bool TryCompile(
        JsonElement schema,
        SchemaOptions options,
        [NotNullWhen(true)] out JsonSchema? compiled,
        [NotNullWhen(false)] out SchemaFault? fault) =>
        new SchemaCompiler(options).TryCompile(schema, out compiled, out fault);

    public bool IsValid(JsonElement instance) => Holds(instance, trace: null, out _);

    /// <summary>As <see cref="IsValid"/>, and tells why not. Valid values cost no more than there.</summary>
    public bool Validate(JsonElement instance, List<SchemaFinding> findings)
    {
        if (Holds(instance, trace: null, out var stopped))
        {
            return true;
        }

        // The second pass goes on after failures, so it may run out of steps where the first did not: what it found stands.
        if (stopped is null)
        {
            Holds(instance, new Trace(findings, findings.Count + _options.MaxFindings), out stopped);
        }

        if (stopped is not null)
        {
            findings.Add(new("", "", "#", $"the value {stopped}"));
        }

        return false;
    }

    private bool Holds(in JsonElement instance, Trace? trace, out string? stopped)
    {
        var run = new Evaluation(_options, _isDynamic ? new DynamicScope() : null, trace);
        var valid = _root.Check(instance, ref run, marks: null);
        stopped = instance.ValueKind is JsonValueKind.Undefined ? "is missing" : run.Stopped;
        return valid && stopped is null;
    }
}
