using System.Reflection;
using System.Text.Json.Serialization;

namespace Stoa.Gateway.Mcp;

/// <summary>How the gateway introduces itself (MCP <c>Implementation</c>).</summary>
internal sealed record GatewayInfo(string Name, string Title, string Version)
{
    public static GatewayInfo Current { get; } = new(
        "stoa-serverless", "Stoa Serverless", typeof(GatewayInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(GatewayInfo))]
internal sealed partial class McpJson : JsonSerializerContext;
