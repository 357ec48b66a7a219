using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Health;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.LlmProxy;
using Stoa.Gateway.Models;

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

        new("POST", "/v1/chat/completions", "llm", Access.Key, "OpenAI chat completions, of any configured model", static (g, http) => g.ModelCalls.CallAsync(http, Wire.Chat)),
        new("POST", "/v1/responses", "llm", Access.Key, "OpenAI responses", static (g, http) => g.ModelCalls.CallAsync(http, Wire.Responses)),
        new("POST", "/v1/embeddings", "llm", Access.Key, "OpenAI embeddings", static (g, http) => g.ModelCalls.CallAsync(http, Wire.Embeddings)),
        new("POST", "/v1/messages", "llm", Access.Key, "Anthropic messages", static (g, http) => g.ModelCalls.CallAsync(http, Wire.Messages)),
        new("POST", "/v1/messages/count_tokens", "llm", Access.Key, "How many tokens a message has; an estimate, and marked as one, where the provider cannot say", static (g, http) => g.ModelCalls.CountAsync(http)),
        new("GET", "/v1/models", "llm", Access.Key, "The caller's models, in OpenAI's shape or, for its SDKs, in Anthropic's", static (g, http) => g.ModelList.ListAsync(http)),
        new("GET", "/v1/models/{*model}", "llm", Access.Key, "One of them", static (g, http) => g.ModelList.GetAsync(http)),
        new("POST", "/openai/deployments/{deployment}/chat/completions", "openai", Access.Key, "Azure's chat completions; the deployment is the model", static (g, http) => g.ModelCalls.CallAsync(http, Wire.Chat)),
        new("POST", "/openai/deployments/{deployment}/embeddings", "openai", Access.Key, "Azure's embeddings", static (g, http) => g.ModelCalls.CallAsync(http, Wire.Embeddings)),
        new("POST", "/openai/responses", "openai", Access.Key, "Azure's responses", static (g, http) => g.ModelCalls.CallAsync(http, Wire.Responses)),
        new("POST", "/openai/v1/chat/completions", "openai", Access.Key, "Azure's newer URLs: chat completions", static (g, http) => g.ModelCalls.CallAsync(http, Wire.Chat)),
        new("POST", "/openai/v1/responses", "openai", Access.Key, "Responses", static (g, http) => g.ModelCalls.CallAsync(http, Wire.Responses)),
        new("POST", "/openai/v1/embeddings", "openai", Access.Key, "Embeddings", static (g, http) => g.ModelCalls.CallAsync(http, Wire.Embeddings)),
        new("GET", "/openai/v1/models", "openai", Access.Key, "The caller's models", static (g, http) => g.ModelList.ListAsync(http)),
        new("GET", "/openai/v1/models/{*model}", "openai", Access.Key, "One of them", static (g, http) => g.ModelList.GetAsync(http)),

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
        new("GET", "/manage/v1/usage", "manage", Access.Admin, "How a tenant's quotas stand; `?namespace=`, `consumer`. With `by` (model, tool, day, consumer, provider) what was used; `from` and `to`, or `window` (day, 7d, month); `format=csv`", static (g, http) => g.Usage.GetAsync(http)),
        new("POST", "/manage/v1/usage/reset", "manage", Access.Admin, "Forgets what was used; `?namespace=`, `consumer`", static (g, http) => g.Usage.ResetAsync(http)),
        new("GET", "/manage/v1/llm/status", "manage", Access.Admin, "Routes of language models and whether their targets answer; `?namespace=`", static (g, http) => g.Llm.StatusAsync(http)),
        new("GET", "/manage/v1/llm/providers", "manage", Access.Admin, "Providers of language models: configuration, health, latency, prices", static (g, http) => g.Llm.ProvidersAsync(http)),
        new("GET", "/manage/v1/llm/costs", "manage", Access.Admin, "What language models cost, by model and provider; `from` and `to`, or `window` (day, 7d, month)", static (g, http) => g.Llm.CostsAsync(http)),
        new("GET", "/manage/v1/llm/breakers", "manage", Access.Admin, "Circuit breakers of language models at this instance", static (g, http) => g.Llm.BreakersAsync(http)),
        new("POST", "/manage/v1/llm/providers/{name}/probe", "manage", Access.Admin, "Asks a provider for its models, which uses no tokens", static (g, http) => g.Llm.ProbeAsync(http)),
        new("POST", "/manage/v1/subscriptions/{name}/approve", "manage", Access.Admin, "Lets a pending subscription begin; `{\"reason\"?}`, `?namespace=`", static (g, http) => g.Subscriptions.ApproveAsync(http)),
        new("POST", "/manage/v1/subscriptions/{name}/suspend", "manage", Access.Admin, "Stops the calls of its consumer; `{\"reason\"?}`, `?namespace=`", static (g, http) => g.Subscriptions.SuspendAsync(http)),
        new("POST", "/manage/v1/subscriptions/{name}/resume", "manage", Access.Admin, "Lets them in again; `{\"reason\"?}`, `?namespace=`", static (g, http) => g.Subscriptions.ResumeAsync(http)),
        new("POST", "/manage/v1/subscriptions/{name}/revoke", "manage", Access.Admin, "Ends a subscription, or rejects a pending one, for good; `{\"reason\"?}`, `?namespace=`", static (g, http) => g.Subscriptions.RevokeAsync(http)),
        new("DELETE", "/manage/v1/audit/subjects/{consumer}", "manage", Access.Admin, "Forgets a consumer: destroys the key under which hashes of what it sent and got stand in the audit ledger; `?namespace=`", static (g, http) => g.AuditSubjects.EraseAsync(http)),
        new("GET", "/manage/v1/audit", "manage", Access.Admin, "Records of the audit ledger; `?from=`, `to`, `namespace`, `consumer`, `type`, `outcome`, `target`, `trace`, `limit`, `continue`", static (g, http) => g.Audit.QueryAsync(http)),
        new("GET", "/manage/v1/audit/export", "manage", Access.Admin, "The same, all of them: `format=jsonl` or `csv`", static (g, http) => g.Audit.ExportAsync(http)),
        new("GET", "/manage/v1/audit/{id}/content", "manage", Access.Admin, "What a record keeps of its call, where the tenant asked for that (`audit.capture`); tenant administrators only, and on record itself", static (g, http) => g.AuditContent.GetAsync(http)),
        new("GET", "/manage/v1/audit/{id}/proof", "manage", Access.Admin, "Proves a record under the last signed checkpoint", static (g, http) => g.Audit.ProofAsync(http)),
        new("GET", "/manage/v1/audit/key", "manage", Access.Admin, "The public key of the checkpoints, in PEM", static (g, http) => g.Audit.KeyAsync(http)),
        new("GET", "/manage/v1/audit/status", "manage", Access.Admin, "How the ledger stands: last checkpoint, what is not sealed, not streamed, not closed", static (g, http) => g.Audit.StatusAsync(http)),
        new("GET", "/manage/v1/audit/files", "manage", Access.Admin, "The ledger's files, `?folder=`, `continue`; for `stoa audit fetch`", static (g, http) => g.AuditFiles.ListAsync(http)),
        new("GET", "/manage/v1/audit/files/{*name}", "manage", Access.Admin, "One of them, 4 MiB from `?from=` on", static (g, http) => g.AuditFiles.GetAsync(http)),
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
        ("llm", "v1/{*rest}"),
        ("openai", "openai/{*rest}"),
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

        endpoints.MapFallback(http => RefuseAsync(gateway, http, new(RefusalKind.NotFound, "There is nothing at this URL.")));
    }

    /// <summary>Tells a refusal that no door has told, in the words that callers of the URL understand.</summary>
    public static Task RefuseAsync(HttpContext http, Refusal refusal) => ErrorShapes.Of(http.Request) is { } shape
        ? ErrorReply.WriteAsync(http, shape, LlmUrls.Explain(http.Request, refusal))
        : RefusalReply.WriteAsync(http, refusal);

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
            : RefuseAsync(gateway, http, new(RefusalKind.MethodNotAllowed, $"Use {allow} on this URL.") { Allow = allow });
    }

    // Nobody is asked who they are, so it is counted.
    private static async Task RefuseAsync(GatewayApp gateway, HttpContext http, Refusal refusal) =>
        await RefuseAsync(http, await gateway.Entrance.RefuseAsync(http, caller: null, refusal));
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
