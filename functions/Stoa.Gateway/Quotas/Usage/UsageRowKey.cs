using System.Globalization;

namespace Stoa.Gateway.Quotas.Usage;

/// <summary>
/// Keys in a tenant's partition: <c>20260131!{owner}!0003</c> written by an instance, <c>20260131!sum!0000</c> folded by the sweep, and
/// <c>~folds</c>, which every fold counts up.
/// </summary>
internal static class UsageRowKey
{
    public const string Folds = "~folds";

    private const string Days = "yyyyMMdd";
    private const string Folded = "!sum!";

    public static string OfOwner(DateOnly day, string owner, int number) => string.Create(CultureInfo.InvariantCulture, $"{From(day)}!{owner}!{number:d4}");

    public static string OfSum(DateOnly day, int number) => string.Create(CultureInfo.InvariantCulture, $"{From(day)}{Folded}{number:d4}");

    /// <summary>Before all keys of the day and after those of the day before.</summary>
    public static string From(DateOnly day) => day.ToString(Days, CultureInfo.InvariantCulture);

    /// <summary>Null for a row that belongs to no day.</summary>
    public static DateOnly? DayOf(string key) =>
        key.Length > 8 && DateOnly.TryParseExact(key.AsSpan(0, 8), Days, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    public static bool IsSum(string key) => key.AsSpan(8).StartsWith(Folded, StringComparison.Ordinal);
}
