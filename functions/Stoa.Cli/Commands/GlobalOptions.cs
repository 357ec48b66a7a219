using System.CommandLine;

namespace Stoa.Cli.Commands;

/// <summary>Options that every command takes.</summary>
internal static class GlobalOptions
{
    public static Option<string> Endpoint { get; } = new("--endpoint")
    {
        Description = "The gateway's URL. Else STOA_ENDPOINT, the stored login, http://127.0.0.1:7071.", HelpName = "url", Recursive = true,
    };

    public static Option<string> Key { get; } = new("--key")
    {
        Description = "The key to use. Others on this machine can see it here; prefer `stoa login` or STOA_KEY.", HelpName = "key", Recursive = true,
    };

    public static Option<string> Namespace { get; } = new("--namespace", "-n")
    {
        Description = "The tenant. Else STOA_NAMESPACE or the stored login's.", HelpName = "tenant", Recursive = true,
    };

    public static Option<string> Output { get; } = Choice(new("--output", "-o")
    {
        Description = "How to print: table (for people), json or yaml.", HelpName = "table|json|yaml", Recursive = true, DefaultValueFactory = _ => "table",
    });

    public static Option<bool> NoColor { get; } = new("--no-color")
    {
        Description = "No colours; the same as NO_COLOR. There are none anyway where no terminal is.", Recursive = true,
    };

    public static Option<bool> Insecure { get; } = new("--insecure")
    {
        Description = "Send the key over plain http to another machine. Whoever listens can take it.", Recursive = true,
    };

    public static IReadOnlyList<Option> All { get; } = [Endpoint, Key, Namespace, Output, NoColor, Insecure];

    private static Option<string> Choice(Option<string> option) => option.AcceptOnlyFromAmong("table", "json", "yaml");
}
