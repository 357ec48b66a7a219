namespace Stoa.Gateway.Resources;

/// <summary>One thing wrong with a document: where, in which field, and what to do about it. Quotes keys and
/// unknown words of a choice, never another value: it may be a secret.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in characters.</param>
/// <param name="Path">As in <c>spec.auth.secretRef.name</c> or <c>spec.tags[2]</c>; empty for the document as a whole.</param>
/// <param name="Reason">A sentence for the author.</param>
internal sealed record ResourceFault(int Line, int Column, string Path, string Reason)
{
    public override string ToString() => Path.Length == 0 ? $"line {Line}, column {Column}: {Reason}" : $"line {Line}, column {Column}, {Path}: {Reason}";
}
