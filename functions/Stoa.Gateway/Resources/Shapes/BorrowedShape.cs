using System.Text.Json;
using Stoa.Gateway.Resources.Reading;

namespace Stoa.Gateway.Resources.Shapes;

/// <summary>A field of another kind in a second place: read and described in full, while the field reference only points to it.</summary>
internal sealed class BorrowedShape(Shape shape, string words) : Shape
{
    public override string Words => words;

    public override bool TakesNull => shape.TakesNull;

    public override Node? Read(Node node, Place place) => shape.Read(node, place);

    public override void Describe(Utf8JsonWriter json) => shape.Describe(json);
}
