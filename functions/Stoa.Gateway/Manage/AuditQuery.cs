using System.Globalization;
using Microsoft.AspNetCore.Http;
using Stoa.Gateway.Audit.Trail;
using Stoa.Gateway.Kernel;
using Stoa.Ledger.Records;

namespace Stoa.Gateway.Manage;

/// <summary>What a request of the audit asks for, in its URL.</summary>
internal sealed record AuditQuery(AuditFilter Filter, int Limit, string? Continue, bool IsCsv)
{
    private const int StandardLimit = 100;
    private const int MaxLimit = 1000;

    private static readonly TimeSpan StandardTime = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(31);

    /// <summary>Null, with why, when the URL cannot be understood.</summary>
    /// <param name="uid">The tenant that alone may be seen; null for all.</param>
    public static AuditQuery? Read(HttpRequest request, string? uid, DateTimeOffset now, out Refusal? refusal)
    {
        var query = request.Query;
        var (to, from) = (Time(query["to"], now), (DateTimeOffset?)null);
        from = to is { } end ? Time(query["from"], end - StandardTime) : null;
        string? limit = query["limit"];
        var take = limit is null ? StandardLimit : int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var asked) && asked is >= 1 and <= MaxLimit ? asked : 0;
        string? type = query["type"];
        string? format = query["format"];
        var fault = to is null || from is null ? "from and to are times such as 2026-03-01T13:30:00Z, or dates, which are midnight UTC."
            : from >= to || to - from > LongestTime ? $"from must be before to, by at most {LongestTime.TotalDays:0} days."
            : take == 0 ? $"limit must be 1 to {MaxLimit}."
            : type is not null && !RecordTypes.TryParse(System.Text.Encoding.UTF8.GetBytes(type), out _) ? "type must be open, close, intent, outcome, event or note."
            : format is not (null or "csv" or "jsonl") ? "format must be csv or jsonl."
            : null;
        refusal = fault is null ? null : new(RefusalKind.MalformedRequest, fault);
        if (fault is not null)
        {
            return null;
        }

        var filter = AuditFilter.Of(uid, query["namespace"], from!.Value, to!.Value)
            .With("consumer", query["consumer"]).With("type", type).With("outcome", query["outcome"]).With("target", query["target"]).With("trace", query["trace"]).With("door", query["door"]);
        return new(filter, take, query["continue"], format is "csv");
    }

    private static DateTimeOffset? Time(string? text, DateTimeOffset standard) => text is null ? standard
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) && time.Year is > 2000 and < 9999 ? time
        : null;
}
