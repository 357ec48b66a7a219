using Stoa.Gateway.Resources;

namespace Stoa.Gateway.OpenApi;

/// <summary>A tool that an operation became, as the document it would be if a person had written it.</summary>
/// <param name="Operation">As in <see cref="ApiOperation.Label"/>.</param>
/// <param name="Authored">Which fields of its spec the set's author wrote, and where: <c>auth</c> under <c>spec.toolDefaults</c>.</param>
internal sealed record GeneratedTool(string Operation, ResourceDocument Document, IReadOnlyDictionary<string, string> Authored);

/// <summary>Whose mistake a fault of a generated tool is.</summary>
internal static class Blame
{
    /// <summary>The fault where the set's author wrote the field; null when the description is to blame.</summary>
    public static ResourceFault? OnSet(ResourceDocument set, IReadOnlyDictionary<string, string> authored, ResourceFault fault)
    {
        if (!fault.Path.StartsWith("spec.", StringComparison.Ordinal))
        {
            return null;
        }

        var rest = fault.Path["spec.".Length..];
        var end = rest.AsSpan().IndexOfAny('.', '[');
        return authored.TryGetValue(end < 0 ? rest : rest[..end], out var holder) ? set.Fault($"{holder}.{rest}", fault.Reason) : null;
    }

    /// <summary>The same as a reason to skip the operation.</summary>
    public static string OnDescription(ResourceFault fault) => fault.Path.Length == 0 ? fault.Reason : $"{fault.Path}: {fault.Reason}";
}
