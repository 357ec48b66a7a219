using System.Text;

namespace Stoa.Cli;

/// <summary>The process's environment, read here and nowhere else.</summary>
internal sealed class Surroundings
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private Surroundings(TextWriter output, TextWriter errors) => (Output, Errors) = (output, errors);

    public TextWriter Output { get; }

    public TextWriter Errors { get; }

    public bool IsOutputTerminal { get; } = !Console.IsOutputRedirected;

    public bool IsErrorTerminal { get; } = !Console.IsErrorRedirected;

    public bool IsInputTerminal { get; } = !Console.IsInputRedirected;

    public string? Endpoint { get; } = Read("STOA_ENDPOINT");

    public string? Key { get; } = Read("STOA_KEY");

    public string? Namespace { get; } = Read("STOA_NAMESPACE");

    /// <summary>See https://no-color.org; a dumb terminal understands no colours.</summary>
    public bool RefusesColor { get; } = Read("NO_COLOR") is not null || Read("TERM") is "dumb";

    /// <summary>Where the login is kept.</summary>
    public string LoginPath { get; } = Read("STOA_CONFIG") ?? Path.Combine(ConfigFolder(), "stoa", "config.json");

    /// <summary>UTF-8 whatever the locale says, lines ending in \n whatever the system.</summary>
    public static Surroundings OfProcess() => new(
        new StreamWriter(Console.OpenStandardOutput(), Utf8, bufferSize: 16 * 1024) { NewLine = "\n" },
        new StreamWriter(Console.OpenStandardError(), Utf8) { NewLine = "\n", AutoFlush = true });

    public static Stream OpenInput() => Console.OpenStandardInput();

    private static string ConfigFolder() => Read("XDG_CONFIG_HOME") is { } folder && Path.IsPathRooted(folder)
        ? folder
        : OperatingSystem.IsWindows()
            ? Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData)
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config");

    private static string? Read(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
