using System.Text;

namespace Stoa.Gateway.Storage;

/// <summary>
/// Blob names as relative file paths, one to one on any file system: <c>Ab/c.json</c> is <c>!ab+/c.json</c>. A capital is written
/// as <c>!</c> and its small letter, since names may differ in case only; folders end in <c>+</c>, since both <c>a</c> and
/// <c>a/b</c> may exist.
/// </summary>
internal static class BlobPath
{
    public static string Encode(string name)
    {
        var path = new StringBuilder(name.Length + 8);
        foreach (var c in name)
        {
            _ = c switch
            {
                '/' => path.Append('+').Append(Path.DirectorySeparatorChar),
                >= 'A' and <= 'Z' => path.Append('!').Append(char.ToLowerInvariant(c)),
                _ => path.Append(c),
            };
        }

        return path.ToString();
    }

    public static string Decode(string path)
    {
        var name = new StringBuilder(path.Length);
        for (var i = 0; i < path.Length; i++)
        {
            _ = path[i] switch
            {
                '+' => name.Append('/'),
                '!' => name.Append(char.ToUpperInvariant(path[++i])),
                var c when c == Path.DirectorySeparatorChar => name,
                var c => name.Append(c),
            };
        }

        return name.ToString();
    }
}
