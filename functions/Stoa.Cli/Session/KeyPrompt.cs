using System.Text;

namespace Stoa.Cli.Session;

/// <summary>Asks for a key at the terminal without showing it. Waits without blocking, so that Ctrl+C ends it.</summary>
internal static class KeyPrompt
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static async Task<string> AskAsync(TextWriter errors, string question, CancellationToken ct)
    {
        // The first look at the keyboard turns the terminal's echo off, until the process ends; what is typed after the question must not be seen.
        _ = Console.KeyAvailable;
        await errors.WriteAsync(question);
        var typed = new StringBuilder();
        while (true)
        {
            while (!Console.KeyAvailable)
            {
                await Task.Delay(Pause, ct);
            }

            switch (Console.ReadKey(intercept: true))
            {
                case { Key: ConsoleKey.Enter }:
                    await errors.WriteLineAsync();
                    return typed.ToString();
                case { Key: ConsoleKey.Backspace }:
                    typed.Length = Math.Max(0, typed.Length - 1);
                    break;
                case { KeyChar: >= ' ' } key:
                    typed.Append(key.KeyChar);
                    break;
            }
        }
    }
}
