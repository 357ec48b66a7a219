using Stoa.Gateway.Resources;

namespace Stoa.Gateway.Tools.Templates;

/// <summary>What a compiled template reads, in the order of its text, so that whoever accepts it can hold it against the tool's schema.</summary>
internal sealed class TemplateReads
{
    private readonly List<TemplateReference> _references = [];
    private readonly HashSet<string> _inputs = new(StringComparer.Ordinal);

    /// <summary>Every place that reads a value.</summary>
    public IReadOnlyList<TemplateReference> References => _references;

    /// <summary>Names of the arguments it reads, each once.</summary>
    public IReadOnlyCollection<string> Inputs => _inputs;

    /// <summary>Whether it takes all arguments at once, as <c>{{.input}}</c> does.</summary>
    public bool WholeInput { get; private set; }

    public bool Response { get; private set; }

    public void Add(TemplateReference reference)
    {
        _references.Add(reference);
        Response |= reference.Root is TemplateRoot.Response;
        if (reference.Root is TemplateRoot.Input)
        {
            WholeInput |= reference.Name is null;
            if (reference.Name is { } name)
            {
                _inputs.Add(name);
            }
        }
    }
}

/// <summary>One expression's root, the first name after it (null for the root as a whole or an index), and its place in the template's text.</summary>
internal sealed record TemplateReference(TemplateRoot Root, string? Name, Position At);

internal enum TemplateRoot
{
    Input,
    Response,
    Context,
}
