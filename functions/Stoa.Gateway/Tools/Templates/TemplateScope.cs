using System.Text.Json;

namespace Stoa.Gateway.Tools.Templates;

/// <summary>What a template can read. A default element stands for nothing: every path into it is missing.</summary>
/// <param name="Input">The call's arguments.</param>
/// <param name="Response">The upstream's answer; default while there is none.</param>
/// <param name="Context">Who calls what.</param>
internal readonly record struct TemplateScope(JsonElement Input, JsonElement Response, TemplateContext Context);

/// <summary>The members of <c>.context</c>; nothing secret may ever stand here, since a template may send it anywhere.</summary>
internal sealed record TemplateContext(string Tenant, string Consumer, string Tool, string RequestId);
