using Spectre.Console;

namespace Stoa.Cli.Output;

/// <summary>One of the two output streams: coloured where there is a terminal that wants it, otherwise the bare text and nothing else.</summary>
internal sealed class Screen(TextWriter writer, bool isTerminal, bool isColored)
{
    // Terminals wrap by themselves; what is cut here cannot be copied.
    private const int Unlimited = 100_000;

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(300);

    private readonly IAnsiConsole? _console = isColored ? ConsoleOn(writer) : null;

    public bool IsTerminal => isTerminal;

    /// <summary>The stream whose text comes first where both end in one place.</summary>
    public TextWriter? After { get; init; }

    /// <summary>As it is: what other programs read.</summary>
    public void Verbatim(string text) => writer.Write(text);

    public void Line(string text = "") => Line((text, Tint.None));

    public void Line(params ReadOnlySpan<(string Text, Tint Tint)> parts)
    {
        After?.Flush();
        if (_console is null)
        {
            foreach (var (text, _) in parts)
            {
                writer.Write(isTerminal ? Printable.Lines(text) : text);
            }

            writer.WriteLine();
            return;
        }

        var line = new Paragraph();
        foreach (var (text, tint) in parts)
        {
            line.Append(Printable.Lines(text), StyleOf(tint));
        }

        _console.Write(line);
        writer.WriteLine();
    }

    /// <summary>Columns two spaces apart, without frames and without blanks at the ends of lines.</summary>
    public void Table(TextTable table)
    {
        var grid = new Grid();
        foreach (var _ in table.Heads)
        {
            grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        }

        grid.AddRow([.. table.Heads.Select(head => new Text(head, StyleOf(Tint.Head)))]);
        foreach (var row in table.Rows)
        {
            grid.AddRow([.. row.Select(cell => new Text(Printable.Line(cell), StyleOf(Tints.Of(cell))))]);
        }

        using var text = new StringWriter { NewLine = "\n" };
        (isColored ? ConsoleOn(text) : PlainOn(text)).Write(grid);
        foreach (var line in text.ToString().TrimEnd().Split('\n'))
        {
            writer.WriteLine(line.TrimEnd());
        }
    }

    /// <summary>Shows that work goes on once it takes longer than a moment: on a terminal only, and gone when the work is done.</summary>
    public async Task<T> WhileAsync<T>(string doing, Func<Task<T>> work)
    {
        After?.Flush();
        var working = work();
        if (!isTerminal || await Task.WhenAny(working, Task.Delay(Moment)) == working)
        {
            return await working;
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            ColorSystem = isColored ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(writer),
        });
        return await console.Status().Spinner(Spinner.Known.Line).StartAsync(Markup.Escape(doing), _ => working);
    }

    private static IAnsiConsole ConsoleOn(TextWriter writer) => Wide(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.Yes,
        ColorSystem = ColorSystemSupport.Standard,
        Interactive = InteractionSupport.No,
        Out = new AnsiConsoleOutput(writer),
    });

    private static IAnsiConsole PlainOn(TextWriter writer) => Wide(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.No,
        ColorSystem = ColorSystemSupport.NoColors,
        Interactive = InteractionSupport.No,
        Out = new AnsiConsoleOutput(writer),
    });

    private static IAnsiConsole Wide(AnsiConsoleSettings settings)
    {
        settings.Enrichment.UseDefaultEnrichers = false;
        var console = AnsiConsole.Create(settings);
        console.Profile.Width = Unlimited;
        return console;
    }

    private static Style StyleOf(Tint tint) => tint switch
    {
        Tint.Good => new Style(Color.Green),
        Tint.Warn => new Style(Color.Yellow),
        Tint.Bad => new Style(Color.Red),
        Tint.Info => new Style(Color.Aqua),
        Tint.Dim => new Style(Color.Grey),
        Tint.Head => new Style(decoration: Decoration.Bold),
        _ => Style.Plain,
    };
}

/// <summary>A table of texts.</summary>
internal sealed class TextTable(params string[] heads)
{
    private readonly List<string[]> _rows = [];

    public IReadOnlyList<string> Heads => heads;

    public IReadOnlyList<IReadOnlyList<string>> Rows => _rows;

    public void Add(params string[] cells) => _rows.Add(cells);
}
