using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace Stoa.Cli.Documents;

/// <summary>The shape of YAML as JSON, every scalar a text: enough to look up what a schema says, not to judge it.</summary>
internal static class YamlReading
{
    private const int Deepest = 64;

    public static JsonNode? ToJson(YamlNode node, int depth = 0) => depth > Deepest ? null : node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Where(c => c.Key is YamlScalarNode { Value: not null })
            .Select(c => new KeyValuePair<string, JsonNode?>(((YamlScalarNode)c.Key).Value!, ToJson(c.Value, depth + 1)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(item => ToJson(item, depth + 1))]),
        YamlScalarNode { Value: { } text } => JsonValue.Create(text),
        _ => null,
    };
}
