using System.Globalization;

namespace Stoa.Cli.Output;

/// <summary>How long ago something was, as short as people say it.</summary>
internal static class Age
{
    /// <summary>For example 42s, 7m, 3h or 12d.</summary>
    public static string Of(TimeSpan age) => age switch
    {
        { TotalSeconds: < 0 } => "0s",
        { TotalMinutes: < 2 } => Text(age.TotalSeconds, 's'),
        { TotalHours: < 2 } => Text(age.TotalMinutes, 'm'),
        { TotalDays: < 2 } => Text(age.TotalHours, 'h'),
        _ => Text(age.TotalDays, 'd'),
    };

    /// <summary>Of a time in the API's form; empty when there is none.</summary>
    public static string Since(string? time, DateTimeOffset now) =>
        DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var then) ? Of(now - then) : "";

    /// <summary>A time in the API's form, to the second, in UTC; the text itself when it is no time.</summary>
    public static string Moment(string? time) =>
        time is [_, _, _, _, '-', _, _, '-', _, _, 'T', ..] && DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            : time ?? "";

    private static string Text(double count, char unit) => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(count)}{unit}");
}
