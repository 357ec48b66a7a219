namespace Stoa.Conformance.Tests;

/// <summary>How a call ended: an exception with a JSON-RPC code if it had one, or a result.</summary>
internal sealed record CallOutcome(bool Thrown, bool IsError = false, int? Code = null, string? Text = null);
