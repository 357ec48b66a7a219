using System.Globalization;
using Microsoft.AspNetCore.Http;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Models;

namespace Stoa.Gateway.LlmProxy;

/// <summary>
/// What a door tells of a call in headers: who served it (<c>x-stoa-llm-provider</c>, <c>x-stoa-llm-model</c>), how often was asked
/// (<c>x-stoa-attempts</c>), what translation left out (<c>x-stoa-translation-loss</c>), what it cost (<c>x-stoa-cost-usd</c>, six decimals;
/// not for streams, whose head goes out before that is known), that a count of tokens is an estimate (<c>x-stoa-estimate</c>), and the request's id under the names that SDKs look for.
/// </summary>
internal static class CallHeaders
{
    private const int MostLosses = 40;

    public static void Tell(HttpContext http, ErrorShape shape, ModelCall call)
    {
        var headers = http.Response.Headers;
        TellIds(http);
        AllowanceHeaders.Tell(http.Response, call.Allowances);
        ModelAllowances.Tell(http.Response, shape, call.Allowances);
        if (call.Served is { } served)
        {
            headers["x-stoa-llm-provider"] = Visible(served.Provider.Name);
            headers["x-stoa-llm-model"] = Visible(served.Model);
            headers["x-stoa-attempts"] = call.Attempts.ToString(CultureInfo.InvariantCulture);
        }

        if (call.Losses.Count > 0)
        {
            headers["x-stoa-translation-loss"] = string.Join(", ", call.Losses.Take(MostLosses).Select(Visible));
        }

        if (call.IsEstimate)
        {
            headers["x-stoa-estimate"] = "true";
        }

        if (call.Spent?.MicroUsd is { } cost)
        {
            headers["x-stoa-cost-usd"] = (cost / 1_000_000m).ToString("0.000000", CultureInfo.InvariantCulture);
        }
    }

    /// <summary>The trace id, as <c>x-request-id</c> (OpenAI) and <c>request-id</c> (Anthropic): SDKs put it into their errors.</summary>
    public static void TellIds(HttpContext http)
    {
        var id = Entrance.TraceIdOf(http);
        http.Response.Headers["x-request-id"] = id;
        http.Response.Headers["request-id"] = id;
    }

    // Names of models and fields may be any text, a header's value may not (RFC 9110 §5.5).
    private static string Visible(string text) => string.Create(Math.Min(text.Length, 120), text, static (span, from) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = from[i] is > ' ' and <= '~' and not ',' ? from[i] : '?';
        }
    });
}
