using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Quotas.Usage;

/// <summary>One row of a day's sums as its owner knows it.</summary>
internal sealed class UsageChunk(string rowKey)
{
    public string RowKey => rowKey;

    /// <summary>Guarded by the day's lock, as is <see cref="IsDirty"/>.</summary>
    public List<UsageDay.Sum> Sums { get; } = [];

    public bool IsDirty { get; set; }

    /// <summary>The row's version as last written; null before that. Touched by the flush alone, as is <see cref="IsInDoubt"/>.</summary>
    public ETag? ETag { get; set; }

    /// <summary>A write's outcome is not known, so the row is read before the next.</summary>
    public bool IsInDoubt { get; set; }
}
