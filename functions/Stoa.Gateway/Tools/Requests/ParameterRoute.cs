using System.Text.Json;

namespace Stoa.Gateway.Tools.Requests;

/// <summary>How one argument travels, every default decided.</summary>
/// <param name="Argument">Its name in the call.</param>
/// <param name="Place">Where it goes; null when it goes nowhere by itself, because a template or the pages put it somewhere.</param>
/// <param name="Name">Its name on the wire.</param>
internal sealed record ParameterRoute(string Argument, ParameterPlace? Place, string Name, ParameterStyle Style, bool Explode)
{
    /// <summary>Undeclared objects travel as their JSON: their author thought of no style, and no server splits an unexpected one.</summary>
    public bool ObjectAsJson { get; init; }

    /// <summary>The name as a URL writes it.</summary>
    public string EncodedName { get; } = Uri.EscapeDataString(Name);

    public static ParameterRoute Of(string argument, ParameterSpec spec)
    {
        var style = spec.Style ?? DefaultStyle(spec.In);
        return new(argument, spec.In, spec.Name ?? argument, style, spec.Explode ?? style is ParameterStyle.Form);
    }

    /// <summary>What an argument that its author said nothing about does.</summary>
    public static ParameterRoute Default(string argument, ParameterPlace? place) =>
        new(argument, place, argument, DefaultStyle(place), Explode: true) { ObjectAsJson = true };

    /// <summary>OpenAPI 3.1 §4.8.12.2.</summary>
    public static ParameterStyle DefaultStyle(ParameterPlace? place) => place is ParameterPlace.Path or ParameterPlace.Header ? ParameterStyle.Simple : ParameterStyle.Form;

    /// <summary>The text that stands for a value where no JSON does.</summary>
    public static string TextOf(in JsonElement value) => value.ValueKind is JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
