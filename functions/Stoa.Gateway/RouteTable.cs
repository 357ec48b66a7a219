using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Health;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway;

/// <summary>Every URL, once. The endpoints, the Functions app's <c>function.json</c> files and the README's table are derived from this list.</summary>
internal static class RouteTable
{
    public static IReadOnlyList<Route> All { get; } =
    [
        new("POST", "/mcp", "mcp", Access.Key, "MCP, every revision; the tenant comes from the key", static (g, http) => g.Mcp.HandleAsync(http, urlTenant: null)) { AnswersEveryMethod = true },
        new("GET", "/mcp/v1/tools", "mcp", Access.Key, "The caller's tools, as REST", static (g, http) => g.Tools.ListAsync(http)),
        new("POST", "/mcp/v1/tools/{name}/invoke", "mcp", Access.Key, "Calls a tool, as REST", static (g, http) => g.Tools.InvokeAsync(http)),
        new("POST", "/t/{tenant}/mcp", "tenant-mcp", Access.Key, "MCP of one tenant; other tenants' keys get 404", static (g, http) => g.Mcp.HandleAsync(http, (string?)http.Request.RouteValues["tenant"])) { AnswersEveryMethod = true },

        new("POST", "/manage/v1/apply", "manage", Access.Admin, "Applies YAML or JSON resources; `?dryRun=true` only says what would happen, `compare` also shows it; `?namespace=` for documents that name none", static (g, http) => g.Apply.ApplyAsync(http)),
        new("GET", "/manage/v1/schemas", "manage", Access.Admin, "The JSON Schema of all kinds, for editors", static (g, http) => g.Schemas.GetAsync(http)),
        new("GET", "/manage/v1/schemas/{kind}", "manage", Access.Admin, "The JSON Schema of one kind", static (g, http) => g.Schemas.GetAsync(http)),
        new("POST", "/manage/v1/tenants/{name}/rollback", "manage", Access.Admin, "Brings back an earlier revision: `{\"revision\": 7}`", static (g, http) => g.Manage.RollbackAsync(http)),
        new("GET", "/manage/v1/tenants/{name}/revisions", "manage", Access.Admin, "The tenant's history, newest first", static (g, http) => g.Manage.RevisionsAsync(http)),
        new("POST", "/manage/v1/keyring/rotate", "manage", Access.Admin, "Adds a new signing and sealing key", static (g, http) => g.Manage.RotateKeyRingAsync(http)),
        new("GET", "/manage/v1/consumers/{tenant}/{consumer}/keys", "manage", Access.Admin, "A consumer's API keys, without the keys", static (g, http) => g.Keys.ListAsync(http)),
        new("POST", "/manage/v1/consumers/{tenant}/{consumer}/keys", "manage", Access.Admin, "Issues an API key, shown once", static (g, http) => g.Keys.IssueAsync(http)),
        new("POST", "/manage/v1/consumers/{tenant}/{consumer}/keys/{id}/rotate", "manage", Access.Admin, "Issues a successor; the old key lives on for a grace period", static (g, http) => g.Keys.RotateAsync(http)),
        new("DELETE", "/manage/v1/consumers/{tenant}/{consumer}/keys/{id}", "manage", Access.Admin, "Revokes an API key", static (g, http) => g.Keys.RevokeAsync(http)),
        new("POST", "/manage/v1/tools/{name}/test", "manage", Access.Admin, "Tests a tool, published or not: `{\"arguments\": {...}, \"document\"?, \"send\"?, \"sampleResponse\"?}`", static (g, http) => g.ToolTrial.TestAsync(http)),
        new("GET", "/manage/v1/tools/{name}/status", "manage", Access.Admin, "How a tool fares: last call, last error, breaker, endpoint", static (g, http) => g.ToolStatus.GetAsync(http)),
        new("POST", "/manage/v1/toolsets/{name}/sync", "manage", Access.Admin, "Reads a ToolSet's description again and brings its tools up to date; `?namespace=`, `dryRun`", static (g, http) => g.Apply.SyncAsync(http)),
        new("GET", "/manage/v1/usage", "manage", Access.Admin, "How a tenant's quotas stand; `?namespace=`, `consumer`", static (g, http) => g.Usage.GetAsync(http)),
        new("POST", "/manage/v1/usage/reset", "manage", Access.Admin, "Forgets what was used; `?namespace=`, `consumer`", static (g, http) => g.Usage.ResetAsync(http)),
        new("DELETE", "/manage/v1/audit/subjects/{consumer}", "manage", Access.Admin, "Forgets a consumer: destroys the key under which hashes of what it sent and got stand in the audit ledger; `?namespace=`", static (g, http) => g.AuditSubjects.EraseAsync(http)),
        new("GET", "/manage/v1/{kinds}", "manage", Access.Admin, "Lists resources of a kind; `?namespace=`, `limit`, `continue`", static (g, http) => g.Manage.ListAsync(http)),
        new("GET", "/manage/v1/{kinds}/{name}", "manage", Access.Admin, "One resource, with its ETag", static (g, http) => g.Manage.GetAsync(http)),
        new("DELETE", "/manage/v1/{kinds}/{name}", "manage", Access.Admin, "Deletes a resource; `If-Match` guards the version", static (g, http) => g.Manage.DeleteAsync(http)),

        new("GET", "/healthz", "health", Access.Open, "200 while the process runs", static (_, http) => HealthDoor.AliveAsync(http)),
        new("GET", "/readyz", "ready", Access.Open, "200 when configuration and keys can be read, else 503", static (g, http) => g.Health.ReadyAsync(http)),
        new("GET", "/", null, Access.Open, "200; what the Functions host polls at start", static (_, http) => HealthDoor.AliveAsync(http)),
    ];

    /// <summary>The HTTP functions of the app: name and the route that the Functions host gives it.</summary>
    public static IReadOnlyList<(string Function, string Route)> Functions { get; } =
    [
        ("mcp", "mcp/{*rest}"),
        ("tenant-mcp", "t/{tenant}/mcp/{*rest}"),
        ("manage", "manage/{*rest}"),
        ("health", "healthz"),
        ("ready", "readyz"),
    ];

    /// <summary>Maps every path; a known path with another method answers 405, an unknown path 404, both in our own words.</summary>
    public static void Map(IEndpointRouteBuilder endpoints, GatewayApp gateway)
    {
        foreach (var path in All.GroupBy(r => r.Path))
        {
            var routes = path.ToArray();
            var allow = string.Join(", ", routes.Select(r => r.Method));
            endpoints.Map(path.Key, http => AnswerAsync(gateway, http, routes, allow));
        }

        endpoints.MapFallback(http => RefusalReply.WriteAsync(http, new(RefusalKind.NotFound, "There is nothing at this URL.")));
    }

    private static Task AnswerAsync(GatewayApp gateway, HttpContext http, Route[] routes, string allow)
    {
        foreach (var route in routes)
        {
            if (route.Method == http.Request.Method)
            {
                return route.Handle(gateway, http);
            }
        }

        if (Cors.IsPreflight(http.Request))
        {
            Cors.AnswerPreflight(http, allow);
            return Task.CompletedTask;
        }

        return Array.Find(routes, r => r.Answers(http.Request.Method)) is { } other
            ? other.Handle(gateway, http)
            : RefusalReply.WriteAsync(http, new(RefusalKind.MethodNotAllowed, $"Use {allow} on this URL.") { Allow = allow });
    }
}

/// <summary>One URL: who may use it and what answers.</summary>
/// <param name="Method">The HTTP method; GET answers HEAD too.</param>
/// <param name="Path">ASP.NET Core route pattern.</param>
/// <param name="Function">The function that serves it in the Functions app; null when none does.</param>
/// <param name="Access">What a caller needs.</param>
/// <param name="About">For the README's table.</param>
/// <param name="Handle">The door.</param>
internal sealed record Route(string Method, string Path, string? Function, Access Access, string About, Func<GatewayApp, HttpContext, Task> Handle)
{
    /// <summary>True when the door itself answers other methods, in its protocol's words.</summary>
    public bool AnswersEveryMethod { get; init; }

    public bool Answers(string method) => AnswersEveryMethod || method == Method || (HttpMethods.IsHead(method) && Method == HttpMethods.Get);
}

/// <summary>What a URL asks of its caller.</summary>
internal enum Access
{
    /// <summary>Nothing.</summary>
    Open,

    /// <summary>A consumer's key.</summary>
    Key,

    /// <summary>An administrator's key, or a consumer's with a management role.</summary>
    Admin,
}
