using System.Collections.Frozen;
using System.Text.Json;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Tools.Paging;

namespace Stoa.Gateway.Tools.Requests;

/// <summary>
/// Where everything of a tool's request comes from, worked out once per tool: routes of its declared arguments, templates compiled,
/// names that no other argument may take.
/// </summary>
internal sealed class RequestPlan
{
    private readonly FrozenDictionary<string, ParameterRoute> _routes;
    private readonly FrozenSet<string> _takenQueryNames;

    public RequestPlan(ToolSpec spec)
    {
        Method = HttpMethod.Parse(spec.Method);
        Endpoint = EndpointUrl.Of(spec.Endpoint);
        Transform = CompiledTransform.Of(spec.RequestTransform);
        Pages = spec.Pagination;
        WholeBody = spec.Parameters?.FirstOrDefault(p => p.Value.In is ParameterPlace.WholeBody).Key;
        HasBody = TakesBody(spec.Method) || Transform.Body is not null || spec.Parameters?.Values.Any(p => p.In is ParameterPlace.Body or ParameterPlace.WholeBody) == true;
        CredentialQueryName = CredentialNames.QueryOf(spec.Auth);
        CredentialCookieName = CredentialNames.CookieOf(spec.Auth);
        _routes = RoutesOf(spec).ToFrozenDictionary(r => r.Argument, StringComparer.Ordinal);
        _takenQueryNames = QueryNames(spec).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        Path = [.. Endpoint.Parameters.Select(name => _routes.Values.First(r => r.Place is ParameterPlace.Path && r.Name == name))];
        BodyIsArguments = Undeclared is ParameterPlace.Body && Transform.IsEmpty && _routes.Values.All(r => r.Place is ParameterPlace.Body && r.Name == r.Argument);
        HasHeaders = _routes.Values.Any(r => r.Place is ParameterPlace.Header or ParameterPlace.Cookie);
    }

    /// <summary>Of every declared argument.</summary>
    public IReadOnlyList<ParameterRoute> Routes => _routes.Values;

    public HttpMethod Method { get; }

    public EndpointUrl Endpoint { get; }

    public CompiledTransform Transform { get; }

    /// <summary>In the order of the endpoint's parameters.</summary>
    public IReadOnlyList<ParameterRoute> Path { get; }

    public PaginationSpec? Pages { get; }

    /// <summary>The argument that is the body; null when the body is made of members or of a template.</summary>
    public string? WholeBody { get; }

    public bool HasBody { get; }

    /// <summary>True when the arguments are the body, byte for byte.</summary>
    public bool BodyIsArguments { get; }

    /// <summary>True when an argument travels in a header or cookie.</summary>
    public bool HasHeaders { get; }

    /// <summary>The query parameter that holds the tool's credential.</summary>
    public string? CredentialQueryName { get; }

    /// <summary>The cookie that holds it.</summary>
    public string? CredentialCookieName { get; }

    /// <summary>Methods whose arguments go to a body unless their author says otherwise.</summary>
    public static bool TakesBody(string method) => method is "POST" or "PUT" or "PATCH";

    /// <summary>
    /// How an argument of this name travels. Null for one that may not be sent: nothing declares it, and the tool itself sets a query
    /// parameter of its name, which it would override at many servers.
    /// </summary>
    public ParameterRoute? RouteOf(string argument) =>
        _routes.TryGetValue(argument, out var route) ? route
        : IsPageName(argument) ? ParameterRoute.Default(argument, place: null)
        : Undeclared is ParameterPlace.Query && _takenQueryNames.Contains(argument) ? null
        : ParameterRoute.Default(argument, Undeclared);

    /// <summary>
    /// The member of an object, written as a parameter of its own, whose name the tool itself sets or another argument has; null for none.
    /// The names come from the caller, so nobody could look at them before.
    /// </summary>
    public string? TakenMember(ParameterRoute route, in JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Object && route.Style is ParameterStyle.DeepObject)
        {
            return TakenWithin(route.Name, value);
        }

        if (value.ValueKind is not JsonValueKind.Object || !route.Explode || route.ObjectAsJson || route.Style is not ParameterStyle.Form)
        {
            return null;
        }

        foreach (var member in value.EnumerateObject())
        {
            var isTaken = route.Place is ParameterPlace.Cookie
                ? member.Name == CredentialCookieName
                : _takenQueryNames.Contains(member.Name) && !member.NameEquals(route.Name);
            if (isTaken)
            {
                return member.Name;
            }
        }

        return null;
    }

    /// <summary>The fault of an argument that would send what the tool itself sends.</summary>
    public static string NotYours(string argument, string? member = null) =>
        $"/{JsonText.Shorten(argument, 100)}{(member is null ? "" : "/" + JsonText.Shorten(member, 100))} is set by the tool itself and cannot be an argument.";

    // As StyledValue writes them: a[b][c].
    private string? TakenWithin(string name, in JsonElement value)
    {
        foreach (var member in value.EnumerateObject())
        {
            var inner = $"{name}[{member.Name}]";
            if (_takenQueryNames.Contains(inner) || (member.Value.ValueKind is JsonValueKind.Object && TakenWithin(inner, member.Value) is not null))
            {
                return member.Name;
            }
        }

        return null;
    }

    /// <summary>The argument that stands for a query parameter of the pages.</summary>
    public string? PageArgument(string? parameter) =>
        parameter is null ? null : _routes.Values.FirstOrDefault(r => r.Place is null && r.Name == parameter)?.Argument ?? parameter;

    // Nothing is added to a body that is made elsewhere.
    private ParameterPlace? Undeclared =>
        Transform.ReadsWholeInput ? null
        : !HasBody || !TakesBody(Method.Method) || WholeBody is not null ? ParameterPlace.Query
        : Transform.Body is not null ? null
        : ParameterPlace.Body;

    /// <summary>Declared parameters first, then what the path and templates take, then the rest of the schema's properties.</summary>
    private IEnumerable<ParameterRoute> RoutesOf(ToolSpec spec)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (argument, parameter) in spec.Parameters ?? new Dictionary<string, ParameterSpec>())
        {
            seen.Add(argument);
            var route = ParameterRoute.Of(argument, parameter);
            yield return IsPageName(route.Name) && route.Place is ParameterPlace.Query ? route with { Place = null } : route;
        }

        var inPath = spec.Parameters?.Where(p => p.Value.In is ParameterPlace.Path).Select(p => p.Value.Name ?? p.Key).ToHashSet(StringComparer.Ordinal) ?? [];
        foreach (var name in Endpoint.Parameters.Where(name => !inPath.Contains(name) && seen.Add(name)))
        {
            yield return ParameterRoute.Default(name, ParameterPlace.Path) with { Explode = false, ObjectAsJson = false };
        }

        foreach (var argument in Transform.Inputs.Where(seen.Add))
        {
            yield return ParameterRoute.Default(argument, place: null);
        }

        foreach (var argument in PropertiesOf(spec.InputSchema).Where(seen.Add))
        {
            yield return ParameterRoute.Default(argument, IsPageName(argument) ? null : Undeclared);
        }
    }

    private bool IsPageName(string name) => Pages is { } pages && (name == pages.LimitParam || name == pages.OffsetParam || name == pages.PageParam || name == pages.CursorParam);

    private IEnumerable<string> QueryNames(ToolSpec spec)
    {
        IEnumerable<string?> names =
        [
            .. Endpoint.FixedQueryNames, .. Transform.Query.Select(t => t.Name), CredentialQueryName,
            Pages?.LimitParam, Pages?.OffsetParam, Pages?.PageParam, Pages?.CursorParam,
            .. spec.Parameters?.Where(p => p.Value.In is ParameterPlace.Query).Select(p => p.Value.Name ?? p.Key) ?? [],
        ];
        return names.OfType<string>();
    }

    private static IEnumerable<string> PropertiesOf(JsonElement schema) =>
        schema.TryGetProperty("properties"u8, out var properties) && properties.ValueKind is JsonValueKind.Object
            ? properties.EnumerateObject().Select(p => p.Name)
            : [];
}
