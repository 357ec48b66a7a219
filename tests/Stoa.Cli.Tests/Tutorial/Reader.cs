using System.Text.RegularExpressions;
using Stoa.Testing;

namespace Stoa.Cli.Tests.Tutorial;

/// <summary>
/// A reader who does what a text says, with an empty home, and compares what is printed with what the text shows. Programs that the text
/// keeps running listen on free ports here; the addresses of the text are exchanged for those, and back in what is printed.
/// </summary>
internal sealed class Reader : IAsyncDisposable
{
    public const string ApiCommand = "dotnet run --project samples/weather-api";
    public const string GatewayCommand = "dotnet run --project functions/Stoa.Functions";
    public const string AdminKeyMark = "the administrator's key";

    private const string ApiAddress = "127.0.0.1:7081";
    private const string GatewayAddress = "127.0.0.1:7071";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    // What the runtime itself sends to a terminal.
    private static readonly Regex TerminalCodes = new(@"\x1b(\[[0-9;?]*[a-zA-Z]|[=>])", RegexOptions.NonBacktracking);

    private readonly Shell _shell = new();
    private readonly BashSession _bash;
    private GatewayProcess? _gateway;

    public Reader()
    {
        _shell.Set("STOA_CONFIG", null);
        _shell.Set("NO_COLOR", "1");
        _shell.Set("no_proxy", "127.0.0.1");
        _bash = new(_shell, $"stoa() {{ dotnet '{Shell.Executable}' \"$@\"; }}");
    }

    public RecordedApi Api { get; } = new();

    public async Task DoAsync(IReadOnlyList<Step> steps)
    {
        foreach (var step in steps)
        {
            await DoAsync(step);
        }
    }

    public string TextOf(string file) => Shown(File.ReadAllText(Path.Combine(_shell.Folder, file)));

    public async ValueTask DisposeAsync()
    {
        _bash.Dispose();
        await (_gateway?.DisposeAsync() ?? ValueTask.CompletedTask);
        await Api.DisposeAsync();
        _shell.Dispose();
    }

    private async Task DoAsync(Step step)
    {
        switch (step)
        {
            case SaveStep { IsAdded: false } save:
                _shell.Write(save.File, Real(save.Content));
                break;
            case SaveStep save:
                await File.AppendAllTextAsync(Path.Combine(_shell.Folder, save.File), Real(save.Content));
                break;
            case StartStep { Command: ApiCommand } start:
                Compare(start.Line, start.Command, start.Expected, [await Api.StartAsync()]);
                break;
            case StartStep { Command: GatewayCommand } start:
                await StartGatewayAsync(start);
                break;
            case StopStep { Command: ApiCommand }:
                await Api.StopAsync();
                break;
            case CommandStep { Typed: null } command:
                Compare(command.Line, command.Command, command.Expected, await _bash.RunAsync(Real(command.Command)));
                break;
            case CommandStep command:
                Assert.True(command.Typed == AdminKeyMark, $"Line {command.Line}: nobody knows what `{command.Typed}` is.");
                var outcome = await _shell.AtTerminalAsync(AdminKey() + "\n", [.. command.Command.Split(' ').Skip(1)]);
                Compare(command.Line, command.Command, command.Expected, TerminalCodes.Replace(outcome.Everything, "").ReplaceLineEndings("\n").Split('\n'));
                break;
            default:
                Assert.Fail($"Line {step.Line}: nobody knows how to do {step}.");
                break;
        }
    }

    private async Task StartGatewayAsync(StartStep step)
    {
        _gateway = await GatewayProcess.StartAsync(new Dictionary<string, string> { ["Stoa__DataPath"] = Path.Combine(_shell.Folder, ".stoa") });

        // Where `stoa login` looks by itself; the bash that runs already knows nothing of it, and finds what the login has stored.
        _shell.Set("STOA_ENDPOINT", _gateway.Url.ToString());
        try
        {
            await Eventually.TrueAsync(() => Task.FromResult(ExpectedOutput.Fits(step.Expected, Lines())), Patience, "the gateway says what the text shows");
        }
        catch (TimeoutException)
        {
            Compare(step.Line, step.Command, step.Expected, Lines());
        }

        string[] Lines() => Shown(_gateway.Output).Split('\n');
    }

    private string AdminKey() => _gateway!.Output.Split('\n', StringSplitOptions.TrimEntries).Single(line => line.StartsWith("stoa_admin_", StringComparison.Ordinal));

    private void Compare(int line, string command, IReadOnlyList<string> expected, IReadOnlyList<string> got)
    {
        var (want, have) = (ExpectedOutput.Normal(expected), ExpectedOutput.Normal(got.Select(Shown)));
        if (ExpectedOutput.Furthest(want, have) is { } furthest)
        {
            var culprit = furthest < want.Length ? $"nothing fits `{want[furthest]}`" : "more is printed than shown";
            Assert.Fail($"Line {line}: $ {command}\n{culprit}\n--- expected\n{string.Join('\n', expected)}\n--- got\n{Shown(string.Join('\n', got))}");
        }
    }

    private string Real(string text) => Exchange(text, (ApiAddress, Api.Authority), (GatewayAddress, _gateway?.Url.Authority));

    private string Shown(string text) => Exchange(text, (Api.Authority, ApiAddress), (_gateway?.Url.Authority, GatewayAddress));

    private static string Exchange(string text, params (string? From, string? To)[] addresses) =>
        addresses.Where(a => a is { From: not null, To: not null }).Aggregate(text, (t, a) => t.Replace(a.From!, a.To, StringComparison.Ordinal));
}
