using System.Text.Json;
using Stoa.Gateway.Resources.Reading;

namespace Stoa.Gateway.Resources.Shapes;

/// <summary>Rewrites another way of writing an object into the main one; null when it cannot, and then the reason is reported at the place.</summary>
internal delegate Node? Respelling(Node node, Place place);

/// <summary>An object that may be written in other ways as well; each is rewritten to the main one, which alone is checked further and stored.</summary>
/// <param name="main">How it is stored.</param>
/// <param name="respell">Leaves alone what is written in the main way, right or wrong.</param>
/// <param name="others">JSON Schemas of the other ways, for editors.</param>
internal sealed class SpellingShape(ObjectShape main, Respelling respell, params Action<Utf8JsonWriter>[] others) : Shape
{
    public ObjectShape Main => main;

    public override string Words => main.Words;

    public override Node? Read(Node node, Place place) => respell(node, place) is { } usual ? main.Read(usual, place) : null;

    public override void Describe(Utf8JsonWriter json)
    {
        json.WriteStartArray("anyOf");
        foreach (var describe in others.Prepend(main.Describe))
        {
            json.WriteStartObject();
            describe(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
