using System.Net;

namespace Stoa.Gateway.Kernel;

/// <summary>
/// What the head of a request says before its body is read: credentials, sender, and the tenant that the URL names, if any. The entry
/// stages of the corridor turn it into a <see cref="Caller"/>.
/// </summary>
public sealed class Entry
{
    /// <summary>The <c>Authorization</c> header, whole.</summary>
    public string? Authorization { get; init; }

    /// <summary>The <c>x-api-key</c> header, as Anthropic SDKs send it.</summary>
    public string? XApiKey { get; init; }

    /// <summary>The <c>api-key</c> header, as Azure OpenAI SDKs send it.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Null when no trusted hop says who sent the request.</summary>
    public IPAddress? RemoteAddress { get; init; }

    /// <summary>The slug in <c>/t/{tenant}/...</c>, unparsed; null on URLs that take the tenant from the credential.</summary>
    public string? UrlTenant { get; init; }

    /// <summary>Method and route, for the record of a refusal.</summary>
    public string? Door { get; init; }

    public string? TraceId { get; init; }

    /// <summary>The <c>User-Agent</c> header.</summary>
    public string? Agent { get; init; }

    /// <summary>Set by the identify stage.</summary>
    public Caller? Caller { get; set; }
}

/// <summary>One step before the body is read: null to go on, a refusal to end it.</summary>
public delegate ValueTask<Refusal?> EntryStage(Entry entry, CancellationToken ct);
