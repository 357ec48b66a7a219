using System.Text;

namespace Stoa.Cli.Gateway;

/// <summary>A path below the gateway's URL, each segment and value encoded.</summary>
internal sealed class GatewayPath
{
    private readonly string _text;

    private GatewayPath(string text) => _text = text;

    /// <summary>For example <c>Of("manage/v1", "tools", "get_weather")</c>; only the first may hold slashes.</summary>
    public static GatewayPath Of(string root, params ReadOnlySpan<string> segments)
    {
        var path = new StringBuilder(root);
        foreach (var segment in segments)
        {
            // URLs give these a meaning that no encoding takes away.
            if (segment is "" or "." or "..")
            {
                throw CommandStop.Usage($"`{segment}` is no name.");
            }

            path.Append('/').Append(Uri.EscapeDataString(segment));
        }

        return new(path.ToString());
    }

    /// <summary>With a query parameter, unless its value is null.</summary>
    public GatewayPath With(string name, string? value) =>
        value is null ? this : new($"{_text}{(_text.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{name}={Uri.EscapeDataString(value)}");

    public override string ToString() => _text;
}
