using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Stoa.Cli.Commands;

/// <summary>Answers <c>[suggest:position] "line"</c>, which completion scripts ask: what may stand there, one per line; options once a dash is typed.</summary>
internal sealed class SuggestAction(StoaCommand root) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var asked = parseResult.RootCommandResult.Children.OfType<DirectiveResult>().FirstOrDefault()?.Values;
        var line = parseResult.Tokens.LastOrDefault(t => t.Type is not TokenType.Directive)?.Value ?? "";
        var position = asked is [var text, ..] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? Math.Min(at, line.Length) : line.Length;
        var typed = line[..position];
        var word = typed[(typed.LastIndexOf(' ') + 1)..];
        var suggestions = root.Parse(line).GetCompletions(position)
            .Select(item => item.InsertText ?? item.Label)
            .Where(label => label.StartsWith(word, StringComparison.Ordinal) && (word.StartsWith('-') || !label.StartsWith('-')))
            .Order(StringComparer.Ordinal);
        foreach (var suggestion in suggestions)
        {
            parseResult.InvocationConfiguration.Output.WriteLine(suggestion);
        }

        return ExitCode.Ok;
    }
}
