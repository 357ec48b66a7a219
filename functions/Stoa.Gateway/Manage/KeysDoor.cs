using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Stoa.Gateway.Audit.Records;
using Stoa.Gateway.Config;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Resources.Shapes;
using Stoa.Gateway.Tenants;

namespace Stoa.Gateway.Manage;

/// <summary>Issues, lists, rotates and revokes the API keys of a consumer. A key is shown when it is issued and never again.</summary>
internal sealed class KeysDoor(ManageAccess access, ConfigStore config, ApiKeyStore keys, CallerGate callers, TimeProvider time, ILogger<KeysDoor> log)
{
    private const int HintLength = 12;
    private const int MaxLiveKeys = 20;
    private const int MostToolCharacters = 30_000;

    private static readonly TimeSpan DefaultGrace = TimeSpan.FromHours(24);
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(3650);

    public async Task ListAsync(HttpContext http)
    {
        if (await EnterAsync(http, toChange: false) is not { } consumer)
        {
            return;
        }

        var found = await keys.ListAsync(consumer.Tenant.ToString(), consumer.Uid, http.RequestAborted);
        await HttpReply.WriteAsync(http, StatusCodes.Status200OK, new KeysReport([.. found.Select(k => Report(k.Key, secret: null))]), ManageJson.Default.KeysReport);
    }

    public async Task IssueAsync(HttpContext http)
    {
        if (await EnterAsync(http, toChange: true) is not { } consumer
            || await ManageBody.ReadAsync(http, ManageJson.Default.IssueKeyRequest, new IssueKeyRequest(null, null, null, null)) is not { } request)
        {
            return;
        }

        if (Check(request, out var life) is { } fault)
        {
            await RefusalReply.WriteAsync(http, new(RefusalKind.MalformedRequest, fault));
            return;
        }

        if (await IsFullAsync(http, consumer))
        {
            return;
        }

        var now = time.GetUtcNow();
        await IssueAsync(http, consumer, new ApiKey
        {
            Id = NewId(),
            Hint = "",
            Tenant = consumer.Tenant.ToString(),
            TenantUid = consumer.TenantUid,
            Consumer = consumer.Name,
            ConsumerUid = consumer.Uid,
            Scopes = request.Scopes,
            Tools = request.Tools,
            Addresses = request.Addresses,
            CreatedAt = now,
            ExpiresAt = life is null ? null : now + life,
        });
    }

    public async Task RotateAsync(HttpContext http)
    {
        if (await EnterAsync(http, toChange: true) is not { } consumer
            || await FindAsync(http, consumer) is not var (hash, old)
            || await ManageBody.ReadAsync(http, ManageJson.Default.RotateKeyRequest, new RotateKeyRequest(null)) is not { } request)
        {
            return;
        }

        var grace = DefaultGrace;
        if (request.Grace is not null && (!DurationText.TryParse(request.Grace, out grace) || grace > TimeSpan.FromDays(30)))
        {
            await RefusalReply.WriteAsync(http, new(RefusalKind.MalformedRequest, "grace must be a duration up to 30d, for example 24h, 30m or 0s."));
            return;
        }

        if (old.RevokedAt is not null || old.ExpiresAt <= time.GetUtcNow())
        {
            await RefusalReply.WriteAsync(http, new(RefusalKind.Conflict, "The key is revoked or expired. Issue a new one instead."));
            return;
        }

        // Its end is now that of the grace period, which says nothing about how long a successor should live.
        if (old.ReplacedBy is not null)
        {
            await RefusalReply.WriteAsync(http, new(RefusalKind.Conflict, $"The key was rotated already; rotate its successor '{old.ReplacedBy}' instead."));
            return;
        }

        if (grace > TimeSpan.Zero && await IsFullAsync(http, consumer))
        {
            return;
        }

        // The successor first: a crash in between leaves two live keys, never none.
        var now = time.GetUtcNow();
        var successor = old with { Id = NewId(), CreatedAt = now, ExpiresAt = old.ExpiresAt is { } end ? now + (end - old.CreatedAt) : null, ReplacedBy = null };
        var secret = await StoreAsync(successor, http.RequestAborted);
        var ended = await keys.UpdateAsync(
            hash,
            k => k.RevokedAt is null && k.ReplacedBy is null ? k with { ReplacedBy = successor.Id, ExpiresAt = k.ExpiresAt < now + grace ? k.ExpiresAt : now + grace } : k,
            http.RequestAborted);
        callers.Changed(hash, ended!);
        if (ended!.ReplacedBy != successor.Id)
        {
            // Somebody revoked or rotated it meanwhile: theirs stands, and the successor must not outlive it.
            var unwanted = KeyHash.Of(secret.Secret).ToString();
            callers.Changed(unwanted, (await keys.UpdateAsync(unwanted, k => k with { RevokedAt = time.GetUtcNow() }, http.RequestAborted))!);
            await RefusalReply.WriteAsync(http, new(RefusalKind.Conflict, "The key was revoked or rotated by somebody else meanwhile."));
            return;
        }

        await ReplyIssuedAsync(http, consumer, secret);
    }

    public async Task RevokeAsync(HttpContext http)
    {
        if (await EnterAsync(http, toChange: true) is not { } consumer || await FindAsync(http, consumer) is not var (hash, _))
        {
            return;
        }

        var revoked = await keys.UpdateAsync(hash, k => k with { RevokedAt = k.RevokedAt ?? time.GetUtcNow() }, http.RequestAborted);
        callers.Changed(hash, revoked!);
        ManageAccess.Note(http, new Change("revoked", "ApiKey", revoked!.Id, consumer.Tenant.ToString()));
        ManageLog.KeyRevoked(log, consumer.Caller.Name, consumer.Caller.CredentialId, revoked!.Id, consumer.Tenant, consumer.Name);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task IssueAsync(HttpContext http, KnownConsumer consumer, ApiKey key) => await ReplyIssuedAsync(http, consumer, await StoreAsync(key, http.RequestAborted));

    private async ValueTask<(ApiKey Key, string Secret)> StoreAsync(ApiKey key, CancellationToken ct)
    {
        var secret = ApiKey.NewSecret(ApiKey.Prefix);
        var stored = key with { Hint = secret[..HintLength] + "..." };
        var hash = KeyHash.Of(secret).ToString();
        await keys.CreateAsync(stored, hash, ct);
        callers.Changed(hash, stored);
        return (stored, secret);
    }

    private async Task ReplyIssuedAsync(HttpContext http, KnownConsumer consumer, (ApiKey Key, string Secret) issued)
    {
        ManageAccess.Note(http, new Change("issued", "ApiKey", issued.Key.Id, consumer.Tenant.ToString()));
        ManageLog.KeyIssued(log, consumer.Caller.Name, consumer.Caller.CredentialId, issued.Key.Id, consumer.Tenant, consumer.Name);
        await HttpReply.WriteAsync(http, StatusCodes.Status201Created, Report(issued.Key, issued.Secret), ManageJson.Default.KeyReport);
    }

    private async ValueTask<KnownConsumer?> EnterAsync(HttpContext http, bool toChange)
    {
        if (await access.EnterAsync(http, (string)http.Request.RouteValues["tenant"]!, toChange) is not var (caller, tenant))
        {
            return null;
        }

        var name = (string)http.Request.RouteValues["consumer"]!;
        var revision = await config.LoadCurrentAsync(tenant, http.RequestAborted);
        if (revision is not null && ManageAccess.Owns(caller, revision) && revision.Find(ConsumerKind.Schema.Kind, name) is { } consumer)
        {
            return new(caller, tenant, revision.Uid, name, consumer.Uid);
        }

        await RefusalReply.WriteAsync(http, new(RefusalKind.NotFound, $"There is no Consumer '{ManageAccess.Shown(name)}' in tenant '{tenant}'."));
        return null;
    }

    private async ValueTask<(string Hash, ApiKey Key)?> FindAsync(HttpContext http, KnownConsumer consumer)
    {
        var id = (string)http.Request.RouteValues["id"]!;
        foreach (var found in await keys.ListAsync(consumer.Tenant.ToString(), consumer.Uid, http.RequestAborted))
        {
            if (found.Key.Id == id)
            {
                return found;
            }
        }

        await RefusalReply.WriteAsync(http, new(RefusalKind.NotFound, $"The consumer has no key '{ManageAccess.Shown(id)}'."));
        return null;
    }

    /// <summary>True, with the refusal written, when the consumer has as many keys as it may have.</summary>
    private async ValueTask<bool> IsFullAsync(HttpContext http, KnownConsumer consumer)
    {
        var now = time.GetUtcNow();
        var live = (await keys.ListAsync(consumer.Tenant.ToString(), consumer.Uid, http.RequestAborted)).Count(k => k.Key.RevokedAt is null && !(k.Key.ExpiresAt <= now));
        if (live >= MaxLiveKeys)
        {
            await RefusalReply.WriteAsync(http, new(RefusalKind.Conflict, $"The consumer has {live} live keys, the most it may have. Revoke one first."));
        }

        return live >= MaxLiveKeys;
    }

    private static string? Check(IssueKeyRequest request, out TimeSpan? life)
    {
        life = null;
        if (request is { Scopes.Count: > 10 } or { Tools.Count: > 1000 } or { Addresses.Count: > 100 })
        {
            return "At most 10 scopes, 1000 tools and 100 addresses.";
        }

        // A key is one row of storage.
        if ((request.Tools?.Sum(t => t?.Length ?? 0) ?? 0) > MostToolCharacters)
        {
            return $"The tools are longer than {MostToolCharacters} characters in all; use prefixes that end in *.";
        }

        if (FirstBad(request.Scopes, s => ScopeNames.Parse(s) is not Scopes.None) is { } scope)
        {
            return $"{scope} is no scope. Use {ScopeNames.Read}, {ScopeNames.Write} or {ScopeNames.Admin}.";
        }

        if (FirstBad(request.Tools, TextRule.ToolPattern.Accepts) is { } tool)
        {
            return $"{tool} is not {TextRule.ToolPattern.Words}.";
        }

        if (FirstBad(request.Addresses, a => IPNetwork.TryParse(a, out _)) is { } address)
        {
            return $"{address} is no network in CIDR notation, such as 203.0.113.0/24.";
        }

        if (request.ExpiresIn is not null)
        {
            if (!DurationText.TryParse(request.ExpiresIn, out var asked) || asked <= TimeSpan.Zero || asked > LongestLife)
            {
                return "expiresIn must be a duration up to 3650d, for example 90d, 12h or 30m.";
            }

            life = asked;
        }

        return null;
    }

    // JSON lets null into a list of strings, whatever its type says.
    private static string? FirstBad(IReadOnlyList<string?>? list, Func<string, bool> accepts) => list?
        .Where(text => text is null || !accepts(text))
        .Select(text => text is null ? "null" : $"'{ManageAccess.Shown(text)}'")
        .FirstOrDefault();

    private static string NewId() => "key_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    private static KeyReport Report(ApiKey key, string? secret) =>
        new(key.Id, secret, key.Hint, key.CreatedAt, key.ExpiresAt, key.RevokedAt, key.ReplacedBy, key.Scopes, key.Tools, key.Addresses);

    private sealed record KnownConsumer(Caller Caller, TenantId Tenant, string TenantUid, string Name, string Uid);
}
