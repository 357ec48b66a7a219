using System.CommandLine;

namespace Stoa.Cli.Commands;

/// <summary>The options by which commands take documents.</summary>
internal sealed class FileOptions
{
    public FileOptions(Command command, bool isRequired)
    {
        Files.Required = isRequired;
        command.Add(Files);
        command.Add(Recursive);
    }

    public Option<string[]> Files { get; } = new("--filename", "-f")
    {
        Description = "A file, a folder (its .yaml, .yml and .json files) or - for standard input; may be repeated.",
        HelpName = "file|folder|-",
    };

    public Option<bool> Recursive { get; } = new("--recursive", "-R") { Description = "Look into the folders of a folder too." };

    public Task<Documents.SourceFiles> ReadAsync(Invocation call, CancellationToken ct) =>
        Documents.SourceFiles.ReadAsync(call.Parsed.GetValue(Files)!, call.Parsed.GetValue(Recursive), ct);
}
