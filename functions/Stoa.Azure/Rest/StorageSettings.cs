namespace Stoa.Azure.Rest;

/// <summary>How long storage may take: one try, and one operation with everything that it repeats.</summary>
internal sealed record StorageSettings(TimeSpan Try, TimeSpan Operation)
{
    public static StorageSettings Default { get; } = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5));
}
