using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Tools;
using static Stoa.Gateway.Mcp.ProtocolVersions;

namespace Stoa.Gateway.Mcp;

/// <summary>A revision's tools as <c>tools/list</c> shows them: each entry's bytes written once per revision and protocol shape.</summary>
internal sealed class ToolListing
{
    private static readonly RevisionView<ToolListing> View = new(revision => new ToolListing(ToolCatalog.Of(revision)));

    private readonly FrozenDictionary<string, ToolEntry> _byName;

    private ToolListing(ToolCatalog catalog)
    {
        InOrder = [.. catalog.InOrder.Select(tool => new ToolEntry(tool))];
        _byName = InOrder.ToFrozenDictionary(e => e.Name, StringComparer.Ordinal);
    }

    public IReadOnlyList<ToolEntry> InOrder { get; }

    public static ToolListing Of(Revision revision) => revision.View(View);

    public ToolEntry? Find(string name) => _byName.GetValueOrDefault(name);
}

/// <summary>One tool's entry, and which of its arguments clients mirror into headers.</summary>
internal sealed class ToolEntry(Tool tool)
{
    private readonly Lazy<byte[]> _first = new(() => Write(tool, V20241105));
    private readonly Lazy<byte[]> _basic = new(() => Write(tool, V20250326));
    private readonly Lazy<byte[]> _structured = new(() => Write(tool, V20250618));
    private readonly Lazy<byte[]> _modern = new(() => Write(tool, Modern));
    private readonly Lazy<IReadOnlyList<MirroredParameter>> _mirrored = new(() => MirroredParameter.FindAll(tool.Spec.InputSchema));

    public string Name => tool.Name;

    public IReadOnlyList<MirroredParameter> Mirrored => _mirrored.Value;

    public ReadOnlySpan<byte> BytesFor(string version) =>
        (version == Modern ? _modern : HasStructuredOutput(version) ? _structured : HasAnnotationsAndAudio(version) ? _basic : _first).Value;

    private static byte[] Write(Tool tool, string version)
    {
        var structured = HasStructuredOutput(version);
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(buffer, JsonWire.WriterOptions);
        json.WriteStartObject();
        json.WriteString("name"u8, tool.Name);
        if (structured && tool.Spec.DisplayName is { } title)
        {
            json.WriteString("title"u8, title);
        }

        json.WriteString("description"u8, tool.Spec.Description);
        json.WritePropertyName("inputSchema"u8);
        tool.Spec.InputSchema.WriteTo(json);

        // Before 2026-07-28 an output schema describes an object and nothing else.
        if (structured && tool.Spec.OutputSchema is { } output && (version == Modern || IsObjectSchema(output)))
        {
            json.WritePropertyName("outputSchema"u8);
            output.WriteTo(json);
        }

        if (HasAnnotationsAndAudio(version))
        {
            WriteAnnotations(json, tool);
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteAnnotations(Utf8JsonWriter json, Tool tool)
    {
        json.WriteStartObject("annotations"u8);
        if (tool.Spec.Annotations?.Title is { } annotated)
        {
            json.WriteString("title"u8, annotated);
        }

        json.WriteBoolean("readOnlyHint"u8, tool.Hints.ReadOnly);
        json.WriteBoolean("destructiveHint"u8, tool.Hints.Destructive);
        json.WriteBoolean("idempotentHint"u8, tool.Hints.Idempotent);
        json.WriteBoolean("openWorldHint"u8, tool.Hints.OpenWorld);
        json.WriteEndObject();
    }

    private static bool IsObjectSchema(JsonElement schema) =>
        schema.ValueKind is JsonValueKind.Object && schema.TryGetProperty("type"u8, out var type) && type.ValueKind is JsonValueKind.String && type.ValueEquals("object"u8);
}
