using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tools.Templates;

/// <summary>
/// A JSON text with expressions in <c>{{ }}</c>. Outside a string an expression is written as a JSON value (numbers keep their digits, a
/// missing value is null); inside a string its text is escaped into it (missing and null are empty, lists and objects their JSON).
/// Whatever the values are, the output is one JSON value.
/// </summary>
internal sealed class JsonTemplate
{
    /// <summary>Bytes of output, unless the caller says otherwise.</summary>
    public const int DefaultMaxOutput = 1024 * 1024;

    private readonly TemplatePart[] _parts;

    private JsonTemplate(TemplatePart[] parts, TemplateReads reads, int deepestValue) =>
        (_parts, Reads, DeepestValue) = (parts, reads, deepestValue);

    /// <summary>What it reads, with positions.</summary>
    public TemplateReads Reads { get; }

    /// <summary>Names of the arguments it reads.</summary>
    public IReadOnlyCollection<string> Inputs => Reads.Inputs;

    public bool ReadsWholeInput => Reads.WholeInput;

    /// <summary>How deep the deepest expression stands that becomes a value, 0 when it is the whole template and -1 when there is none.</summary>
    public int DeepestValue { get; }

    /// <summary>Linear in the text; a fault is the first one.</summary>
    public static bool TryCompile(string text, [NotNullWhen(true)] out JsonTemplate? template, [NotNullWhen(false)] out TemplateFault? fault)
    {
        template = null;
        var cursor = new TemplateCursor(text);
        if (!cursor.IsReadable(out fault))
        {
            return false;
        }

        var reads = new TemplateReads();
        var parts = new TemplateParts();
        var parser = new JsonTemplateParser(cursor, parts, new(cursor, reads));
        if (parser.TryReadValue())
        {
            cursor.SkipSpace();
            if (cursor.IsAtEnd)
            {
                template = new(parts.ToArray(), reads, parser.DeepestValue);
                return true;
            }

            cursor.Fail("Expected the end: a template is one JSON value.");
        }

        fault = cursor.Fault!;
        return false;
    }

    /// <summary>Takes a text that was compiled when its tool was applied, so that a fault here means a damaged revision.</summary>
    public static JsonTemplate OfStored(string text) => TryCompile(text, out var compiled, out var fault) ? compiled : throw fault.AsDamage();

    public bool TryWrite(in TemplateScope scope, IBufferWriter<byte> output, out string fault) => TryWrite(scope, output, DefaultMaxOutput, out fault);

    /// <summary>False with a fault in words for an agent; what was written until then is to be thrown away.</summary>
    public bool TryWrite(in TemplateScope scope, IBufferWriter<byte> output, int maxOutput, out string fault)
    {
        fault = "";
        Span<byte> scratch = stackalloc byte[1024];
        var work = Expression.MaxWork;
        var json = new TemplateOutput(output, maxOutput);
        foreach (var part in _parts)
        {
            json.Write(part.Before);
            if (part.Expression is { } expression)
            {
                var value = expression.Find(scope, scratch, ref work);
                if (work < 0)
                {
                    fault = Expression.TooMuchWork;
                    return false;
                }

                if (JsonText.HasLoneSurrogate(value))
                {
                    fault = "A value holds half of a surrogate pair (an escape such as \\ud800 without its other half), which is no text. Send whole characters.";
                    return false;
                }

                json.Write(value, part.InString, expression.AsJsonText);
            }

            if (json.IsFull)
            {
                fault = $"What this tool makes of the values is over its limit of {maxOutput} bytes. Ask for less.";
                return false;
            }
        }

        return true;
    }
}
