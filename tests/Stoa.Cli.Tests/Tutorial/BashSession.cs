using System.Diagnostics;
using System.Text;

namespace Stoa.Cli.Tests.Tutorial;

/// <summary>One bash for many commands, so that variables live on from one to the next. Errors come in between the output.</summary>
internal sealed class BashSession : IDisposable
{
    private const string End = "\u001e";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _bash;
    private readonly string _script = Path.GetTempFileName();

    public BashSession(Shell shell, string prelude)
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "Needs bash.");
        _bash = shell.Start("/bin/bash", ["--noprofile", "--norc"]);
        _bash.StandardInput.WriteLine($"exec 2>&1\n{prelude}");
    }

    /// <summary>The lines that a command prints. Its input is empty.</summary>
    public async Task<string[]> RunAsync(string command)
    {
        await File.WriteAllTextAsync(_script, command + "\n");
        await _bash.StandardInput.WriteLineAsync($". '{_script}' < /dev/null; printf '{End}\\n'");
        await _bash.StandardInput.FlushAsync();
        var printed = new StringBuilder();
        try
        {
            while (true)
            {
                var line = await _bash.StandardOutput.ReadLineAsync().WaitAsync(Patience);
                printed.AppendLine(line);
                if (line is null || line.EndsWith(End, StringComparison.Ordinal))
                {
                    Assert.True(line is not null, $"`{command}` ended the session: {printed}");
                    return printed.ToString().TrimEnd().TrimEnd(End[0]).Split('\n');
                }
            }
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"`{command}` did not end. It printed:\n{printed}");
        }
    }

    public void Dispose()
    {
        _bash.Kill(entireProcessTree: true);
        _bash.Dispose();
        File.Delete(_script);
    }
}
