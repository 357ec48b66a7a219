namespace Stoa.Conformance.Tests;

/// <summary>How a JavaScript program ended and what it said.</summary>
internal sealed record NodeExit(int Code, string Output, string Errors);
