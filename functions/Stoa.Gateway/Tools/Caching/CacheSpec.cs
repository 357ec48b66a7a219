using System.Text.Json.Serialization;
using Stoa.Gateway.Resources;

namespace Stoa.Gateway.Tools.Caching;

/// <summary>How long, and to whom, an answer of a tool that only reads is given again.</summary>
internal sealed record CacheSpec([property: JsonConverter(typeof(DurationJsonConverter))] TimeSpan Ttl, CacheScope CacheScope);

/// <summary>MCP 2026-07-28's words: never beyond the tenant in either case.</summary>
internal enum CacheScope
{
    /// <summary>The caller that asked, and nobody else.</summary>
    Private,

    /// <summary>Every caller of the tenant that may use the tool.</summary>
    Public,
}
