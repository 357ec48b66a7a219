namespace Stoa.Cli;

/// <summary>Ends a command with an exit code and a message that says what is wrong and, after it, what to do. Caught once, in <see cref="Program"/>.</summary>
internal sealed class CommandStop(int exitCode, string message, string? advice = null) : Exception(message)
{
    public int Code => exitCode;

    public string? Advice => advice;

    public static CommandStop Usage(string message, string? advice = null) => new(ExitCode.Usage, message, advice);
}
