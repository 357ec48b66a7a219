using System.Diagnostics;
using System.Globalization;
using Stoa.Cli.Output;

namespace Stoa.Cli.Commands;

/// <summary>A bar on a terminal while a ledger is verified; nothing anywhere else, and nothing of work that is done at once.</summary>
internal sealed class AuditProgress(Screen screen)
{
    private const int Width = 30;

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private TimeSpan _next = Moment;
    private int _shown;

    public void Show(long done, long size)
    {
        if (!screen.IsTerminal || size == 0 || _watch.Elapsed < _next)
        {
            return;
        }

        _next = _watch.Elapsed + Moment;
        var filled = (int)(Width * done / size);
        var line = string.Create(CultureInfo.InvariantCulture, $"[{new string('#', filled)}{new string('.', Width - filled)}] {100 * done / size,3} %  {done:N0} of {size:N0} records");
        screen.Verbatim($"\r{line.PadRight(_shown)}");
        _shown = line.Length;
    }

    public void Clear()
    {
        if (_shown > 0)
        {
            screen.Verbatim($"\r{new string(' ', _shown)}\r");
        }
    }
}
