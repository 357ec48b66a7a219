using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Config;

/// <summary>A revision as stored bytes: JSON, format 1, each spec embedded as it is. A blob that is not exactly what was committed is refused.</summary>
internal static class RevisionBlob
{
    private const int Format = 1;

    public static ReadOnlyMemory<byte> Write(Revision revision, DateTimeOffset at, string by)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteNumber("format", Format);
        json.WriteString("tenant", revision.Tenant.ToString());
        json.WriteNumber("revision", revision.Number);
        json.WriteString("uid", revision.Uid);
        json.WriteString("createdAt", at);
        json.WriteString("createdBy", by);
        json.WriteStartArray("resources");
        foreach (var resource in revision.Resources)
        {
            json.WriteStartObject();
            json.WriteString("kind", resource.Kind);
            json.WriteString("name", resource.Name);
            json.WriteString("uid", resource.Uid);
            json.WriteString("version", resource.Version);
            json.WriteString("createdAt", resource.CreatedAt);
            json.WriteString("updatedAt", resource.UpdatedAt);
            json.WritePropertyName("notes");
            json.WriteRawValue(resource.Notes.Span);
            json.WritePropertyName("spec");
            json.WriteRawValue(resource.Spec.Span);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    public static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>The revision in the blob, or <see cref="InvalidDataException"/> when it is another one, damaged, or of a format we do not know.</summary>
    public static Revision Read(ReadOnlyMemory<byte> content, TenantId tenant, long number, string sha256)
    {
        if (Hash(content.Span) != sha256)
        {
            throw Corrupt(tenant, number, "its content does not match the recorded SHA-256");
        }

        try
        {
            return Read(content, tenant, number);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Corrupt(tenant, number, "it is not a revision document", e);
        }
    }

    public static InvalidDataException Corrupt(TenantId tenant, long number, string what, Exception? inner = null) =>
        new($"Configuration revision {number} of tenant '{tenant}' cannot be used: {what}.", inner);

    private static Revision Read(ReadOnlyMemory<byte> content, TenantId tenant, long number)
    {
        using var document = JsonDocument.Parse(content);
        var root = document.RootElement;
        if (root.GetProperty("format").GetInt32() != Format)
        {
            throw Corrupt(tenant, number, "its format is unknown to this version of the gateway");
        }

        if (root.GetProperty("tenant").GetString() != tenant.ToString() || root.GetProperty("revision").GetInt64() != number)
        {
            throw Corrupt(tenant, number, "the blob holds another revision");
        }

        var resources = new List<Resource>();
        foreach (var item in root.GetProperty("resources").EnumerateArray())
        {
            resources.Add(new Resource(
                Text(item, "kind"),
                Text(item, "name"),
                Text(item, "uid"),
                Text(item, "version"),
                item.GetProperty("createdAt").GetDateTimeOffset(),
                item.GetProperty("updatedAt").GetDateTimeOffset(),
                JsonMarshal.GetRawUtf8Value(item.GetProperty("spec")).ToArray())
            {
                Notes = JsonMarshal.GetRawUtf8Value(item.GetProperty("notes")).ToArray(),
            });
        }

        return new Revision(tenant, number, Text(root, "uid"), resources);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? throw new FormatException(name);
}
