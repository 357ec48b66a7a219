using System.Text;
using System.Text.Json;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tools.Requests;

/// <summary>
/// A tool's URL ready to be filled in: the text between its <c>{name}</c> parameters, split once. Values are percent-encoded whole, so that no value can reach
/// beyond its segment.
/// </summary>
internal sealed class EndpointUrl
{
    private static readonly UriCreationOptions AsBuilt = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly string[] _literals;
    private readonly string[] _parameters;
    private readonly Uri? _fixed;
    private readonly string[] _fixedQueryNames;

    private EndpointUrl(string[] literals, string[] parameters)
    {
        (_literals, _parameters) = (literals, parameters);
        _fixedQueryNames = literals[^1].Split('?', 2) is [_, var query] ? [.. query.Split('&').Select(NameOf)] : [];
        _fixed = parameters.Length == 0 ? new Uri(literals[0], AsBuilt) : null;
    }

    /// <summary>Takes an endpoint that <see cref="EndpointTemplate"/> has accepted.</summary>
    public static EndpointUrl Of(string endpoint)
    {
        var literals = new List<string>();
        var parameters = new List<string>();
        var at = 0;
        for (var open = endpoint.IndexOf('{'); open >= 0; open = endpoint.IndexOf('{', at))
        {
            var close = endpoint.IndexOf('}', open);
            literals.Add(endpoint[at..open]);
            parameters.Add(endpoint[(open + 1)..close]);
            at = close + 1;
        }

        literals.Add(endpoint[at..]);
        return new([.. literals], [.. parameters]);
    }

    public bool IsPathParameter(string name) => Array.IndexOf(_parameters, name) >= 0;

    /// <summary>True for a query parameter that the endpoint itself sets: an argument of that name would override it at many servers.</summary>
    public bool IsFixedQueryName(string name) => Array.Exists(_fixedQueryNames, n => n.Equals(name, StringComparison.OrdinalIgnoreCase));

    public bool HasPathParameters => _parameters.Length > 0;

    /// <summary>
    /// The URL for these arguments; with <paramref name="restInQuery"/> those that are no path parameter go to the query. Null when a
    /// path value is missing or unusable, and then <paramref name="fault"/> says which.
    /// </summary>
    public Uri? Expand(JsonElement arguments, bool restInQuery, string? extraQuery, out string fault)
    {
        fault = "";
        if (_fixed is not null && extraQuery is null && (!restInQuery || arguments.GetPropertyCount() == 0))
        {
            return _fixed;
        }

        var url = new StringBuilder(_literals[0], 256);
        for (var i = 0; i < _parameters.Length; i++)
        {
            // A dot segment would climb to another path; an empty one would name the collection (RFC 3986 §5.2.4).
            if (!arguments.TryGetProperty(_parameters[i], out var value) || TextOf(value) is not { Length: > 0 } text || text is "." or "..")
            {
                fault = $"/{_parameters[i]} must be a non-empty value that can stand in the URL's path.";
                return null;
            }

            url.Append(Uri.EscapeDataString(text)).Append(_literals[i + 1]);
        }

        var separator = _fixedQueryNames.Length > 0 ? '&' : '?';
        if (restInQuery)
        {
            foreach (var argument in arguments.EnumerateObject())
            {
                if (IsFixedQueryName(argument.Name) || (extraQuery is not null && NameOf(extraQuery).Equals(argument.Name, StringComparison.OrdinalIgnoreCase)))
                {
                    fault = $"/{JsonText.Shorten(argument.Name, 100)} is set by the tool itself and cannot be an argument.";
                    return null;
                }

                if (!IsPathParameter(argument.Name))
                {
                    AppendQuery(url, argument.Name, argument.Value, ref separator);
                }
            }
        }

        if (extraQuery is not null)
        {
            url.Append(separator).Append(extraQuery);
        }

        return new Uri(url.ToString(), AsBuilt);
    }

    // An array repeats its name (OpenAPI form style, explode); an object travels as its JSON.
    private static void AppendQuery(StringBuilder url, string name, JsonElement value, ref char separator)
    {
        if (value.ValueKind is JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
            {
                AppendQuery(url, name, item, ref separator);
            }
        }
        else if (value.ValueKind is not JsonValueKind.Null)
        {
            url.Append(separator).Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(TextOf(value)));
            separator = '&';
        }
    }

    private static string NameOf(string pair) => Uri.UnescapeDataString(pair.Split('=', 2)[0]);

    private static string TextOf(JsonElement value) => value.ValueKind is JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
