using System.CommandLine;
using Stoa.Cli.Commands;

namespace Stoa.Cli;

/// <summary>The <c>stoa</c> command.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        var surroundings = Surroundings.OfProcess();
        await using var output = surroundings.Output;
        await using var errors = surroundings.Errors;

        // Response files are off: `--json @file` means the file's content.
        var parsed = new StoaCommand(surroundings).Parse(args is [] ? ["--help"] : args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var faults = new Faults(surroundings, parsed);
        if (faults.TellMisuse())
        {
            return ExitCode.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = errors, EnableDefaultExceptionHandler = false });
        }
        catch (CommandStop stop)
        {
            await output.FlushAsync();
            faults.Tell(stop.Message, stop.Advice);
            return stop.Code;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
    }
}
