using Stoa.Gateway.Tools.Templates;

namespace Stoa.Gateway.Tools.Answers;

/// <summary>Compiles what a tool makes of an answer.</summary>
internal static class AnswerPlan
{
    /// <summary>Null for a tool that shows answers as they come. Everything was compiled once when the tool was applied, so a fault here means a damaged revision.</summary>
    public static ResponseTransform? Of(ToolSpec spec)
    {
        var mapping = spec.ResponseMapping is { } paths ? new ResponseMapping(Compile(paths.Include), Compile(paths.Exclude)) : null;
        var template = spec.ResponseTransform is { } transform ? Compile(transform.Template) : null;
        return mapping is null && template is null ? null : new(mapping, template);
    }

    private static ResponsePath[] Compile(IReadOnlyList<string>? paths) => paths is null ? [] : [.. paths.Select(Path)];

    private static ResponsePath Path(string text) => ResponsePath.TryCompile(text, out var path, out var fault) ? path : throw Damaged(fault);

    private static JsonTemplate Compile(string text) => JsonTemplate.TryCompile(text, out var template, out var fault) ? template : throw Damaged(fault);

    private static InvalidOperationException Damaged(TemplateFault fault) => new($"A stored template or path no longer compiles: {fault}");
}
