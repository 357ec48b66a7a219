using System.Buffers;

namespace Stoa.Gateway.Tools.Requests;

/// <summary>
/// A tool's URL: absolute, http or https, <c>{name}</c> allowed in its path only, so that no argument can choose the host, add a query
/// or climb the path.
/// </summary>
/// <param name="Text">As declared.</param>
/// <param name="Parameters">Names in braces, in order, each once.</param>
internal sealed record EndpointTemplate(string Text, IReadOnlyList<string> Parameters)
{
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-");

    /// <summary>The template, or null and a sentence that says what to change.</summary>
    public static EndpointTemplate? Parse(string text, out string? complaint)
    {
        complaint = Complaint(text, out var path);
        if (complaint is not null)
        {
            return null;
        }

        var parameters = new List<string>();
        complaint = Parameter(path, parameters);
        return complaint is null ? new(text, parameters) : null;
    }

    private static string? Complaint(string text, out ReadOnlySpan<char> path)
    {
        path = default;
        var afterScheme = text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? "https://".Length
            : text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? "http://".Length
            : 0;
        if (afterScheme == 0)
        {
            return "Expected an absolute URL that starts with https:// or http://.";
        }

        // The bytes of a request line are these characters and no others; what the client would make of the rest is not ours to guess.
        if (text.AsSpan().ContainsAnyExceptInRange('!', '~') || text.Contains('\\', StringComparison.Ordinal))
        {
            return "A URL holds visible ASCII characters only, and no backslash; percent-encode the others, as UTF-8.";
        }

        if (text.Contains('#', StringComparison.Ordinal))
        {
            return "Remove the fragment (# and what follows); it is never sent.";
        }

        var rest = text.AsSpan(afterScheme);
        var pathAt = rest.IndexOfAny('/', '?');
        var authority = pathAt < 0 ? rest : rest[..pathAt];
        if (authority.Contains('@'))
        {
            return "Remove the user name or password before the host; put credentials in a Secret and name it in `auth`.";
        }

        if (authority.IndexOfAny('{', '}') >= 0)
        {
            return "Braces are allowed in the path only, not in the host.";
        }

        rest = pathAt < 0 ? [] : rest[pathAt..];
        var queryAt = rest.IndexOf('?');
        path = queryAt < 0 ? rest : rest[..queryAt];
        if (queryAt >= 0 && rest[queryAt..].IndexOfAny('{', '}') >= 0)
        {
            return "Braces are allowed in the path only; arguments that the path does not use are sent by themselves.";
        }

        var isUrl = Uri.TryCreate(text.Replace('{', 'x').Replace('}', 'x'), UriKind.Absolute, out var url) && url.Host.Length > 0;
        return !isUrl ? "This is no valid URL; check the host and port." : HasDotSegment(path) ? "Write the path without . and .. segments." : null;
    }

    private static bool HasDotSegment(ReadOnlySpan<char> path)
    {
        foreach (var range in path.Split('/'))
        {
            var segment = path[range].ToString().Replace("%2e", ".", StringComparison.OrdinalIgnoreCase);
            if (segment is "." or "..")
            {
                return true;
            }
        }

        return false;
    }

    private static string? Parameter(ReadOnlySpan<char> path, List<string> parameters)
    {
        while (path.IndexOfAny('{', '}') is var open and >= 0)
        {
            var close = path[open] == '}' ? -1 : path[(open + 1)..].IndexOfAny('{', '}');
            if (close < 0 || path[open + 1 + close] != '}')
            {
                return "The braces do not match; write each parameter as {name}.";
            }

            var name = path.Slice(open + 1, close);
            if (name.Length is 0 or > 64 || name.ContainsAnyExcept(NameCharacters))
            {
                return "A parameter's name has 1 to 64 letters, digits, `_`, `.` or `-`.";
            }

            if (!parameters.Contains(name.ToString()))
            {
                parameters.Add(name.ToString());
            }

            path = path[(open + close + 2)..];
        }

        return null;
    }
}
