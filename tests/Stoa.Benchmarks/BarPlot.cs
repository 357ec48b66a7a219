using System.Globalization;
using System.Text;

namespace Stoa.Benchmarks;

/// <summary>Bars over a logarithmic axis as an SVG, readable on light and on dark pages.</summary>
internal sealed class BarPlot(string title, string unit, string note)
{
    private const int Width = 860;
    private const int Left = 300;
    private const int Right = 120;
    private const int Top = 56;
    private const int Row = 40;

    private readonly List<(string Label, double Value)> _bars = [];

    public void Add(string label, double value) => _bars.Add((label, value));

    public string ToSvg()
    {
        var decades = Math.Max(1, (int)Math.Ceiling(Math.Log10(_bars.Max(b => b.Value))));
        var height = Top + (_bars.Count * Row) + 64;
        var svg = new StringBuilder();
        Append(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" role="img" font-family="system-ui, sans-serif" font-size="14">""");
        svg.Append("<style>text{fill:#1f2328}.quiet{fill:#59636e;font-size:12px}.line{stroke:#d1d9e0}.bar{fill:#0969da}@media(prefers-color-scheme:dark){text{fill:#e6edf3}.quiet{fill:#9198a1}.line{stroke:#3d444d}.bar{fill:#4493f8}}</style>\n");
        Append(svg, $"""<title>{title}</title><text x="16" y="28" font-size="17" font-weight="600">{title}</text>""");
        for (var decade = 0; decade <= decades; decade++)
        {
            var x = X(Math.Pow(10, decade), decades);
            Append(svg, $"""<line class="line" x1="{x}" x2="{x}" y1="{Top - 8}" y2="{Top + (_bars.Count * Row)}"/><text class="quiet" x="{x}" y="{Top + (_bars.Count * Row) + 18}" text-anchor="middle">{Short(decade)}</text>""");
        }

        for (var i = 0; i < _bars.Count; i++)
        {
            var (label, value) = _bars[i];
            var (y, end) = (Top + (i * Row), X(value, decades));
            Append(svg, $"""<text x="{Left - 12}" y="{y + 18}" text-anchor="end">{label}</text><rect class="bar" x="{Left}" y="{y + 2}" width="{end - Left}" height="24" rx="3"/><text x="{end + 8}" y="{y + 19}">{Words(value)}</text>""");
        }

        Append(svg, $"""<text class="quiet" x="16" y="{height - 14}">{unit}, logarithmic. {note}</text>""");
        return svg.Append("</svg>\n").ToString();
    }

    private static void Append(StringBuilder svg, string element) => svg.Append(element).Append('\n');

    private static int X(double value, int decades) => Left + (int)(Math.Log10(Math.Max(1, value)) / decades * (Width - Left - Right));

    private static string Short(int decade) => (decade % 3) switch { 0 => "1", 1 => "10", _ => "100" } + (decade / 3) switch { 0 => "", 1 => " k", 2 => " M", _ => " G" };

    private static string Words(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
