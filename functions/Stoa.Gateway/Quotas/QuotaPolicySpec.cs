using System.Text.Json;
using System.Text.Json.Serialization;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Quotas.Ledger;

namespace Stoa.Gateway.Quotas;

/// <summary>The spec of a <c>QuotaPolicy</c>; <see cref="QuotaPolicyKind"/> says what each field means.</summary>
internal sealed record QuotaPolicySpec(RequestLimits? Requests, TokenLimits? Tokens, int? MaxConcurrentRequests)
{
    public static Limits LimitsOf(Resource policy) => JsonSerializer.Deserialize(policy.Spec.Span, QuotaJson.Default.QuotaPolicySpec)!.ToLimits();

    public Limits ToLimits()
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
        return new(windows, MaxConcurrentRequests);

        void Add(Dimension dimension, Window window, long? amount)
        {
            if (amount is { } most)
            {
                windows.Add(new(dimension, window, most));
            }
        }
    }
}

internal sealed record RequestLimits(long? PerSecond, long? PerMinute, long? PerHour, long? PerDay, long? PerMonth);

internal sealed record TokenLimits(long? PerMinute, long? PerHour, long? PerDay, long? PerMonth);

/// <summary>Reads the canonical spec of this slice.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(QuotaPolicySpec))]
internal sealed partial class QuotaJson : JsonSerializerContext;
