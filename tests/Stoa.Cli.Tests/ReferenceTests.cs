using System.CommandLine;
using System.Text;
using Stoa.Cli.Commands;
using Stoa.Cli.Documents;
using Stoa.Gateway;
using Stoa.Testing;

namespace Stoa.Cli.Tests;

/// <summary>What documentation says of this command is what the command says. STOA_REGENERATE=1 rewrites docs/cli.md.</summary>
public sealed class ReferenceTests
{
    private static readonly Command Root = new StoaCommand(Surroundings.OfProcess());

    public static TheoryData<string> CommandLines => [.. All(Root).Select(HelpText.PathOf)];

    [Fact]
    public async Task The_reference_is_what_the_executable_prints()
    {
        using var shell = new Shell();
        var text = new StringBuilder(
            """
            # The `stoa` command

            <!-- Printed by the command itself; a test compares. Rewrite with STOA_REGENERATE=1 dotnet test tests/Stoa.Cli.Tests -->

            One program for everything that this gateway is managed with: write tools as YAML, apply them, try them, call them. It works with a
            gateway on this machine and with any other. Build it with `dotnet publish functions/Stoa.Cli -c Release`: the result is one file
            that needs nothing installed. [tutorial.md](tutorial.md) goes through it step by step, and [cli-walk.svg](cli-walk.svg) is what that
            looks like in a terminal.

            Lists and states go to standard output, plain and stable where no terminal is; errors go to standard error and say what to do.
            `-o json` and `-o yaml` are for programs. Keys are shown once, by `stoa keys create` and `stoa keys rotate`, and nowhere else.

            | Variable | Meaning |
            |---|---|
            | `STOA_ENDPOINT` | the gateway's URL, before the stored login's |
            | `STOA_KEY` | the key, before the stored ones |
            | `STOA_NAMESPACE` | the tenant, before the stored one |
            | `STOA_CONFIG` | the file of the stored login; otherwise `stoa/config.json` in `$XDG_CONFIG_HOME` or `~/.config` |
            | `NO_COLOR` | no colours |

            Options of the command line come before variables. A stored key goes to the gateway that it was stored for and to no other, and no
            key goes over plain http to another machine unless `--insecure` says so.

            A first session, with the gateway of the README running:

            ```sh
            stoa login                                        # asks for the administrator's key
            stoa apply -f samples/tools/hello.yaml
            stoa keys create first-agent -n hello -q | stoa login --key-stdin -n hello
            stoa tools
            stoa call get_customer --arg id=cus_1001
            ```


            """);
        foreach (var command in All(Root))
        {
            var path = HelpText.PathOf(command);
            var help = (await shell.RunAsync([.. path.Split(' ').Skip(1), "--help"])).Succeeded();
            text.Append(command is RootCommand ? $"```text\n{help}```\n" : $"\n## {path}\n\n```text\n{WithoutGlobals(help)}```\n");
        }

        var file = Repository.PathOf("docs/cli.md");
        if (Environment.GetEnvironmentVariable("STOA_REGENERATE") == "1")
        {
            File.WriteAllText(file, text.ToString());
        }

        Assert.Equal(text.ToString(), File.ReadAllText(file).ReplaceLineEndings("\n"));
    }

    [Theory]
    [MemberData(nameof(CommandLines))]
    public void Every_command_has_examples_that_it_understands(string path)
    {
        var command = All(Root).Single(c => HelpText.PathOf(c) == path);
        if (command is not CliCommand { Examples: var examples })
        {
            return;
        }

        Assert.NotEmpty(examples);
        Assert.All(examples, example =>
        {
            var words = Words(example.Line[example.Line.IndexOf(path, StringComparison.Ordinal)..]).TakeWhile(word => word is not (">" or "|" or "||" or ">/dev/null")).ToArray();
            Assert.Empty(Root.Parse(words[1..], new ParserConfiguration { ResponseFileTokenReplacer = null }).Errors);
        });
    }

    [Fact]
    public void The_kinds_are_the_gateways() =>
        Assert.Equal(Kinds.Registry.All.Select(k => (k.Kind, k.Plural)), KindNames.Known);

    [Fact]
    public void The_limit_of_an_apply_is_the_gateways() =>
        Assert.Equal(Stoa.Gateway.Manage.ApplyDoor.MaxBody, SourceFiles.MostBytes);

    private static IEnumerable<Command> All(Command command) => command.Subcommands.SelectMany(All).Prepend(command);

    // As a shell takes a line apart, as far as examples need it.
    private static List<string> Words(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        char? quote = null;
        foreach (var c in line + " ")
        {
            if (c == quote)
            {
                quote = null;
            }
            else if (quote is null && c is '\'' or '"')
            {
                quote = c;
            }
            else if (quote is null && c is ' ' or ')')
            {
                words.Add(word.ToString());
                word.Clear();
            }
            else
            {
                word.Append(c);
            }
        }

        return [.. words.Where(w => w.Length > 0)];
    }

    // They are the same everywhere and stand at the top.
    private static string WithoutGlobals(string help)
    {
        var start = help.IndexOf("\nGlobal options:\n", StringComparison.Ordinal);
        var end = help.IndexOf("\n\n", start + 1, StringComparison.Ordinal);
        return help[..start] + (end < 0 ? "" : help[(end + 1)..]);
    }
}
