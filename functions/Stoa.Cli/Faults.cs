using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Stoa.Cli.Commands;
using Stoa.Cli.Output;

namespace Stoa.Cli;

/// <summary>Errors on standard error: what is wrong, then what to do.</summary>
internal sealed class Faults(Surroundings surroundings, ParseResult parsed)
{
    private readonly Screen _screen = new Invocation(surroundings, parsed).Err;

    public void Tell(string message, string? advice)
    {
        _screen.Line(("error:", Tint.Bad), (" " + Printable.Lines(message), Tint.None));
        if (advice is not null)
        {
            _screen.Line(Printable.Lines(advice));
        }
    }

    /// <summary>True, with the faults told, when the command line cannot be understood.</summary>
    public bool TellMisuse()
    {
        var command = parsed.CommandResult.Command;
        var stray = StrayOption(command);
        if (parsed.Action is not ParseErrorAction && stray is null)
        {
            return false;
        }

        var path = HelpText.PathOf(command);
        var (message, suggestion) = Describe(command, path, stray ?? (parsed.UnmatchedTokens is [var unmatched, ..] ? unmatched : null));
        Tell(message, $"{(suggestion is null ? "" : $"Did you mean `{suggestion}`? ")}See `{path} --help`.");
        return true;
    }

    // The parser takes an option that it does not know for an argument, where there is room for one.
    private string? StrayOption(Command command) => parsed.Action is HelpText.Action or SuggestAction || parsed.Tokens.Any(t => t.Type is TokenType.DoubleDash)
        ? null
        : command.Arguments.SelectMany(a => parsed.GetResult(a)?.Tokens ?? []).Select(t => t.Value).FirstOrDefault(value => value is ['-', _, ..]);

    private (string Message, string? Suggestion) Describe(Command command, string path, string? unknown)
    {
        if (unknown is { } word)
        {
            var isOption = word is ['-', _, ..];
            var known = isOption
                ? StoaCommand.OptionsOf(command).SelectMany(o => o.Aliases.Append(o.Name))
                : command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name);
            var what = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
            return ($"`{path}` knows no {what} `{word}`.", Nearest.Among(word, known));
        }

        if (command is StoaCommand or CommandGroup && parsed.CommandResult.Children.All(c => c is not ArgumentResult))
        {
            return ($"`{path}` needs a command: {string.Join(", ", command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name))}.", null);
        }

        return parsed.Errors[0].SymbolResult switch
        {
            ArgumentResult { Tokens.Count: 0 } missing when command.Arguments.Contains(missing.Argument) => ($"`{path}` needs <{missing.Argument.Name}>: {Lower(missing.Argument.Description)}", null),
            CommandResult when command.Arguments.FirstOrDefault(a => a.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(a) is not { Tokens.Count: > 0 }) is { } argument
                => ($"`{path}` needs <{argument.Name}>: {Lower(argument.Description)}", null),
            _ => (parsed.Errors[0].Message, null),
        };
    }

    private static string Lower(string? text) => string.IsNullOrEmpty(text) ? "" : char.ToLowerInvariant(text[0]) + text[1..];
}
