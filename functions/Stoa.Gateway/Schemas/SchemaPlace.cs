using System.Text.Json;

namespace Stoa.Gateway.Schemas;

/// <summary>A subschema as written: where it stands in its document and to which resource it belongs.</summary>
/// <param name="Document">URI that the document was loaded from; empty for the one that is being compiled.</param>
/// <param name="Pointer">JSON pointer from the document's root.</param>
internal sealed record SchemaPlace(string Document, string Pointer, JsonElement Element, SchemaResource Resource)
{
    /// <summary>As findings and faults show it.</summary>
    public string Location => LocationOf(Document, Pointer);

    public static string LocationOf(string document, string pointer) => $"{document}#{pointer}";
}
