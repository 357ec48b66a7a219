using System.Text.Json;

namespace Stoa.Gateway.Quotas;

/// <summary>The spec of a <c>Subscription</c> as it is stored, with its state; <see cref="SubscriptionKind"/> says what each field means.</summary>
/// <param name="State">As it was last set. What time alone makes of it nobody writes: <see cref="StateAt"/>.</param>
/// <param name="TrialEndsAt">Null when it is no trial.</param>
internal sealed record SubscriptionSpec(
    string Consumer, string Plan, SubscriptionState? State, string? Reason, DateTimeOffset? ExpiresAt, DateTimeOffset? TrialEndsAt)
{
    public static SubscriptionSpec Of(ReadOnlyMemory<byte> spec) => JsonSerializer.Deserialize(spec.Span, QuotaJson.Default.SubscriptionSpec)!;

    public ReadOnlyMemory<byte> ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, QuotaJson.Default.SubscriptionSpec);

    /// <summary>The state that counts: one that has run out is expired, whatever is written.</summary>
    public SubscriptionState StateAt(DateTimeOffset now) =>
        ExpiresAt <= now && !SubscriptionStates.IsFinal(State!.Value) ? SubscriptionState.Expired : State!.Value;
}

/// <summary>How a subscription stands.</summary>
internal enum SubscriptionState
{
    /// <summary>Waits for approval.</summary>
    Pending,
    Active,
    Suspended,
    Revoked,
    Expired,
}

/// <summary>Which state may follow which. From revoked and expired nothing leads back: a new subscription is made instead.</summary>
internal static class SubscriptionStates
{
    public static bool IsFinal(SubscriptionState state) => state is SubscriptionState.Revoked or SubscriptionState.Expired;

    public static bool MayBecome(SubscriptionState from, SubscriptionState to) => from == to || (from, to) switch
    {
        (SubscriptionState.Pending, SubscriptionState.Active or SubscriptionState.Revoked) => true,
        (SubscriptionState.Active, SubscriptionState.Suspended or SubscriptionState.Revoked or SubscriptionState.Expired) => true,
        (SubscriptionState.Suspended, SubscriptionState.Active or SubscriptionState.Revoked) => true,
        _ => false,
    };

    public static string NameOf(SubscriptionState state) => state switch
    {
        SubscriptionState.Pending => "pending",
        SubscriptionState.Active => "active",
        SubscriptionState.Suspended => "suspended",
        SubscriptionState.Revoked => "revoked",
        _ => "expired",
    };
}
