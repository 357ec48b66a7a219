using System.Text.Json;
using Stoa.Gateway.Resources.Reading;

namespace Stoa.Gateway.Resources.Shapes;

/// <summary><c>true</c> or <c>false</c>; in YAML 1.2 yes, no, on and off are texts, and the fault says so.</summary>
internal sealed class FlagShape : Shape
{
    public override string Words => "`true` or `false`";

    public override Node? Read(Node node, Place place) => node is ScalarNode { Kind: ScalarKind.Flag } ? node : Refuse(place, node, "`true` or `false`");

    public override void Describe(Utf8JsonWriter json) => json.WriteString("type", "boolean");
}
