using System.CommandLine;

namespace Stoa.Cli.Commands;

/// <summary>A command that does something: name, what it does, examples, and the doing.</summary>
internal abstract class CliCommand : Command
{
    protected CliCommand(Surroundings surroundings, string name, string description)
        : base(name, description) =>
        SetAction(async (parsed, ct) => await RunAsync(new Invocation(surroundings, parsed), ct));

    /// <summary>Command lines with what they do, for help.</summary>
    public abstract IReadOnlyList<Example> Examples { get; }

    /// <summary>More than one line on what the command does; null when the description says it all.</summary>
    public virtual string? Details => null;

    /// <summary>The exit code; see <see cref="ExitCode"/>.</summary>
    protected abstract Task<int> RunAsync(Invocation call, CancellationToken ct);
}

/// <summary>One line of help: what to type, and what it does.</summary>
internal sealed record Example(string About, string Line);

/// <summary>A command that only holds others.</summary>
internal sealed class CommandGroup(string name, string description) : Command(name, description);
