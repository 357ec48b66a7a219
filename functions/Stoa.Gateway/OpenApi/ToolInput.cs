using System.Text.Json.Nodes;

namespace Stoa.Gateway.OpenApi;

/// <summary>What a tool takes, and how each argument travels.</summary>
/// <param name="Schema">JSON Schema 2020-12 of one object; it stands by itself.</param>
/// <param name="Parameters">A Tool's <c>parameters</c>: arguments that do not travel by default; null when all do.</param>
/// <param name="Path">The operation's path, its parameters named as the arguments are.</param>
internal sealed record ToolInput(JsonObject Schema, JsonObject? Parameters, string Path);
