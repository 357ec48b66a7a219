using System.Globalization;
using Microsoft.AspNetCore.Http;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Quotas.Usage;

namespace Stoa.Gateway.Manage;

/// <summary>What a breakdown of usage is asked for: <c>?by=</c>, <c>from</c> and <c>to</c> or <c>window</c>, <c>format</c>. Days are UTC, both included.</summary>
internal sealed record UsageQuery(string By, DateOnly From, DateOnly To, bool IsCsv)
{
    private const string Date = "yyyy-MM-dd";
    private const string Dimensions = "model, tool, day, consumer or provider";

    private static readonly string[] Names = ["by", "from", "to", "window", "format"];

    /// <summary>Whether a breakdown is meant, rather than how the limits stand.</summary>
    public static bool IsAskedFor(HttpRequest request) => Array.Exists(Names, request.Query.ContainsKey) || WantsCsv(request);

    /// <summary>The query, or what is wrong with it.</summary>
    public static UsageQuery? Read(HttpRequest request, DateTimeOffset now, out Refusal? refusal, string? defaultBy = null)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        string? by = (string?)request.Query["by"] ?? defaultBy;
        string? format = request.Query["format"];
        var fault = by switch
        {
            "model" or "tool" or "day" or "consumer" or "provider" => null,
            null => $"Say by what usage is summed: add &by=, one of {Dimensions}.",
            _ => $"'{ManageAccess.Shown(by)}' is nothing to sum usage by. `by` is one of {Dimensions}.",
        };
        fault ??= format is null or "json" or "csv" ? null : $"There is no format '{ManageAccess.Shown(format)}'. `format` is json or csv.";
        var (from, to) = (today, today);
        fault ??= Span(request, today, out from, out to);
        refusal = fault is null ? null : new(RefusalKind.MalformedRequest, fault);
        return fault is null ? new(by!, from, to, format is "csv" || (format is null && WantsCsv(request))) : null;
    }

    /// <summary>By what one sum is grouped; null for what is not asked for.</summary>
    public string? GroupOf(DateOnly day, UsageKey key) => (By, key.Kind) switch
    {
        ("tool", UsageKind.Tool) or ("model", UsageKind.Model) => key.Name,
        ("provider", UsageKind.Model) => key.Provider.Length == 0 ? "(none)" : key.Provider,
        ("day", _) => Text(day),
        ("consumer", _) => key.Consumer,
        _ => null,
    };

    public static string Text(DateOnly day) => day.ToString(Date, CultureInfo.InvariantCulture);

    private static bool WantsCsv(HttpRequest request) => request.Headers.Accept.ToString().Contains("text/csv", StringComparison.OrdinalIgnoreCase);

    private static string? Span(HttpRequest request, DateOnly today, out DateOnly from, out DateOnly to)
    {
        string? window = request.Query["window"];
        string? first = request.Query["from"];
        string? last = request.Query["to"];
        to = today;
        from = window switch
        {
            "day" => today,
            "7d" => today.AddDays(-6),
            _ => new(today.Year, today.Month, 1),
        };
        if (window is not (null or "day" or "7d" or "month"))
        {
            return $"There is no window '{ManageAccess.Shown(window)}'. `window` is day, 7d or month; for another span give `from` and `to`.";
        }

        if (first is null && last is null)
        {
            return null;
        }

        if (window is not null)
        {
            return "Give `window`, or `from` and `to`; not both.";
        }

        if (first is null)
        {
            return "Give `from` as well: `to` alone is no span. Both are days such as 2026-01-31, UTC.";
        }

        if (!TryRead(first, out from) || (last is not null && !TryRead(last, out to)))
        {
            return "`from`, and `to` unless it is today, are days such as 2026-01-31, UTC.";
        }

        return from > to ? last is null ? "`from` is after `to`, which is today when left out." : "`from` is after `to`."
            : to.DayNumber - from.DayNumber >= UsageSweep.DaysKept ? $"`from` and `to` span at most {UsageSweep.DaysKept} days, which is how long usage is kept."
            : null;
    }

    private static bool TryRead(string? text, out DateOnly day) => DateOnly.TryParseExact(text, Date, CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
}
