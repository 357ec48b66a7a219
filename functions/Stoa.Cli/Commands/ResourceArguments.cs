using System.CommandLine;
using Stoa.Cli.Documents;

namespace Stoa.Cli.Commands;

/// <summary>The arguments that name resources: <c>tool get_weather</c> or <c>tool/get_weather</c>.</summary>
internal sealed class ResourceArguments
{
    private readonly Argument<string> _kind = new("kind") { Description = "The kind: tool, toolset, secret, consumer or tenant, or what else the gateway knows; kind/name is fine too." };

    private readonly Argument<string?> _name = new("name") { Description = "The resource's name.", Arity = ArgumentArity.ZeroOrOne };

    public ResourceArguments(Command command, bool isKindRequired = true)
    {
        _kind.Arity = isKindRequired ? ArgumentArity.ExactlyOne : ArgumentArity.ZeroOrOne;
        _kind.CompletionSources.Add([.. KindNames.Known.Select(k => k.Kind.ToLowerInvariant())]);
        command.Add(_kind);
        command.Add(_name);
    }

    /// <summary>The kind as typed and the name, null when left out.</summary>
    public (string? Kind, string? Name) Read(ParseResult parsed)
    {
        var (kind, name) = (parsed.GetValue(_kind), parsed.GetValue(_name));
        if (kind is null || kind.IndexOf('/', StringComparison.Ordinal) is var slash && slash < 0)
        {
            return (kind, name);
        }

        return name is null
            ? (kind[..slash], kind[(slash + 1)..])
            : throw CommandStop.Usage($"`{kind}` names a resource already; `{name}` is one too many.");
    }

    public (string Kind, string Name) ReadBoth(ParseResult parsed) => Read(parsed) is ({ } kind, { } name)
        ? (kind, name)
        : throw CommandStop.Usage($"`{HelpText.PathOf(parsed.CommandResult.Command)}` needs a kind and a name.", "For example: tool get_weather.");
}
