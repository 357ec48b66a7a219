using System.Text.Json;
using System.Text.Json.Serialization;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Quotas.Ledger;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Secrets;
using Stoa.Gateway.Tenants;

namespace Stoa.Gateway.Quotas;

/// <summary>The spec of a <c>QuotaPolicy</c> and of a plan's <c>quota</c>; <see cref="QuotaPolicyKind"/> says what each field means.</summary>
internal sealed record QuotaPolicySpec
{
    private const decimal MicroUsdPerUsd = 1_000_000;

    public RequestLimits? Requests { get; init; }

    public TokenLimits? Tokens { get; init; }

    public MoneyLimits? Budget { get; init; }

    public int? MaxConcurrentRequests { get; init; }

    public int? MaxConcurrentStreams { get; init; }

    [JsonConverter(typeof(DurationJsonConverter))]
    public TimeSpan? MaxRequestDuration { get; init; }

    public QuotaWeights? Weights { get; init; }

    /// <summary>Percent.</summary>
    public int? WarnAt { get; init; }

    public WarnWebhookSpec? WarnWebhook { get; init; }

    public BorrowSpec? Borrow { get; init; }

    public OutageSpec? WhenStorageIsDown { get; init; }

    public static QuotaPolicySpec Of(Resource policy) => JsonSerializer.Deserialize(policy.Spec.Span, QuotaJson.Default.QuotaPolicySpec)!;

    /// <summary>Number by number this one's and, where it has none, the other's.</summary>
    public QuotaPolicySpec Over(QuotaPolicySpec other) => new()
    {
        Requests = Requests is null || other.Requests is null ? Requests ?? other.Requests : Requests.Over(other.Requests),
        Tokens = Tokens is null || other.Tokens is null ? Tokens ?? other.Tokens : Tokens.Over(other.Tokens),
        Budget = Budget is null || other.Budget is null ? Budget ?? other.Budget : Budget.Over(other.Budget),
        MaxConcurrentRequests = MaxConcurrentRequests ?? other.MaxConcurrentRequests,
        MaxConcurrentStreams = MaxConcurrentStreams ?? other.MaxConcurrentStreams,
        MaxRequestDuration = MaxRequestDuration ?? other.MaxRequestDuration,
        Weights = Weights is null || other.Weights is null ? Weights ?? other.Weights : Weights.Over(other.Weights),
        WarnAt = WarnAt ?? other.WarnAt,
        WarnWebhook = WarnWebhook ?? other.WarnWebhook,
        Borrow = Borrow ?? other.Borrow,
        WhenStorageIsDown = WhenStorageIsDown ?? other.WhenStorageIsDown,
    };

    public Limits ToLimits(QuotaAlarm? alarm)
    {
        var windows = new List<Limit>();
        Add(Dimension.Requests, Window.Second, Requests?.PerSecond);
        Add(Dimension.Requests, Window.Minute, Requests?.PerMinute);
        Add(Dimension.Requests, Window.Hour, Requests?.PerHour);
        Add(Dimension.Requests, Window.Day, Requests?.PerDay);
        Add(Dimension.Requests, Window.Month, Requests?.PerMonth);
        Add(Dimension.Tokens, Window.Minute, Tokens?.PerMinute);
        Add(Dimension.Tokens, Window.Hour, Tokens?.PerHour);
        Add(Dimension.Tokens, Window.Day, Tokens?.PerDay);
        Add(Dimension.Tokens, Window.Month, Tokens?.PerMonth);
        Add(Dimension.MicroUsd, Window.Day, MicroUsd(Budget?.UsdPerDay));
        Add(Dimension.MicroUsd, Window.Month, MicroUsd(Budget?.UsdPerMonth));
        return new(windows, MaxConcurrentRequests, MaxConcurrentStreams)
        {
            Borrow = Borrow is null ? null : new(Borrow.Percent, Borrow.Payback),
            Alarm = alarm,
        };

        void Add(Dimension dimension, Window window, long? amount)
        {
            if (amount is { } most)
            {
                windows.Add(new(dimension, window, most));
            }
        }
    }

    private static long? MicroUsd(decimal? usd) => usd is { } amount ? (long)decimal.Floor(amount * MicroUsdPerUsd) : null;
}

internal sealed record RequestLimits(long? PerSecond, long? PerMinute, long? PerHour, long? PerDay, long? PerMonth)
{
    public RequestLimits Over(RequestLimits other) => new(
        PerSecond ?? other.PerSecond, PerMinute ?? other.PerMinute, PerHour ?? other.PerHour, PerDay ?? other.PerDay, PerMonth ?? other.PerMonth);
}

internal sealed record TokenLimits(long? PerMinute, long? PerHour, long? PerDay, long? PerMonth, long? MaxPerRequest)
{
    public TokenLimits Over(TokenLimits other) => new(
        PerMinute ?? other.PerMinute, PerHour ?? other.PerHour, PerDay ?? other.PerDay, PerMonth ?? other.PerMonth, MaxPerRequest ?? other.MaxPerRequest);
}

/// <summary>US dollars.</summary>
internal sealed record MoneyLimits(decimal? UsdPerDay, decimal? UsdPerMonth)
{
    public MoneyLimits Over(MoneyLimits other) => new(UsdPerDay ?? other.UsdPerDay, UsdPerMonth ?? other.UsdPerMonth);
}

/// <param name="SecretRef">Signs what is sent; null: not signed.</param>
internal sealed record WarnWebhookSpec(Uri Url, SecretRef? SecretRef);

internal sealed record BorrowSpec(int Percent, [property: JsonConverter(typeof(DurationJsonConverter))] TimeSpan Payback);

/// <param name="RequestsPerMinute">Per instance; null when the action is to refuse.</param>
internal sealed record OutageSpec(OutageAction Action, int? RequestsPerMinute);

/// <summary>What to do with calls while the books cannot be read.</summary>
internal enum OutageAction
{
    Closed,
    OpenWithLocalCap,
}

/// <summary>Reads and writes the canonical specs of this slice.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(KebabCase<OutageAction>), typeof(KebabCase<SubscriptionState>)])]
[JsonSerializable(typeof(QuotaPolicySpec))]
[JsonSerializable(typeof(PlanSpec))]
[JsonSerializable(typeof(SubscriptionSpec))]
internal sealed partial class QuotaJson : JsonSerializerContext;
