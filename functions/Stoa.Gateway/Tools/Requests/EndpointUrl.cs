namespace Stoa.Gateway.Tools.Requests;

/// <summary>A tool's URL taken apart once: the text between its <c>{name}</c> parameters, and the names that its own query sets.</summary>
internal sealed class EndpointUrl
{
    private EndpointUrl(string[] literals, string[] parameters)
    {
        (Literals, Parameters) = (literals, parameters);
        FixedQueryNames = literals[^1].Split('?', 2) is [_, var query] ? [.. query.Split('&').Select(NameOf)] : [];
        Fixed = parameters.Length == 0 ? new Uri(literals[0], RequestUrl.AsBuilt) : null;
    }

    /// <summary>One more than there are parameters.</summary>
    public IReadOnlyList<string> Literals { get; }

    /// <summary>Names in braces, in order; a name may stand twice.</summary>
    public IReadOnlyList<string> Parameters { get; }

    public IReadOnlyList<string> FixedQueryNames { get; }

    /// <summary>The whole URL when it has no parameters.</summary>
    public Uri? Fixed { get; }

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

    /// <summary>The name of <c>name=value</c>, decoded.</summary>
    public static string NameOf(string pair) => Uri.UnescapeDataString(pair.Split('=', 2)[0]);
}
