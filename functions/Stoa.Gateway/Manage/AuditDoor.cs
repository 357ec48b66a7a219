using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Stoa.Gateway.Audit.Sealing;
using Stoa.Gateway.Audit.Trail;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Manage;

/// <summary>
/// <c>/manage/v1/audit</c>: records, proofs, the public key, and how the ledger stands. A tenant's administrators and viewers see the records of
/// their tenant, known by its uid: neither those of a namesake before it nor those of the platform.
/// </summary>
internal sealed class AuditDoor(ManageAccess access, AuditSearch search, ProofFinder proofs, LedgerStanding standing, ICheckpointKey key, TimeProvider time)
{
    private const int ExportPage = 1000;

    public async Task QueryAsync(HttpContext http)
    {
        if (await ReadAsync(http) is not { } query)
        {
            return;
        }

        if (await search.FindAsync(query.Filter, query.Limit, query.Continue, http.RequestAborted) is not { } page)
        {
            await RefusalReply.WriteAsync(http, new(RefusalKind.MalformedRequest, "continue must be a value from an earlier page."));
            return;
        }

        Begin(http, "application/json");
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter, JsonWire.WriterOptions);
        json.WriteStartObject();
        json.WriteStartArray("records"u8);
        foreach (var found in page.Records)
        {
            json.WriteStartObject();
            json.WriteBoolean("sealed"u8, found.IsSealed);
            json.WritePropertyName("record"u8);
            json.WriteRawValue(found.Line, skipInputValidation: true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (page.Continue is not null)
        {
            json.WriteString("continue"u8, page.Continue);
        }

        json.WriteNumber("scannedBytes"u8, page.Scanned);
        json.WriteEndObject();
    }

    /// <summary>All that is asked for, as it is found: what the ledger gets meanwhile is not in it.</summary>
    public async Task ExportAsync(HttpContext http)
    {
        if (await ReadAsync(http) is not { } query)
        {
            return;
        }

        var page = await search.FindAsync(query.Filter, ExportPage, continuation: null, http.RequestAborted);
        Begin(http, query.IsCsv ? "text/csv; charset=utf-8; header=present" : "application/jsonl");
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"audit.{(query.IsCsv ? "csv" : "jsonl")}\"";
        if (query.IsCsv)
        {
            await http.Response.WriteAsync(AuditCsv.Header, http.RequestAborted);
        }

        while (page is not null)
        {
            var text = new StringBuilder();
            foreach (var found in page.Records)
            {
                if (query.IsCsv)
                {
                    AuditCsv.Append(text, found);
                }
                else
                {
                    text.Append(Encoding.UTF8.GetString(found.Line)).Append('\n');
                }
            }

            await http.Response.WriteAsync(text.ToString(), http.RequestAborted);
            page = page.Continue is { } next ? await search.FindAsync(query.Filter, ExportPage, next, http.RequestAborted) : null;
        }
    }

    public async Task ProofAsync(HttpContext http)
    {
        if (await access.EnterAsync(http, toChange: false) is not { } caller)
        {
            return;
        }

        var proof = await proofs.FindAsync((string)http.Request.RouteValues["id"]!, http.RequestAborted);
        var owner = proof is not null && JsonElement.Parse(proof.Record).TryGetProperty("tenantUid", out var uid) ? uid.GetString() : null;
        if (proof is null || (caller.Role is not Role.PlatformAdmin && (owner is null || owner != caller.Revision?.Uid)))
        {
            await RefusalReply.WriteAsync(http, new(RefusalKind.NotFound, "No checkpoint covers a record with this id. A new record is sealed within about a minute."));
            return;
        }

        Begin(http, "application/json");
        await http.Response.BodyWriter.WriteAsync(proof.ToJson(), http.RequestAborted);
    }

    public async Task KeyAsync(HttpContext http)
    {
        if (await access.EnterAsync(http, toChange: false) is null)
        {
            return;
        }

        var pem = (await key.PublicAsync(http.RequestAborted)).ToPem();
        Begin(http, "application/x-pem-file");
        await http.Response.WriteAsync(pem, http.RequestAborted);
    }

    public async Task StatusAsync(HttpContext http)
    {
        if (await access.EnterAsync(http, toChange: false) is { } caller && await IsPlatformAsync(http, caller))
        {
            await HttpReply.WriteAsync(http, StatusCodes.Status200OK, await standing.ReadAsync(http.RequestAborted), ManageJson.Default.Standing);
        }
    }

    /// <summary>False after the refusal has been written.</summary>
    public static async ValueTask<bool> IsPlatformAsync(HttpContext http, Caller caller)
    {
        if (caller.Role is Role.PlatformAdmin)
        {
            return true;
        }

        await RefusalReply.WriteAsync(http, new(RefusalKind.RoleRequired, "The ledger holds records of all tenants: only an administrator of the platform sees it whole. GET /manage/v1/audit shows those of your tenant."));
        return false;
    }

    private async ValueTask<AuditQuery?> ReadAsync(HttpContext http)
    {
        if (await access.EnterAsync(http, toChange: false) is not { } caller)
        {
            return null;
        }

        var uid = (string?)null;
        if (caller.Role is not Role.PlatformAdmin)
        {
            if (await access.CurrentAsync(http, caller) is not { } revision)
            {
                return null;
            }

            uid = revision.Uid;
        }

        var query = AuditQuery.Read(http.Request, uid, time.GetUtcNow(), out var refusal);
        if (query is null)
        {
            await RefusalReply.WriteAsync(http, refusal!);
        }

        return query;
    }

    private static void Begin(HttpContext http, string type)
    {
        http.Response.ContentType = type;
        http.Response.Headers.CacheControl = "no-store";
    }
}
