using Microsoft.AspNetCore.Http;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Resources;

namespace Stoa.Gateway.Manage;

/// <summary>The JSON Schemas of all kinds, for editors: <c>stoa</c> for all of them in one, or one kind by name.</summary>
internal sealed class SchemasDoor(ManageAccess access, KindRegistry kinds)
{
    private readonly Dictionary<string, string> _schemas = EditorSchemas.All(kinds).ToDictionary(s => s.File, s => s.Content);

    public async Task GetAsync(HttpContext http)
    {
        if (await access.EnterAsync(http, toChange: false) is null)
        {
            return;
        }

        var kind = (string?)http.Request.RouteValues["kind"] ?? "stoa";
        if (!_schemas.TryGetValue($"{kind}.schema.json", out var schema))
        {
            await RefusalReply.WriteAsync(http, new(RefusalKind.NotFound, $"There is no kind '{ManageAccess.Shown(kind)}'. Known kinds: {string.Join(", ", kinds.All.Select(k => k.Kind.ToLowerInvariant()))}."));
            return;
        }

        http.Response.ContentType = "application/schema+json";
        await http.Response.WriteAsync(schema, http.RequestAborted);
    }
}
