namespace Stoa.Gateway.Models.Translation;

/// <summary>What a translation left out: field paths, each once, in a form that fits a header.</summary>
internal sealed class Losses
{
    private readonly List<string> _paths = [];

    public IReadOnlyList<string> Paths => _paths;

    public void Add(string path)
    {
        var clean = Clean(path);
        if (!_paths.Contains(clean))
        {
            _paths.Add(clean);
        }
    }

    // A field that the caller made up may be named anything.
    private static string Clean(string path) =>
        path.Length <= 80 && path.AsSpan().IndexOfAnyExcept(Allowed) < 0
            ? path
            : string.Concat(path.Take(80).Select(c => Allowed.Contains(c) ? c : '_'));

    private static readonly System.Buffers.SearchValues<char> Allowed =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.[]-");
}
