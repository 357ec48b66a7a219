using System.Globalization;
using System.Text;

namespace Stoa.Gateway.Tools.Answers;

/// <summary>What a <see cref="Reduction"/> took away.</summary>
internal sealed class ReductionReport
{
    private const int MaxNamed = 4;

    // The first few lists that show less than all, outermost last.
    private readonly List<ListCut> _named = [];

    public int Lists { get; private set; }

    public int Nulls { get; set; }

    public int Empties { get; set; }

    /// <summary>Members left out because they only explain.</summary>
    public int Explanations { get; set; }

    public int Texts { get; set; }

    /// <summary>White space aside, everything is there.</summary>
    public bool IsNothing => Lists + Nulls + Empties + Explanations + Texts == 0;

    /// <summary>Whether another list would be named; the path of one that is not need not be made.</summary>
    public bool HasRoom => _named.Count < MaxNamed;

    public void AddList(ListCut? cut)
    {
        Lists++;
        if (cut is not null)
        {
            _named.Add(cut);
        }
    }

    /// <summary>A sentence for the agent; empty when nothing is missing.</summary>
    public override string ToString()
    {
        if (IsNothing)
        {
            return "";
        }

        var text = new StringBuilder("Shortened by the gateway: ");
        var start = text.Length;
        foreach (var cut in _named)
        {
            Add(text, start, $"{cut.Shown} of {cut.Total} items of {(cut.Path.Length == 0 ? "the list" : cut.Path)} shown");
        }

        AddCount(text, start, Lists - _named.Count, "more list shortened", "more lists shortened");
        AddCount(text, start, Nulls + Empties, "null or empty member left out", "null or empty members left out");
        AddCount(text, start, Explanations, "explaining member left out", "explaining members left out");
        AddCount(text, start, Texts, "long text cut", "long texts cut");
        return text.Append('.').ToString();
    }

    private static void AddCount(StringBuilder text, int start, int count, string one, string many)
    {
        if (count > 0)
        {
            Add(text, start, string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}"));
        }
    }

    private static void Add(StringBuilder text, int start, string part) => text.Append(text.Length == start ? "" : "; ").Append(part);
}

/// <summary>A list that shows less than all of its items.</summary>
/// <param name="Path">JSON pointer (RFC 6901) in the answer as it came; empty for the answer itself.</param>
/// <param name="Shown">Its first so many.</param>
/// <param name="Total">So many the upstream sent.</param>
internal sealed record ListCut(string Path, int Shown, int Total);
