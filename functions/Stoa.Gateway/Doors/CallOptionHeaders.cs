using Microsoft.AspNetCore.Http;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Tools;
using Stoa.Gateway.Tools.Answers;

namespace Stoa.Gateway.Doors;

/// <summary>
/// What callers ask of a tool call by header, and what is said back: <c>Cache-Control: no-cache</c> (ask the endpoint) or <c>no-store</c>
/// (and do not keep its answer; RFC 9111 §5.2.1), <c>X-Token-Optimization: none | moderate | aggressive</c>; answered by
/// <c>x-stoa-cache: hit | miss | bypass</c>.
/// </summary>
internal static class CallOptionHeaders
{
    public const string Reduction = "X-Token-Optimization";
    public const string CacheUsed = "x-stoa-cache";

    /// <summary>Why the options cannot be understood, or null.</summary>
    public static Refusal? Read(IHeaderDictionary headers, out CallOptions options)
    {
        options = CallOptions.None;
        string? control = headers.CacheControl;
        string? reduction = headers[Reduction];
        if (control is null && reduction is null)
        {
            return null;
        }

        ReductionLevel? level = null;
        if (reduction is not null && (level = LevelOf(reduction)) is null)
        {
            return new(RefusalKind.MalformedRequest, $"{Reduction} must be none, moderate or aggressive, not '{JsonText.Shorten(reduction, 40)}'.");
        }

        var noStore = Has(control, "no-store");
        options = new(level, noStore || Has(control, "no-cache"), noStore);
        return null;
    }

    public static void Tell(HttpResponse response, CacheUse use)
    {
        if (CacheUseNames.NameOf(use) is { } name)
        {
            response.Headers[CacheUsed] = name;
        }
    }

    private static ReductionLevel? LevelOf(string text) => text.ToLowerInvariant() switch
    {
        "none" => ReductionLevel.None,
        "moderate" => ReductionLevel.Moderate,
        "aggressive" => ReductionLevel.Aggressive,
        _ => null,
    };

    private static bool Has(string? control, string directive)
    {
        foreach (var part in control.AsSpan().Split(','))
        {
            if (control.AsSpan(part).Trim().Equals(directive, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
