namespace Stoa.Cli.Session;

/// <summary>Asks for a key at the terminal without showing it. Waits without blocking, so that Ctrl+C ends it.</summary>
internal static class KeyPrompt
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static async Task<string> AskAsync(TextWriter errors, string question, CancellationToken ct)
    {
        await errors.WriteAsync(question);
        var typed = new List<char>();
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
                    return string.Concat(typed);
                case { Key: ConsoleKey.Backspace } when typed.Count > 0:
                    typed.RemoveAt(typed.Count - 1);
                    break;
                case { KeyChar: >= ' ' } key:
                    typed.Add(key.KeyChar);
                    break;
            }
        }
    }
}
