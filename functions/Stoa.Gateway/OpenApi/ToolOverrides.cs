using System.Text.Json;

namespace Stoa.Gateway.OpenApi;

/// <summary>The overrides of a ToolSet by the operation they name, and which of them found one.</summary>
internal sealed class ToolOverrides
{
    private readonly Dictionary<string, (int Index, JsonElement Fields)> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Index, JsonElement Fields)> _byLabel = new(StringComparer.Ordinal);
    private readonly Dictionary<int, string> _unused = [];

    public ToolOverrides(IReadOnlyList<JsonElement> overrides)
    {
        foreach (var (index, fields) in overrides.Index())
        {
            var id = fields.Text("operationId");
            var meant = id ?? fields.Text("operation")!;
            (id is null ? _byLabel : _byId)[meant] = (index, fields);
            _unused[index] = meant;
        }
    }

    /// <summary>The operations that were named and do not exist.</summary>
    public IEnumerable<string> Unused => _unused.Values;

    public (int Index, JsonElement Fields)? Of(ApiOperation operation) =>
        operation.Id is { } id && _byId.TryGetValue(id, out var named) ? named
        : _byLabel.TryGetValue(operation.Label, out named) ? named
        : null;

    public string? NameOf(ApiOperation operation) => Of(operation)?.Fields.Text("name");

    public void Saw(ApiOperation operation)
    {
        if (Of(operation) is { } found)
        {
            _unused.Remove(found.Index);
        }
    }
}
