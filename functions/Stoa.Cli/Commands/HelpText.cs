using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Text;

namespace Stoa.Cli.Commands;

/// <summary>The help of a command: what it does, how it is written, examples, options; the same text that the documentation shows.</summary>
internal static class HelpText
{
    private const int Column = 34;

    public static string Of(Command command)
    {
        var text = new StringBuilder();
        text.Append(command.Description).Append('\n');
        if (command is CliCommand { Details: { } details })
        {
            text.Append('\n').Append(details.ReplaceLineEndings("\n")).Append('\n');
        }

        text.Append("\nUsage:\n  ").Append(UsageOf(command)).Append('\n');
        Rows(text, "Commands", command.Subcommands.Where(c => !c.Hidden).Select(c => (c.Name, c.Description)));
        Rows(text, "Arguments", command.Arguments.Select(a => ($"<{a.Name}>", a.Description)));
        Rows(text, "Options", command.Options.Where(o => !IsGlobal(o) && !o.Hidden).Select(Row));
        Rows(text, "Global options", StoaCommand.OptionsOf(command).Where(IsGlobal).Distinct().Select(Row));
        if (command is CliCommand { Examples: var examples })
        {
            text.Append("\nExamples:\n").AppendJoin('\n', examples.Select(e => $"  # {e.About}\n  {e.Line}\n"));
        }

        if (command is RootCommand)
        {
            Rows(text, "Exit codes", ExitCode.All.Select(e => ($"{e.Code}", (string?)e.Meaning)));
            text.Append("\n`stoa <command> --help` says more about a command.\n");
        }

        return text.ToString();
    }

    /// <summary>For example <c>stoa keys create</c>.</summary>
    public static string PathOf(Command command) =>
        command is RootCommand ? "stoa" : $"{PathOf(command.Parents.OfType<Command>().First())} {command.Name}";

    private static bool IsGlobal(Option option) => option is HelpOption || option.Recursive;

    private static string UsageOf(Command command)
    {
        var arguments = command.Arguments.Select(a => a.Arity.MinimumNumberOfValues == 0 ? $"[<{a.Name}>]" : $"<{a.Name}>");
        var required = command.Options.Where(o => o.Required).Select(o => $"{ShortOf(o)} <{o.HelpName}>");
        return string.Join(' ', [PathOf(command), .. command.Subcommands.Count > 0 ? ["<command>"] : Array.Empty<string>(), .. arguments, .. required, "[options]"]);
    }

    private static (string Name, string? About) Row(Option option)
    {
        var names = string.Join(", ", option.Aliases.Append(option.Name).OrderBy(n => n.Length));
        return (option.HelpName is null || option is HelpOption ? names : $"{names} <{option.HelpName}>", option is HelpOption ? "Show this help." : option.Description);
    }

    private static string ShortOf(Option option) => option.Aliases.Append(option.Name).MinBy(name => name.Length)!;

    private static void Rows(StringBuilder text, string title, IEnumerable<(string Name, string? About)> rows)
    {
        var all = rows.ToArray();
        if (all.Length == 0)
        {
            return;
        }

        text.Append('\n').Append(title).Append(":\n");
        var width = Math.Min(Column, all.Max(r => r.Name.Length) + 2);
        foreach (var (name, about) in all)
        {
            text.Append("  ").Append(name.Length + 2 > width ? $"{name}\n  {new string(' ', width)}" : name.PadRight(width)).Append(about).Append('\n');
        }
    }

    /// <summary>Prints it.</summary>
    internal sealed class Action : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.Write(Of(parseResult.CommandResult.Command));
            return ExitCode.Ok;
        }
    }
}
