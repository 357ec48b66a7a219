using Stoa.Gateway.Kernel;
using Stoa.Gateway.Resources;

namespace Stoa.Gateway.Tools.Templates;

/// <summary>Reads one expression: <c>{{</c>, a path from .input, .response or .context or a JSON string, functions after <c>|</c>, <c>}}</c>.</summary>
internal sealed class ExpressionParser(TemplateCursor cursor, TemplateReads reads)
{
    private const int MaxExpressions = 256;

    private static readonly string[] Roots = ["input", "response", "context"];
    private static readonly string[] Functions = ["default", "json"];
    private static readonly string[] ContextNames = ["tenant", "consumer", "tool", "requestId"];
    private static readonly string[] Statements =
        ["range", "if", "else", "end", "with", "define", "template", "block", "break", "continue", "for", "each", "foreach", "while"];

    private int _count;

    /// <summary>The cursor stands on <c>{{</c>; afterwards behind <c>}}</c>. Null after a fault.</summary>
    public Expression? Read()
    {
        var open = cursor.At;
        if (_count++ == MaxExpressions)
        {
            cursor.Fail($"A template has at most {MaxExpressions} expressions.");
            return null;
        }

        cursor.At += 2;
        cursor.SkipSpace();
        if (cursor.IsAtEnd)
        {
            return NeverClosed(open);
        }

        var value = cursor.Current switch
        {
            '.' => ReadPath(),
            '"' => JsonStringReader.TryRead(cursor, out var text) ? Expression.Literal(JsonEscape.Quote(text, []).ToArray()) : null,
            _ => Refuse(open),
        };
        return value is null ? null : ReadFunctions(value, open);
    }

    private Expression? ReadPath()
    {
        var start = cursor.At++;
        var at = cursor.At;
        var root = cursor.TakeWord();
        var steps = new List<PathStep>();
        return root switch
        {
            "context" => ReadContext(start),
            "input" or "response" => TryRead(start, root == "input" ? TemplateRoot.Input : TemplateRoot.Response, steps),
            "" => Fault(at, "Expected .input, .response or .context."),
            _ => Fault(at, Nearest.Among(root, Roots) is { } near
                ? $"Nothing here is named `.{Quoted(root)}`; did you mean `.{near}`?"
                : $"A path begins with .input, .response or .context, as in .input.{Quoted(root)} for an argument."),
        };
    }

    private Expression? TryRead(int start, TemplateRoot root, List<PathStep> steps)
    {
        var at = cursor.At;
        if (!PathReader.TryReadSteps(cursor, allowEach: false, steps))
        {
            return null;
        }

        if (root is TemplateRoot.Input && steps is [{ IsMember: false }, ..])
        {
            return Fault(at, "The arguments are an object: name one of them, as in .input.city.");
        }

        reads.Add(new(root, steps is [{ IsMember: true } first, ..] ? first.Name : null, cursor.PositionOf(start)));
        return Expression.Path(root, [.. steps]);
    }

    private Expression? ReadContext(int start)
    {
        var at = cursor.At + 1;
        var steps = new List<PathStep>();
        if (!PathReader.TryReadSteps(cursor, allowEach: false, steps))
        {
            return null;
        }

        var name = steps is [{ IsMember: true } only] ? only.Name : null;
        if (name is not null && Array.IndexOf(ContextNames, name) is >= 0 and var member)
        {
            reads.Add(new(TemplateRoot.Context, name, cursor.PositionOf(start)));
            return Expression.Context((ContextMember)member);
        }

        return Fault(steps.Count == 0 ? start : at, name is not null && Nearest.Among(name, ContextNames) is { } near
            ? $"The context has no `{Quoted(name)}`; did you mean .context.{near}?"
            : $"Write one of .context.{string.Join(", .context.", ContextNames)}.");
    }

    private Expression? ReadFunctions(Expression value, int open)
    {
        byte[] fallback = [];
        var asJsonText = false;
        while (true)
        {
            cursor.SkipSpace();
            if (cursor.Is("}}"))
            {
                cursor.At += 2;
                return value.With(fallback, asJsonText);
            }

            if (!cursor.TryTake('|'))
            {
                return cursor.IsAtEnd ? NeverClosed(open) : Fault(cursor.At, cursor.Current switch
                {
                    '}' => "Close the expression with two braces, `}}`.",
                    '-' => "Remove the `-`; there are no trim markers.",
                    _ => "Expected `|` and a function, or `}}`.",
                });
            }

            cursor.SkipSpace();
            var at = cursor.At;
            switch (cursor.TakeWord())
            {
                case "default" when asJsonText:
                    return Fault(at, "Write `default` before `json`.");
                case "default" when fallback.Length > 0:
                case "json" when asJsonText:
                    return Fault(at, "Write each function once.");
                case "default":
                    if (!TryReadLiteral(out fallback))
                    {
                        return null;
                    }

                    break;
                case "json":
                    asJsonText = true;
                    break;
                case var unknown:
                    return Fault(at, UnknownFunction(unknown));
            }
        }
    }

    private bool TryReadLiteral(out byte[] json)
    {
        cursor.SkipSpace();
        var start = cursor.At;
        var literal = new TemplateParts();
        json = [];
        if (cursor.Current is '.' or '}' or '\'' || char.IsLetter(cursor.Current) && cursor.Current is not ('t' or 'f' or 'n'))
        {
            return cursor.Fail(start, "After `default` stands a JSON value: \"text\" in double quotes, a number, true, false, null, a list or an object.");
        }

        if (!new JsonTemplateParser(cursor, literal, expressions: null).TryReadValue())
        {
            return false;
        }

        json = literal.Text;
        return true;
    }

    /// <summary>Whatever starts with neither a dot nor a quote is meant as something that templates do not have.</summary>
    private Expression? Refuse(int open)
    {
        var at = cursor.At;
        var word = cursor.TakeWord();
        return Fault(at, word switch
        {
            _ when Array.IndexOf(Statements, word) >= 0 => $"`{word}`: {PathReader.NoLoops}",
            _ when Array.IndexOf(Roots, word) >= 0 => $"A path begins with a dot: .{word}",
            _ when Array.IndexOf(Functions, word) >= 0 => $"A function follows its value, as in {{{{.input.city | {word}{(word == "default" ? " \"Paris\"" : "")}}}}}.",
            "" => cursor.Current switch
            {
                '}' => "This expression is empty; write a path such as .input.city.",
                '{' => "An expression is held by two braces, not three.",
                '/' or '!' when !cursor.Is("/") || cursor.Is("/*") => "There are no comments inside a template; use the YAML's own.",
                '#' or '/' => PathReader.NoLoops,
                '(' => "There are no groups and no calls; a path, then functions after `|`.",
                _ => "Expected a path such as .input.city.",
            },
            _ when word[0] == '$' => "There are no variables; write the path where its value is needed.",
            _ when word[0] == '-' => "Remove the `-`; there are no trim markers.",
            _ when char.IsDigit(word[0]) || word is "true" or "false" or "null" => "Write a fixed value straight into the template, without braces.",
            _ when cursor.Current is ' ' or '(' => $"{UnknownFunction(word)} A function follows its value after `|`.",
            _ => $"A path begins with .input, .response or .context, as in .input.{Quoted(word)} for an argument.",
        });
    }

    private static string UnknownFunction(string name) =>
        name.Length == 0 ? "Expected the name of a function: `default` or `json`."
        : Nearest.Among(name, Functions) is { } near ? $"There is no function `{Quoted(name)}`; did you mean `{near}`?"
        : $"There is no function `{Quoted(name)}`; there are `default` and `json`.";

    private Expression? NeverClosed(int open) => Fault(open, "This expression is never closed; end it with `}}`.");

    private Expression? Fault(int at, string reason)
    {
        cursor.Fail(at, reason);
        return null;
    }

    private static string Quoted(string word) => JsonText.Shorten(word, 40);
}
