using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Stoa.Gateway.Audit.Records;
using Stoa.Gateway.Audit.Sealing;
using Stoa.Gateway.Audit.Subjects;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Manage;

/// <summary>
/// <c>GET /manage/v1/audit/{id}/content</c>: what a record keeps of a call's arguments or result, in clear, for administrators of the tenant
/// and of the platform. Who looked is on record before anything is shown. A content that was forgotten stays so.
/// </summary>
internal sealed class AuditContentDoor(ManageAccess access, ProofFinder records, SubjectKeys subjects)
{
    public async Task GetAsync(HttpContext http)
    {
        if (await access.EnterAsync(http, toChange: true) is not { } caller)
        {
            return;
        }

        var id = (string)http.Request.RouteValues["id"]!;
        if (await records.LineAsync(id, http.RequestAborted) is not { } line || !IsVisible(JsonElement.Parse(line), caller, out var record))
        {
            await RefusalReply.WriteAsync(http, new(RefusalKind.NotFound, "No checkpoint covers a record with this id. A new record is sealed within about a minute."));
            return;
        }

        if (!record.TryGetProperty("content"u8, out var content))
        {
            await RefusalReply.WriteAsync(http, new(RefusalKind.NotFound, "This record keeps no content. The Tenant's audit.capture says what is kept of calls to come."));
            return;
        }

        if (await OpenAsync(record, content, http.RequestAborted) is not { } clear)
        {
            await RefusalReply.WriteAsync(http, new(RefusalKind.Erased, "The key of this content was destroyed when its consumer was forgotten, so nobody can read it any more. The record and its proof stay valid."));
            return;
        }

        ManageAccess.Note(http, new Change("read", "AuditContent", id, record.TryGetProperty("tenant"u8, out var tenant) ? tenant.GetString() : null));
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-store";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter, JsonWire.WriterOptions);
        Write(json, id, content, clear);
    }

    private static bool IsVisible(JsonElement record, Caller caller, out JsonElement found)
    {
        found = record;
        return caller.Role is Role.PlatformAdmin || (record.TryGetProperty("tenantUid"u8, out var owner) && owner.GetString() == caller.Revision?.Uid);
    }

    // Of those who had the name the record does not say which it was; the seal does.
    private async ValueTask<byte[]?> OpenAsync(JsonElement record, JsonElement content, CancellationToken ct)
    {
        var (data, name) = (content.GetProperty("data"u8).GetBytesFromBase64(), Encoding.ASCII.GetBytes(record.GetProperty("id"u8).GetString()!));
        await foreach (var key in subjects.AllAsync(record.GetProperty("tenantUid"u8).GetString()!, record.GetProperty("consumer"u8).GetString()!, ct))
        {
            if (key.Open(data, name) is { } clear)
            {
                return clear;
            }
        }

        return null;
    }

    private static void Write(Utf8JsonWriter json, string id, JsonElement content, byte[] clear)
    {
        var isTruncated = content.TryGetProperty("truncated"u8, out _);
        json.WriteStartObject();
        json.WriteString("id"u8, id);
        json.WriteString("of"u8, content.GetProperty("of"u8).GetString());
        json.WriteBoolean("truncated"u8, isTruncated);
        if (TextOf(clear, isTruncated) is { } text)
        {
            json.WriteString("text"u8, text);
        }
        else
        {
            json.WriteBase64String("base64"u8, clear);
        }

        json.WriteEndObject();
    }

    // A cut may go through a character.
    private static string? TextOf(ReadOnlySpan<byte> clear, bool isTruncated)
    {
        for (var cut = 0; cut <= (isTruncated ? 3 : 0) && cut <= clear.Length; cut++)
        {
            if (Utf8.IsValid(clear[..^cut]))
            {
                return Encoding.UTF8.GetString(clear[..^cut]);
            }
        }

        return null;
    }
}
