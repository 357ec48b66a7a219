using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Stoa.Gateway.Resources.Shapes;

namespace Stoa.Gateway.Resources;

/// <summary>JSON Schema 2020-12 for editors: one file per kind and one for all, which picks by <c>kind</c>.</summary>
internal static class EditorSchemas
{
    private const string Dialect = "https://json-schema.org/draft/2020-12/schema";

    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        IndentSize = 2,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>File name and content.</summary>
    public static IEnumerable<(string File, string Content)> All(KindRegistry kinds) =>
        kinds.All.Select(k => ($"{k.Kind.ToLowerInvariant()}.schema.json", One(k))).Append(("stoa.schema.json", Combined(kinds)));

    private static string One(KindSchema kind) => Written(json =>
    {
        json.WriteString("$schema", Dialect);
        Describe(kind, json);
    });

    private static string Combined(KindRegistry kinds) => Written(json =>
    {
        json.WriteString("$schema", Dialect);
        json.WriteString("title", "Stoa resource");
        json.WriteString("type", "object");
        json.WriteStartObject("properties");
        json.WriteStartObject("kind");
        Shape.Choice([.. kinds.All.Select(k => k.Kind)]).Describe(json);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartArray("required");
        json.WriteStringValue("kind");
        json.WriteEndArray();

        // if/then rather than oneOf: an editor then reports the faults of the one kind that was meant.
        json.WriteStartArray("allOf");
        foreach (var kind in kinds.All)
        {
            WhenOf(kind, json);
        }

        json.WriteEndArray();
        json.WriteStartObject("$defs");
        foreach (var kind in kinds.All)
        {
            json.WriteStartObject(kind.Kind);
            Describe(kind, json);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    });

    private static void WhenOf(KindSchema kind, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("if");
        json.WriteStartObject("properties");
        json.WriteStartObject("kind");
        json.WriteString("const", kind.Kind);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("then");
        json.WriteString("$ref", $"#/$defs/{kind.Kind}");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Describe(KindSchema kind, Utf8JsonWriter json)
    {
        json.WriteString("title", kind.Kind);
        json.WriteString("description", kind.Description);
        kind.Document.Describe(json);
    }

    private static string Written(Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }
}
