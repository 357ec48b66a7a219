using System.Globalization;

namespace Stoa.Functions;

/// <summary>Reads settings one by one and collects what is wrong with them, so that an operator sees every fault at once.</summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    public List<string> Problems { get; } = [];

    public string? Text(string name) => configuration[name] is { Length: > 0 } text ? text.Trim() : null;

    public Uri? Url(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
        {
            return url;
        }

        Problems.Add($"{NameOf(name)} must be an absolute http or https URL.");
        return null;
    }

    public int Number(string name, int standard, int least, int most)
    {
        if (Text(name) is not { } text)
        {
            return standard;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
        {
            return value;
        }

        Problems.Add($"{NameOf(name)} must be a whole number from {least} to {most}.");
        return standard;
    }

    public IReadOnlyList<string> List(string name) =>
        Text(name)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    /// <summary>As people set it: an environment variable, colons written as two underscores.</summary>
    public static string NameOf(string name) => name.Replace(":", "__", StringComparison.Ordinal);
}
