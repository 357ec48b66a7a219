using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Stoa.Gateway.Audit.Ledger;
using Stoa.Gateway.Config;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Keys;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Health;

/// <summary>
/// Liveness and readiness, open to all and saying nothing else. <c>/healthz</c> is 200 while the process runs; <c>/readyz</c> is 200 when
/// configuration can be read, the key ring opened and the audit ledger written, 503 otherwise.
/// </summary>
internal sealed class HealthDoor(ConfigStore config, KeyRing keys, LedgerWriter ledger)
{
    // Open to all, so it must stay one small read. No tenant need have the name.
    private static readonly TenantId Probe = TenantId.TryParse("readiness-probe", out var id) ? id : default;

    private static readonly byte[] Ok = "{\"status\":\"ok\"}"u8.ToArray();

    /// <summary>Cheap on purpose: the Functions host polls the root until it gets any answer, with 30 s of patience.</summary>
    public static async Task AliveAsync(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.BodyWriter.WriteAsync(Ok, http.RequestAborted);
    }

    public async Task ReadyAsync(HttpContext http)
    {
        try
        {
            await config.LoadHeadAsync(Probe, http.RequestAborted);
            await keys.CurrentAsync(http.RequestAborted);
        }
        catch (Exception e) when (e is StorageUnavailableException or InvalidDataException or CryptographicException or UnauthorizedAccessException)
        {
            // Unreachable, damaged, locked by another key: whatever it is, this instance cannot decide about calls.
            await RefusalReply.WriteAsync(http, new(RefusalKind.StorageUnavailable, "Configuration or keys cannot be read.") { RetryAfter = TimeSpan.FromSeconds(5) });
            return;
        }

        if (!ledger.IsInTime)
        {
            await RefusalReply.WriteAsync(http, new(RefusalKind.AuditUnavailable, "The audit ledger cannot be written.") { RetryAfter = TimeSpan.FromSeconds(2) });
            return;
        }

        await AliveAsync(http);
    }
}
