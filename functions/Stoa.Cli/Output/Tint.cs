namespace Stoa.Cli.Output;

/// <summary>What a piece of text says, for its colour.</summary>
internal enum Tint
{
    None,
    Good,
    Warn,
    Bad,
    Info,
    Dim,
    Head,
}

internal static class Tints
{
    /// <summary>Of a word that the gateway or this command uses for a state.</summary>
    public static Tint Of(string state) => state switch
    {
        "created" or "Registered" or "Ready" or "closed" or "live" => Tint.Good,
        "updated" or "Pending" or "half-open" or "expired" or "rotated" => Tint.Warn,
        "deleted" or "invalid" or "conflict" or "forbidden" or "Error" or "Disabled" or "open" or "revoked" or "suspended" => Tint.Bad,
        "unchanged" => Tint.Dim,
        _ => Tint.None,
    };
}
