using System.Buffers;

namespace Stoa.Gateway.OpenApi;

/// <summary>Names of arguments that the interfaces of common models accept; what a parameter is called on the wire may differ.</summary>
internal static class ArgumentNames
{
    private const int Longest = 64;

    private static readonly SearchValues<char> Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-");

    /// <summary>The name itself when it will do: <c>page[size]</c> is <c>page_size</c>.</summary>
    public static string Fit(string name)
    {
        if (name.Length is > 0 and <= Longest && !name.AsSpan().ContainsAnyExcept(Characters))
        {
            return name;
        }

        var fitting = string.Concat(name.Select(c => Characters.Contains(c) ? c : '_')).Replace("__", "_", StringComparison.Ordinal).Trim('_');
        return fitting.Length == 0 ? "value" : fitting[..Math.Min(fitting.Length, Longest)];
    }

    /// <summary>The name, with a number behind it when it is taken.</summary>
    public static string Numbered(string name, Func<string, bool> isFree)
    {
        var free = name;
        for (var i = 2; !isFree(free); i++)
        {
            free = $"{name}_{i}";
        }

        return free;
    }
}
