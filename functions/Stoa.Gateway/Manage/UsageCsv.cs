using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Stoa.Gateway.Manage;

/// <summary>A breakdown of usage as CSV (RFC 4180), a line per row and none for the total, which a spreadsheet makes itself.</summary>
internal static class UsageCsv
{
    public static Task WriteAsync(HttpContext http, UsageBreakdown usage)
    {
        http.Response.ContentType = "text/csv; charset=utf-8; header=present";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"usage-{usage.Namespace}-by-{usage.By}-{usage.From}-{usage.To}.csv\"";
        return http.Response.WriteAsync(TextOf(usage), http.RequestAborted);
    }

    public static string TextOf(UsageBreakdown usage)
    {
        var text = new StringBuilder(usage.By).Append(",calls,errors,input_tokens,cached_tokens,output_tokens,reasoning_tokens,cost_usd,unpriced_calls,duration_seconds\r\n");
        foreach (var row in usage.Rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Quoted(row.Name!)},{row.Calls},{row.Errors},{row.InputTokens},{row.CachedTokens},{row.OutputTokens},{row.ReasoningTokens},{row.CostUsd},{row.UnpricedCalls},{row.DurationSeconds}\r\n");
        }

        return text.ToString();
    }

    // Callers choose names of models where a route takes any: none may be a formula to the spreadsheet that opens the file.
    public static string Quoted(string name)
    {
        var safe = name.Length > 0 && name[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + name : name;
        return safe.AsSpan().ContainsAny(",\"\r\n") ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }
}
