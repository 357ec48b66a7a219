using System.Text.Json.Nodes;

namespace Stoa.Cli.Output;

/// <summary>How a command prints what it has.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Table,
    Json,
    Yaml,
}

internal static class OutputFormats
{
    public static OutputFormat Parse(string text) => text switch
    {
        "json" => OutputFormat.Json,
        "yaml" => OutputFormat.Yaml,
        _ => OutputFormat.Table,
    };

    /// <summary>Prints a document, when the format is one for programs; false when it is not.</summary>
    public static bool TryPrint(this OutputFormat format, Screen screen, JsonNode? document)
    {
        switch (format)
        {
            case OutputFormat.Json:
                screen.Verbatim(JsonDisplay.Of(document) + "\n");
                return true;
            case OutputFormat.Yaml:
                screen.Verbatim(YamlDisplay.Of(document));
                return true;
            default:
                return false;
        }
    }
}
