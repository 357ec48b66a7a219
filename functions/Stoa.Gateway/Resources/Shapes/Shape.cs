using System.Text.Json;
using Stoa.Gateway.Resources.Reading;

namespace Stoa.Gateway.Resources.Shapes;

/// <summary>
/// What a field may hold. One declaration serves three readers: the check of a document, the JSON Schema for editors and the field
/// reference.
/// </summary>
internal abstract class Shape
{
    /// <summary>In a few words for the field reference, limits included.</summary>
    public abstract string Words { get; }

    /// <summary>Whether null is a value here and not the absence of one.</summary>
    public virtual bool TakesNull => false;

    /// <summary>
    /// The value as canonical JSON will hold it, or null when it is of no use; each reason is reported at the place. A map or list keeps
    /// its good parts, so that later checks see as much as possible.
    /// </summary>
    public abstract Node? Read(Node node, Place place);

    /// <summary>Writes JSON Schema 2020-12 keywords into the open object.</summary>
    public abstract void Describe(Utf8JsonWriter json);

    public static TextShape Text(int shortest, int longest) => new() { Shortest = shortest, Longest = longest };

    public static TextShape Text(TextRule rule) => new() { Rule = rule };

    public static IntegerShape Integer(long least, long most) => new(least, most);

    public static NumberShape Number(double least, double most) => new(least, most);

    public static FlagShape Flag() => new();

    public static DurationShape Duration(string shortest, string longest) => new(DurationText.Parse(shortest), DurationText.Parse(longest));

    public static SizeShape Size(string smallest, string largest) => new(SizeText.Parse(smallest), SizeText.Parse(largest));

    public static ChoiceShape Choice(params string[] values) => new(values);

    public static ListShape ListOf(Shape item, int most = 100) => new(item) { Most = most };

    public static MapShape MapOf(TextRule key, Shape value, int most = 64) => new(key, value) { Most = most };

    public static ObjectShape Object(params Field[] fields) => new(fields);

    public static SchemaShape Schema(string? rootType = null) => new(rootType);

    public static JsonShape Json() => new();

    protected static Node? Refuse(Place place, Node node, string expected)
    {
        place.Fault(node.At, $"Expected {expected}, found {Wording.Kind(node)}.");
        return null;
    }
}
