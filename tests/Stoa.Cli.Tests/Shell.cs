using System.Diagnostics;
using System.Text;
using Stoa.Testing;

namespace Stoa.Cli.Tests;

/// <summary>
/// A user's shell: runs the built executable in a process of its own, with a home and a login file of its own and nothing of the
/// surrounding environment. Every run checks that no key given to it comes out again.
/// </summary>
internal sealed class Shell : IDisposable
{
    public const string AdminKey = TestGateway.AdminKey;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, string> _environment = [];

    public Shell(Uri? gateway = null, string? key = null)
    {
        Folder = Directory.CreateTempSubdirectory("stoa-cli-").FullName;
        LoginPath = Path.Combine(Folder, "login", "config.json");
        Set("STOA_CONFIG", LoginPath);
        Set("STOA_ENDPOINT", gateway?.ToString());
        Set("STOA_KEY", key);
    }

    public string Folder { get; }

    public string LoginPath { get; }

    public void Set(string name, string? value)
    {
        if (value is null)
        {
            _environment.Remove(name);
        }
        else
        {
            _environment[name] = value;
        }
    }

    /// <summary>Writes a file into the current folder and gives its name.</summary>
    public string Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Folder, name))!);
        File.WriteAllText(Path.Combine(Folder, name), content);
        return name;
    }

    public Task<Outcome> RunAsync(params string[] arguments) => RunAsync("", arguments);

    public Task<Outcome> PipeAsync(string input, params string[] arguments) => RunAsync(input, arguments);

    /// <summary>Runs at a terminal of its own (util-linux <c>script</c>), with what is typed there; output and errors come in one stream.</summary>
    public Task<Outcome> AtTerminalAsync(string typed, params string[] arguments)
    {
        return FinishAsync(StartAtTerminal(arguments), typed, waitFor: typed.Length > 0 ? ": " : null);
    }

    /// <summary>The same, where something happens as soon as the terminal shows a text.</summary>
    public Task<Outcome> AtTerminalAsync(string shown, Action then, params string[] arguments) => FinishAsync(StartAtTerminal(arguments), "", shown, then);

    /// <summary>Starts and does not wait; for commands that are to be interrupted.</summary>
    public Process Start(params string[] arguments) => Start("dotnet", [Executable, .. arguments]);

    public static async Task<Outcome> FinishAsync(Process process, string input, string? waitFor = null, Action? then = null)
    {
        using (process)
        {
            var prompt = waitFor is null ? "" : await ReadUntilAsync(process.StandardOutput, waitFor);
            then?.Invoke();
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            try
            {
                foreach (var piece in waitFor is not null ? input.Select(c => c.ToString()) : [input])
                {
                    await process.StandardInput.WriteAsync(piece);
                    await process.StandardInput.FlushAsync();
                }

                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It ended without reading all of it.
            }

            using var patience = new CancellationTokenSource(Patience);
            await process.WaitForExitAsync(patience.Token);
            var outcome = new Outcome(process.ExitCode, prompt + await output, await errors);
            Assert.DoesNotContain(AdminKey, outcome.Everything, StringComparison.Ordinal);
            return outcome;
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    // Typing starts when the question stands there, as people do.
    private static async Task<string> ReadUntilAsync(StreamReader output, string end)
    {
        var text = new StringBuilder();
        var one = new char[1];
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal) && await output.ReadAsync(one) > 0)
        {
            text.Append(one);
        }

        return text.ToString();
    }

    public static string Executable => typeof(Surroundings).Assembly.Location;

    private Process StartAtTerminal(string[] arguments)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "Needs script of util-linux.");
        var line = string.Join(' ', new[] { "dotnet", Executable }.Concat(arguments).Select(word => $"'{word.Replace("'", "'\\''")}'"));
        return Start("/usr/bin/script", ["-q", "-e", "-c", line, "/dev/null"]);
    }

    private Task<Outcome> RunAsync(string input, string[] arguments) => FinishAsync(Start(arguments), input);

    public Process Start(string program, IEnumerable<string> arguments)
    {
        // What runs in a shell's background inherits that interrupts are ignored.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = Folder,
        };
        foreach (var inherited in start.Environment.Keys.Where(name => name.StartsWith("STOA_", StringComparison.Ordinal) || name is "NO_COLOR" or "XDG_CONFIG_HOME").ToArray())
        {
            start.Environment.Remove(inherited);
        }

        start.Environment["HOME"] = Folder;
        start.Environment["TERM"] = "xterm-256color";
        foreach (var (name, value) in _environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}

/// <summary>How a command ended and what it said.</summary>
internal sealed record Outcome(int ExitCode, string Out, string Err)
{
    public string Everything => Out + Err;

    /// <summary>Fails unless the command succeeded; gives its output.</summary>
    public string Succeeded()
    {
        Assert.True(ExitCode == 0, $"Exit code {ExitCode}: {Everything}");
        return Out;
    }

    /// <summary>Fails unless the exit code is this one; gives the errors.</summary>
    public string Failed(int code)
    {
        Assert.True(ExitCode == code, $"Exit code {ExitCode}, not {code}: {Everything}");
        return Err;
    }
}
