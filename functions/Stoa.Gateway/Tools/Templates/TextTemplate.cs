using System.Diagnostics.CodeAnalysis;
using System.Text;
using Stoa.Gateway.Schemas.Json;

namespace Stoa.Gateway.Tools.Templates;

/// <summary>
/// A text with expressions in <c>{{ }}</c>, for the value of a query parameter or a header. Texts and numbers stand for themselves, lists
/// and objects are their JSON. Nothing is percent-encoded here and nothing is refused: that is for whoever knows where the text goes.
/// </summary>
internal sealed class TextTemplate
{
    /// <summary>Bytes of JSON that the values have, and of the text between; few servers take a header or URL of that length.</summary>
    public const int MaxOutput = 32 * 1024;

    private readonly (string Before, Expression? Expression)[] _parts;

    private TextTemplate((string Before, Expression? Expression)[] parts, TemplateReads reads) => (_parts, Reads) = (parts, reads);

    /// <summary>What it reads, with positions.</summary>
    public TemplateReads Reads { get; }

    /// <summary>Names of the arguments it reads.</summary>
    public IReadOnlyCollection<string> Inputs => Reads.Inputs;

    public bool ReadsWholeInput => Reads.WholeInput;

    public static bool TryCompile(string text, [NotNullWhen(true)] out TextTemplate? template, [NotNullWhen(false)] out TemplateFault? fault)
    {
        template = null;
        var cursor = new TemplateCursor(text);
        if (!cursor.IsReadable(out fault))
        {
            return false;
        }

        var reads = new TemplateReads();
        var expressions = new ExpressionParser(cursor, reads);
        var parts = new List<(string, Expression?)>();
        for (var open = cursor.Rest.IndexOf("{{"); open >= 0; open = cursor.Rest.IndexOf("{{"))
        {
            var before = cursor.Rest[..open].ToString();
            cursor.At += open;
            if (expressions.Read() is not { } expression)
            {
                fault = cursor.Fault!;
                return false;
            }

            parts.Add((before, expression));
        }

        parts.Add((cursor.Rest.ToString(), null));
        template = new([.. parts], reads);
        return true;
    }

    /// <summary>Takes a text that was compiled when its tool was applied, so that a fault here means a damaged revision.</summary>
    public static TextTemplate OfStored(string text) => TryCompile(text, out var compiled, out var fault) ? compiled : throw fault.AsDamage();

    /// <summary>
    /// The text is null when the template is one expression and nothing else, and its value is missing or null: then the parameter is left
    /// out. Within text a missing value is empty. False with a fault in words for an agent when there is too much of it.
    /// </summary>
    public bool TryRender(in TemplateScope scope, out string? text, out string fault)
    {
        (text, fault) = (null, "");
        if (_parts is [(var only, null)])
        {
            text = only;
            return true;
        }

        Span<byte> scratch = stackalloc byte[1024];
        Span<char> decoded = stackalloc char[Utf16Text.ScratchSize];
        var rendered = new StringBuilder();
        var work = Expression.MaxWork;
        var used = 0L;
        foreach (var (before, expression) in _parts)
        {
            var value = expression is null ? [] : expression.Find(scope, scratch, ref work);
            used += before.Length + value.Length;
            fault = work < 0 ? Expression.TooMuchWork : used > MaxOutput ? $"A value for the query or a header is over {MaxOutput} bytes. Send less." : "";
            if (fault.Length > 0)
            {
                return false;
            }

            if (expression is not null && IsNothing(value) && IsOneExpression)
            {
                return true;
            }

            rendered.Append(before);
            Append(rendered, value, expression is { AsJsonText: true }, decoded);
        }

        text = rendered.ToString();
        return true;
    }

    // Then nothing is left when its value is missing.
    private bool IsOneExpression => _parts is [("", _), ("", null)];

    private static bool IsNothing(ReadOnlySpan<byte> value) => value is [] or [(byte)'n', ..];

    private static void Append(StringBuilder text, ReadOnlySpan<byte> value, bool asJsonText, Span<char> decoded)
    {
        if (asJsonText || !IsNothing(value))
        {
            if (value is [(byte)'"', ..] && !asJsonText)
            {
                using var chars = new Utf16Text(value[1..^1], decoded);
                text.Append(chars.Chars);
            }
            else
            {
                text.Append(IsNothing(value) ? "null" : Encoding.UTF8.GetString(value));
            }
        }
    }
}
