using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text.Json;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Tools;

namespace Stoa.Gateway.Mcp;

/// <summary>A revision's tools as <c>tools/list</c> shows them: each entry's bytes written once per revision and protocol shape.</summary>
internal sealed class ToolListing
{
    private static readonly RevisionView<ToolListing> View = new(revision => new ToolListing(ToolCatalog.Of(revision)));

    private readonly FrozenDictionary<string, ToolEntry> _byName;

    private ToolListing(ToolCatalog catalog)
    {
        InOrder = [.. catalog.InOrder.Select(tool => new ToolEntry(tool))];
        Pages = [.. InOrder.Chunk(ToolPages.PageSize).Select(entries => new ToolPage(entries))];
        _byName = InOrder.ToFrozenDictionary(e => e.Name, StringComparer.Ordinal);
    }

    public IReadOnlyList<ToolEntry> InOrder { get; }

    /// <summary>The list as a caller without a tool filter pages through it, kept for all such callers.</summary>
    public IReadOnlyList<ToolPage> Pages { get; }

    public static ToolListing Of(Revision revision) => revision.View(View);

    public ToolEntry? Find(string name) => _byName.GetValueOrDefault(name);
}

/// <summary>Entries that go out together, as one JSON array per protocol shape, written on first use.</summary>
internal sealed class ToolPage(IReadOnlyList<ToolEntry> entries)
{
    private readonly ConcurrentDictionary<ToolShape, byte[]> _arrays = new();

    public IReadOnlyList<ToolEntry> Entries => entries;

    public ReadOnlySpan<byte> ArrayFor(string version) => _arrays.GetOrAdd(ToolEntry.ShapeOf(version), Join, entries);

    private static byte[] Join(ToolShape shape, IReadOnlyList<ToolEntry> entries)
    {
        var array = new ArrayBufferWriter<byte>(entries.Count * 512 + 2);
        array.Write("["u8);
        for (var i = 0; i < entries.Count; i++)
        {
            array.Write(i == 0 ? [] : ","u8);
            array.Write(entries[i].BytesFor(shape));
        }

        array.Write("]"u8);
        return array.WrittenSpan.ToArray();
    }
}

/// <summary>How an entry looks; each holds for one or more revisions.</summary>
internal enum ToolShape
{
    /// <summary>2024-11-05: name, description, input schema.</summary>
    Plain,

    /// <summary>2025-03-26: and annotations.</summary>
    Annotated,

    /// <summary>2025-06-18 and 2025-11-25: and title, and an output schema that describes an object.</summary>
    Structured,

    /// <summary>2026-07-28: and any output schema.</summary>
    Modern,
}

/// <summary>One tool's entry, and which of its arguments clients mirror into headers.</summary>
internal sealed class ToolEntry(Tool tool)
{
    private readonly ConcurrentDictionary<ToolShape, byte[]> _bytes = new();
    private readonly Lazy<IReadOnlyList<MirroredParameter>> _mirrored = new(() => MirroredParameter.FindAll(tool.Spec.InputSchema));

    public string Name => tool.Name;

    public IReadOnlyList<MirroredParameter> Mirrored => _mirrored.Value;

    public static ToolShape ShapeOf(string version) =>
        version == ProtocolVersions.Modern ? ToolShape.Modern
        : ProtocolVersions.HasStructuredOutput(version) ? ToolShape.Structured
        : ProtocolVersions.HasAnnotationsAndAudio(version) ? ToolShape.Annotated
        : ToolShape.Plain;

    public ReadOnlySpan<byte> BytesFor(ToolShape shape) => _bytes.GetOrAdd(shape, Write, tool);

    private static byte[] Write(ToolShape shape, Tool tool)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(buffer, JsonWire.WriterOptions);
        json.WriteStartObject();
        json.WriteString("name"u8, tool.Name);
        if (shape >= ToolShape.Structured && tool.Spec.DisplayName is { } title)
        {
            json.WriteString("title"u8, title);
        }

        json.WriteString("description"u8, tool.Spec.Description);
        json.WritePropertyName("inputSchema"u8);
        tool.Spec.InputSchema.WriteTo(json);

        // Before 2026-07-28 an output schema describes an object and nothing else.
        if (shape >= ToolShape.Structured && tool.Spec.OutputSchema is { } output && (shape is ToolShape.Modern || IsObjectSchema(output)))
        {
            json.WritePropertyName("outputSchema"u8);
            output.WriteTo(json);
        }

        if (shape >= ToolShape.Annotated)
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
