namespace Stoa.Gateway.Kernel;

/// <summary>What the read cache did for a call.</summary>
public enum CacheUse
{
    /// <summary>The tool has no cache.</summary>
    None,

    /// <summary>The answer was in memory and still good.</summary>
    Hit,

    /// <summary>It was not, so the endpoint was asked.</summary>
    Miss,

    /// <summary>The caller wanted the endpoint to be asked.</summary>
    Bypass,
}

/// <summary>The header, metric and span value of a <see cref="CacheUse"/>.</summary>
public static class CacheUseNames
{
    /// <summary>Null for <see cref="CacheUse.None"/>.</summary>
    public static string? NameOf(CacheUse use) => use switch
    {
        CacheUse.Hit => "hit",
        CacheUse.Miss => "miss",
        CacheUse.Bypass => "bypass",
        _ => null,
    };
}
