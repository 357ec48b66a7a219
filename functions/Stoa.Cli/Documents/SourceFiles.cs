using System.Text;

namespace Stoa.Cli.Documents;

/// <summary>
/// The files of one request, joined into one body that the gateway judges as a whole, and the way back from its lines to theirs. A line
/// <c>...</c> between two files ends whatever the first left open (YAML 1.2.2 §9.1.2).
/// </summary>
internal sealed class SourceFiles
{
    /// <summary>What the gateway takes in one apply.</summary>
    public const int MostBytes = 16 * 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<(int FirstLine, string File)> _starts = [];

    private SourceFiles(IReadOnlyList<SourceFile> files)
    {
        Files = files;
        var body = new StringBuilder();
        var line = 1;
        foreach (var file in files)
        {
            if (files.Count > 1)
            {
                // The first mark also makes the body YAML when its first file is JSON.
                body.Append(line == 1 ? "#\n" : "...\n");
                line++;
            }

            _starts.Add((line, file.Name));
            body.Append(file.Text);
            line += LinesIn(file.Text);
            if (files.Count > 1 && file.Text is not [.., '\n' or '\r'])
            {
                body.Append('\n');
                line++;
            }
        }

        Body = Encoding.UTF8.GetBytes(body.ToString());
    }

    public IReadOnlyList<SourceFile> Files { get; }

    public byte[] Body { get; }

    /// <summary>For progress: what is being worked on.</summary>
    public string Summary => Files.Count == 1 ? Files[0].Name : $"{Files.Count} files";

    /// <param name="paths">Files, folders, or <c>-</c> for standard input.</param>
    public static async Task<SourceFiles> ReadAsync(IReadOnlyList<string> paths, bool recursive, CancellationToken ct)
    {
        var files = new List<SourceFile>();
        foreach (var path in paths.SelectMany(path => Expand(path, recursive)).Distinct(StringComparer.Ordinal))
        {
            files.Add(await ReadAsync(path, ct));
        }

        var sources = new SourceFiles(files);
        return sources.Body.Length <= MostBytes ? sources : throw CommandStop.Usage(
            $"{sources.Summary} would send {sources.Body.Length / 1048576.0:0.0} MiB, and the gateway takes at most {MostBytes / 1048576} MiB at once.",
            "Nothing was sent. Run the command in parts, with fewer files each; a Secret goes before or with the Tools that use it.");
    }

    /// <summary>The file and its own line for a line of the body.</summary>
    public (string File, int Line) Locate(int line)
    {
        var (first, file) = _starts.LastOrDefault(start => start.FirstLine <= line, _starts[0]);
        return (file, Math.Max(1, line - first + 1));
    }

    private static string[] Expand(string path, bool recursive)
    {
        if (!Directory.Exists(path))
        {
            return [path];
        }

        var depth = recursive ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly;
        var found = Directory.EnumerateFiles(path, "*", depth).Where(f => Path.GetExtension(f) is ".yaml" or ".yml" or ".json").Order(StringComparer.Ordinal).ToArray();
        return found.Length > 0 ? found : throw CommandStop.Usage($"The folder {path} holds no .yaml, .yml or .json file.", recursive ? null : "Say --recursive to look into its folders too.");
    }

    private static async Task<SourceFile> ReadAsync(string path, CancellationToken ct)
    {
        try
        {
            using var buffer = new MemoryStream();
            await using (var source = path == "-" ? Surroundings.OpenInput() : File.OpenRead(path))
            {
                await source.CopyToAsync(buffer, ct);
            }

            var name = path == "-" ? "standard input" : path;
            return new(name, Strict.GetString(buffer.GetBuffer(), 0, (int)buffer.Length).TrimStart('\ufeff'));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw CommandStop.Usage($"There is no file or folder {path}.");
        }
        catch (DecoderFallbackException e)
        {
            throw CommandStop.Usage($"{path} is not UTF-8: byte {e.Index + 1} does not fit.", "Save it as UTF-8.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandStop.Usage($"{path} cannot be read: {e.Message}");
        }
    }

    // \n, \r\n and \r each end a line, as the gateway counts.
    private static int LinesIn(string text)
    {
        var lines = 0;
        for (var i = 0; i < text.Length; i++)
        {
            lines += text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')) ? 1 : 0;
        }

        return lines;
    }
}

/// <summary>One file: its name as the user gave it, and its text.</summary>
internal sealed record SourceFile(string Name, string Text);
