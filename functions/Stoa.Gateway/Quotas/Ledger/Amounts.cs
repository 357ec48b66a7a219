namespace Stoa.Gateway.Quotas.Ledger;

/// <summary>What an allowance counts. Money is in millionths of a US dollar.</summary>
internal enum Dimension
{
    Requests,
    Tokens,
    MicroUsd,
}

/// <summary>An amount per dimension; never rounded, never clamped: a debt is a negative amount of room.</summary>
internal readonly record struct Amounts(long Requests, long Tokens = 0, long MicroUsd = 0)
{
    public const int Dimensions = 3;

    /// <summary>More than this no limit allows and no call asks, so that sums cannot overflow and fit eight bytes of a row.</summary>
    public const long Most = 1L << 50;

    public bool IsZero => this == default;

    public long this[Dimension dimension] => dimension switch
    {
        Dimension.Requests => Requests,
        Dimension.Tokens => Tokens,
        _ => MicroUsd,
    };

    public static Amounts operator +(Amounts a, Amounts b) => new(a.Requests + b.Requests, a.Tokens + b.Tokens, a.MicroUsd + b.MicroUsd);

    public static Amounts operator -(Amounts a, Amounts b) => new(a.Requests - b.Requests, a.Tokens - b.Tokens, a.MicroUsd - b.MicroUsd);

    public static Amounts Min(Amounts a, Amounts b) =>
        new(Math.Min(a.Requests, b.Requests), Math.Min(a.Tokens, b.Tokens), Math.Min(a.MicroUsd, b.MicroUsd));

    public static Amounts Max(Amounts a, Amounts b) =>
        new(Math.Max(a.Requests, b.Requests), Math.Max(a.Tokens, b.Tokens), Math.Max(a.MicroUsd, b.MicroUsd));

    public bool FitsIn(Amounts room) => Requests <= room.Requests && Tokens <= room.Tokens && MicroUsd <= room.MicroUsd;

    public Amounts With(Dimension dimension, long amount) => dimension switch
    {
        Dimension.Requests => this with { Requests = amount },
        Dimension.Tokens => this with { Tokens = amount },
        _ => this with { MicroUsd = amount },
    };

    public static void Check(Amounts amounts)
    {
        if (!amounts.FitsIn(new(Most, Most, Most)) || !default(Amounts).FitsIn(amounts))
        {
            throw new ArgumentOutOfRangeException(nameof(amounts), amounts, $"An amount is 0 to {Most}.");
        }
    }
}

/// <summary>Places of calls under way; a stream takes one of each.</summary>
internal readonly record struct Slots(int Calls, int Streams = 0)
{
    public static readonly Slots Unlimited = new(int.MaxValue, int.MaxValue);

    public bool IsZero => this == default;

    public static Slots operator +(Slots a, Slots b) => new(a.Calls + b.Calls, a.Streams + b.Streams);

    public static Slots operator -(Slots a, Slots b) => new(a.Calls - b.Calls, a.Streams - b.Streams);

    public static Slots Min(Slots a, Slots b) => new(Math.Min(a.Calls, b.Calls), Math.Min(a.Streams, b.Streams));

    public static Slots Max(Slots a, Slots b) => new(Math.Max(a.Calls, b.Calls), Math.Max(a.Streams, b.Streams));

    public bool FitsIn(Slots room) => Calls <= room.Calls && Streams <= room.Streams;
}
