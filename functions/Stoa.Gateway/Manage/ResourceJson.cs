using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Secrets;
using Stoa.Gateway.Tools;
using Stoa.Gateway.Tools.Status;

namespace Stoa.Gateway.Manage;

/// <summary>
/// A stored resource as the management API shows it: a document that can be edited and applied again. Secrets show their keys only, tools
/// their status too, which apply ignores and which the ETag does not cover.
/// </summary>
internal static class ResourceJson
{
    private static readonly IReadOnlyDictionary<string, ToolStatus> NoStatuses = new Dictionary<string, ToolStatus>();

    /// <summary>All that stands before <c>spec</c>.</summary>
    /// <param name="withStored">Whether to tell what only storing gives a resource: uid, version, times.</param>
    public static void WriteHead(Utf8JsonWriter json, TenantId tenant, Resource resource, bool withStored)
    {
        json.WriteString("apiVersion"u8, KindSchema.ApiVersion);
        json.WriteString("kind"u8, resource.Kind);
        json.WriteStartObject("metadata"u8);
        json.WriteString("name"u8, resource.Name);
        if (resource.Kind != Tenants.TenantKind.Schema.Kind)
        {
            json.WriteString("namespace"u8, tenant.ToString());
        }

        if (withStored)
        {
            json.WriteString("uid"u8, resource.Uid);
            json.WriteString("resourceVersion"u8, resource.Version);
            json.WriteString("createdAt"u8, resource.CreatedAt);
            json.WriteString("updatedAt"u8, resource.UpdatedAt);
        }

        using var notes = JsonDocument.Parse(resource.Notes);
        foreach (var note in notes.RootElement.EnumerateObject())
        {
            note.WriteTo(json);
        }

        json.WriteEndObject();
    }

    /// <summary>The whole as bytes, to be applied again.</summary>
    public static ReadOnlyMemory<byte> Bytes(TenantId tenant, Resource resource)
    {
        var buffer = new ArrayBufferWriter<byte>(resource.Spec.Length + 1024);
        using (var json = new Utf8JsonWriter(buffer, JsonWire.WriterOptions))
        {
            Write(json, tenant, resource, NoStatuses);
        }

        return buffer.WrittenMemory;
    }

    public static async Task WriteAsync(HttpContext http, TenantId tenant, Resource resource, IReadOnlyDictionary<string, ToolStatus> statuses)
    {
        http.Response.Headers.ETag = EntityTags.TagOf(resource.Version);
        http.Response.Headers.CacheControl = "no-store";
        if (EntityTags.Of(http.Request.Headers.IfNoneMatch)?.NameWeakly(resource.Version) is true)
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter, JsonWire.WriterOptions);
        Write(json, tenant, resource, statuses);
    }

    public static async Task WriteListAsync(
        HttpContext http, IReadOnlyList<(TenantId Tenant, Resource Resource)> items, string? continuation, IReadOnlyDictionary<string, ToolStatus> statuses)
    {
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-store";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter, JsonWire.WriterOptions);
        json.WriteStartObject();
        json.WriteStartArray("items"u8);
        foreach (var (tenant, resource) in items)
        {
            Write(json, tenant, resource, statuses);
        }

        json.WriteEndArray();
        if (continuation is not null)
        {
            json.WriteString("continue"u8, continuation);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, TenantId tenant, Resource resource, IReadOnlyDictionary<string, ToolStatus> statuses)
    {
        json.WriteStartObject();
        WriteHead(json, tenant, resource, withStored: true);
        json.WritePropertyName("spec"u8);
        var spec = resource.Kind == SecretKind.Schema.Kind ? StoredSecret.Parse(resource).ToPublicJson() : resource.Spec;
        json.WriteRawValue(spec.Span, skipInputValidation: true);
        if (resource.Kind == ToolKind.Schema.Kind)
        {
            json.WritePropertyName("status"u8);
            StatusReport.Write(json, resource, statuses.GetValueOrDefault(resource.Name) ?? ToolStatus.Unknown);
        }

        json.WriteEndObject();
    }
}
