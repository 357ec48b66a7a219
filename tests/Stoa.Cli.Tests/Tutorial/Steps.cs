namespace Stoa.Cli.Tests.Tutorial;

/// <summary>What a reader does at one line of the text.</summary>
internal abstract record Step(int Line);

/// <summary>Saves a block as a file, or adds it at the end of one.</summary>
internal sealed record SaveStep(int Line, string File, string Content, bool IsAdded) : Step(Line);

/// <summary>Runs a command and compares what it prints.</summary>
/// <param name="Typed">What the reader types when the command asks, null when it does not.</param>
internal sealed record CommandStep(int Line, string Command, IReadOnlyList<string> Expected, string? Typed) : Step(Line);

/// <summary>Starts a program that stays, in a terminal of its own.</summary>
internal sealed record StartStep(int Line, string Command, IReadOnlyList<string> Expected) : Step(Line);

/// <summary>Ends such a program, as Ctrl+C does.</summary>
internal sealed record StopStep(int Line, string Command) : Step(Line);
