namespace Stoa.Gateway.Tools.Templates;

/// <summary>Why a template or a path cannot be compiled, and where in its own text.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in characters.</param>
/// <param name="Reason">A sentence for the author that says what to write instead.</param>
internal sealed record TemplateFault(int Line, int Column, string Reason)
{
    /// <summary>For text that compiled once, when its tool was applied.</summary>
    public InvalidOperationException AsDamage() => new($"A stored template or path no longer compiles: {this}");

    public override string ToString() => $"line {Line}, column {Column}: {Reason}";
}
