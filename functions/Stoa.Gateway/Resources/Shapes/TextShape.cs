using System.Text;
using System.Text.Json;
using Stoa.Gateway.Resources.Reading;

namespace Stoa.Gateway.Resources.Shapes;

/// <summary>A text within limits: characters are Unicode scalar values, as JSON Schema counts them.</summary>
internal sealed class TextShape : Shape
{
    private static readonly TextRule Any = new("text", null, static _ => true);

    public int Shortest { get; init; }

    public int Longest { get; init; } = int.MaxValue;

    /// <summary>In bytes of UTF-8, for what is stored sealed.</summary>
    public int LongestInBytes { get; init; } = int.MaxValue;

    public TextRule Rule { get; init; } = Any;

    /// <summary>Control characters other than tab and line ends are allowed only for values that nobody displays.</summary>
    public bool AnyCharacters { get; init; }

    public override string Words => (ReferenceEquals(Rule, Any), Longest, LongestInBytes) switch
    {
        (false, _, _) => $"text: {Rule.Words}",
        (_, < int.MaxValue, _) => $"text, {Shortest} to {Longest} characters",
        (_, _, < int.MaxValue) => $"text, at most {SizeText.Format(LongestInBytes)}",
        _ => "text",
    };

    public override Node? Read(Node node, Place place)
    {
        if (node is not ScalarNode { Kind: ScalarKind.Text } scalar)
        {
            return node is MapNode or ListNode || node is ScalarNode { Kind: ScalarKind.Null }
                ? Refuse(place, node, "text")
                : Refuse(place, node, "text: put the value in quotes if it is meant as written");
        }

        if (Complaint(scalar.Text) is not { } complaint)
        {
            return scalar;
        }

        place.Fault(scalar.At, complaint);
        return null;
    }

    public override void Describe(Utf8JsonWriter json)
    {
        json.WriteString("type", "string");
        if (Shortest > 0)
        {
            json.WriteNumber("minLength", Shortest);
        }

        if (Longest < int.MaxValue)
        {
            json.WriteNumber("maxLength", Longest);
        }

        if (Rule.Pattern is not null)
        {
            json.WriteString("pattern", Rule.Pattern);
        }
    }

    private string? Complaint(string text)
    {
        var length = Longest == int.MaxValue && Shortest <= 1 ? text.Length : text.EnumerateRunes().Count();
        if (length < Shortest)
        {
            return Shortest == 1 ? "The text is empty; give it a value or remove the field." : $"The text has {length} characters; it needs at least {Shortest}.";
        }

        if (length > Longest)
        {
            return $"The text has {length} characters; at most {Longest} are allowed.";
        }

        if (LongestInBytes < int.MaxValue && Encoding.UTF8.GetByteCount(text) is var bytes && bytes > LongestInBytes)
        {
            return $"The text has {bytes} bytes; at most {LongestInBytes} ({SizeText.Format(LongestInBytes)}) are allowed.";
        }

        if (!AnyCharacters && text.Any(static c => char.IsControl(c) && c is not ('\t' or '\n' or '\r')))
        {
            return "The text holds a control character; remove it.";
        }

        return Rule.Accepts(text) ? null : $"Expected {Rule.Words}.";
    }
}
