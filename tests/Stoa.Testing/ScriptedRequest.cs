using System.Text;

namespace Stoa.Testing;

/// <summary>A request as it came over the wire: header lines in order and unparsed, body decoded from chunks.</summary>
public sealed record ScriptedRequest(
    int Number, int Connection, string Method, string Target, IReadOnlyList<string> HeaderLines, ReadOnlyMemory<byte> Body)
{
    public string BodyText => Encoding.UTF8.GetString(Body.Span);

    /// <summary>The value of the first header of that name, or null.</summary>
    public string? Header(string name) => HeaderLines
        .Where(line => line.StartsWith(name + ':', StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(name.Length + 1)..].Trim())
        .FirstOrDefault();
}
