using Stoa.Gateway.Resources;
using Stoa.Gateway.Resources.Shapes;

namespace Stoa.Gateway.Tools.Requests;

/// <summary>Holds <c>parameters</c> against the schema, the endpoint, the method and OpenAPI's table of styles.</summary>
internal static class ParameterAdmission
{
    public static void Check(ResourceDocument document, ToolSpec spec, InputNames inputs, List<ResourceFault> faults)
    {
        var parameters = spec.Parameters ?? new Dictionary<string, ParameterSpec>();
        var endpoint = EndpointUrl.Of(spec.Endpoint);
        foreach (var name in endpoint.Parameters.Distinct(StringComparer.Ordinal).Where(n => parameters.ContainsKey(n) && !parameters.Any(p => IsInPath(p.Key, p.Value, n))))
        {
            faults.Add(document.Fault(NodePath.Of("spec.parameters", name) + ".in", $"The endpoint's path needs `{{{name}}}`; write `in: path`."));
        }

        foreach (var (argument, parameter) in parameters)
        {
            var path = NodePath.Of("spec.parameters", argument);
            if (inputs.Complaint(argument) is { } complaint)
            {
                faults.Add(document.Fault(path, complaint));
            }

            CheckPlace(document, path, argument, parameter, spec, endpoint, faults);
            CheckStyle(document, path, argument, parameter, inputs, faults);
            if (NameComplaint(parameter, parameter.Name ?? argument, spec) is { } name)
            {
                faults.Add(document.Fault(path + (parameter.Name is null ? "" : ".name"), name));
            }
        }
    }

    private static void CheckPlace(
        ResourceDocument document, string path, string argument, ParameterSpec parameter, ToolSpec spec, EndpointUrl endpoint, List<ResourceFault> faults)
    {
        var name = parameter.Name ?? argument;
        var reason = parameter.In switch
        {
            ParameterPlace.Path when !endpoint.Parameters.Contains(name, StringComparer.Ordinal) => $"The endpoint's path has no `{{{name}}}`; write it there.",
            ParameterPlace.Body or ParameterPlace.WholeBody when spec.Method is "GET" or "HEAD" => $"A {spec.Method} has no body; use `in: query`.",
            ParameterPlace.Body or ParameterPlace.WholeBody when spec.RequestTransform?.Body is not null => "`requestTransform.body` makes the whole body; nothing is added to it.",
            ParameterPlace.WholeBody when spec.Parameters!.Any(p => p.Key != argument && p.Value.In is ParameterPlace.Body or ParameterPlace.WholeBody) =>
                "`wholeBody` makes this argument the body; no other can be a part of it.",
            _ => null,
        };
        if (reason is not null)
        {
            faults.Add(document.Fault(path + ".in", reason));
        }
    }

    private static bool IsInPath(string argument, ParameterSpec parameter, string name) => parameter.In is ParameterPlace.Path && (parameter.Name ?? argument) == name;

    private static void CheckStyle(ResourceDocument document, string path, string argument, ParameterSpec parameter, InputNames inputs, List<ResourceFault> faults)
    {
        var allowed = StylesOf(parameter.In);
        var word = parameter.Style is { } given ? WordOf(given) : null;
        if (parameter.Style is { } style && !allowed.Contains(style))
        {
            faults.Add(document.Fault(path + ".style", allowed.Length == 0
                ? "A body is JSON and has no `style`; remove it."
                : $"`{word}` is not for `in: {WordOf(parameter.In)}`; use {Wording.AnyOf([.. allowed.Select(WordOf)])}."));
            return;
        }

        if (allowed.Length == 0 && parameter.Explode is not null)
        {
            faults.Add(document.Fault(path + ".explode", "A body is JSON and has no `explode`; remove it."));
        }

        if (parameter is { Style: ParameterStyle.SpaceDelimited or ParameterStyle.PipeDelimited, Explode: true })
        {
            faults.Add(document.Fault(path + ".explode", $"OpenAPI has no exploded form of `{word}`; remove `explode`, or use `style: form`."));
        }

        if (parameter.Style is ParameterStyle.DeepObject && inputs.IsNever(argument, "object"))
        {
            faults.Add(document.Fault(path + ".style", "`deepObject` is for objects, and inputSchema says that this is none; use `form`."));
        }

        if (parameter.Style is ParameterStyle.SpaceDelimited or ParameterStyle.PipeDelimited && inputs.IsNever(argument, "array", "object"))
        {
            faults.Add(document.Fault(path + ".style", $"`{word}` is for lists and objects, and inputSchema says that this is neither; use `form`."));
        }
    }

    private static string? NameComplaint(ParameterSpec parameter, string name, ToolSpec spec) => parameter.In switch
    {
        ParameterPlace.Header when !TextRule.HttpToken.Accepts(name) => $"A header's name has {TextRule.HttpToken.Words}; give it a `name`.",
        ParameterPlace.Header => HeaderRules.Complaint(name, CredentialNames.HeaderOf(spec.Auth)),
        ParameterPlace.Cookie when !TextRule.HttpToken.Accepts(name) => $"A cookie's name has {TextRule.HttpToken.Words}; give it a `name`.",
        ParameterPlace.Cookie when name == CredentialNames.CookieOf(spec.Auth) => $"The cookie `{name}` holds the tool's credential; use another.",
        ParameterPlace.WholeBody when parameter.Name is not null => "A whole body has no name; remove it.",
        _ => null,
    };

    /// <summary>OpenAPI 3.1 §4.8.12.3.</summary>
    private static ParameterStyle[] StylesOf(ParameterPlace place) => place switch
    {
        ParameterPlace.Path => [ParameterStyle.Simple, ParameterStyle.Label, ParameterStyle.Matrix],
        ParameterPlace.Query => [ParameterStyle.Form, ParameterStyle.SpaceDelimited, ParameterStyle.PipeDelimited, ParameterStyle.DeepObject],
        ParameterPlace.Header => [ParameterStyle.Simple],
        ParameterPlace.Cookie => [ParameterStyle.Form],
        _ => [],
    };

    // As the document writes it.
    private static string WordOf<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
