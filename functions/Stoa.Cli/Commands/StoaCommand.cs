using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;

namespace Stoa.Cli.Commands;

/// <summary>The whole command line.</summary>
internal sealed class StoaCommand : RootCommand
{
    public StoaCommand(Surroundings surroundings)
        : base("Works with a Stoa gateway: write tools as YAML, apply them, try them, call them.")
    {
        foreach (var option in GlobalOptions.All)
        {
            Add(option);
        }

        var helpOption = Options.OfType<HelpOption>().Single();
        helpOption.Action = new HelpText.Action();
        foreach (var alias in helpOption.Aliases.Where(a => a is not "-h").ToArray())
        {
            helpOption.Aliases.Remove(alias);
        }

        Directives.OfType<SuggestDirective>().Single().Action = new SuggestAction(this);
        Options.Remove(Options.OfType<VersionOption>().Single());

        Add(new LoginCommand(surroundings));
        Add(new LogoutCommand(surroundings));
        Add(new ApplyCommand(surroundings));
        Add(new DiffCommand(surroundings));
        Add(new GetCommand(surroundings));
        Add(new DescribeCommand(surroundings));
        Add(new DeleteCommand(surroundings));
        Add(new SyncCommand(surroundings));
        Add(new TestCommand(surroundings));
        Add(new StatusCommand(surroundings));
        Add(new UsageCommand(surroundings));
        Add(new ToolsCommand(surroundings));
        Add(new CallCommand(surroundings));
        Add(new CommandGroup("keys", "Issues, lists, rotates and revokes the API keys of consumers.")
        {
            new CreateKeyCommand(surroundings),
            new ListKeysCommand(surroundings),
            new RotateKeyCommand(surroundings),
            new RevokeKeyCommand(surroundings),
        });
        Add(new HistoryCommand(surroundings));
        Add(new RollbackCommand(surroundings));
        Add(new CommandGroup("audit", "Downloads an audit ledger, verifies it, and proves that a record is in it; all but the download works without a gateway.")
        {
            new AuditFetchCommand(surroundings),
            new AuditVerifyCommand(surroundings),
            new AuditProveCommand(surroundings),
        });
        Add(new CompletionCommand(surroundings));
        Add(new VersionCommand(surroundings));
    }

    /// <summary>The options that a command takes, its own first; an own one hides another of its name.</summary>
    public static IEnumerable<Option> OptionsOf(Command command) =>
        command.Options.Concat(command.Parents.OfType<Command>().SelectMany(OptionsOf).Where(o => o.Recursive)).Where(o => !o.Hidden).DistinctBy(o => o.Name);
}
