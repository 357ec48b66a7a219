using System.Text.Json;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Secrets;
using Stoa.Gateway.Tools;

namespace Stoa.Gateway.Manage;

/// <summary>Which tools cannot work without which key of which Secret.</summary>
internal static class SecretUses
{
    public static IEnumerable<(string Tool, SecretRef Secret)> In(IEnumerable<Resource> resources) =>
        from resource in resources
        where resource.Kind == ToolKind.Schema.Kind
        from secret in JsonSerializer.Deserialize(resource.Spec.Span, ToolJson.Default.ToolSpec)!.Auth.Secrets
        select (resource.Name, secret);
}
