using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Stoa.Gateway.Tools.Templates;

namespace Stoa.Gateway.Tests.Tools.Templates;

/// <summary>Any values in any template: the output is one JSON value, and every value is found in it again.</summary>
public sealed class TemplatePropertyTests
{
    private static readonly string[] Names = ["a", "b", "c", "d", "missing"];

    [Fact]
    public void Any_value_in_any_template_comes_out_as_it_went_in()
    {
        var seen = (Values: 0, Texts: 0);
        var cases =
            from input in Input
            from node in Node(3)
            select (input, node);

        Check.One(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var scope = Given.Scope(c.input);
            var written = Given.Written(c.node.Template, scope);
            using var output = JsonDocument.Parse(written);
            c.node.Check(scope.Input, output.RootElement, ref seen.Values, ref seen.Texts);
        }));
        Assert.True(seen is { Values: > 100, Texts: > 100 }, seen.ToString());
    }

    [Fact]
    public void Any_value_in_a_text_is_its_text()
    {
        Check.One(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(Input.ToArbitrary(), input =>
        {
            if (Encoding.UTF8.GetByteCount(input) > TextTemplate.MaxOutput - 3)
            {
                return;
            }

            var scope = Given.Scope(input);
            Assert.Equal($"<{TextOf(scope.Input, "a")}|{TextOf(scope.Input, "b")}>", Given.Rendered("<{{.input.a}}|{{.input.b}}>", scope));
            Assert.Equal(scope.Input.TryGetProperty("c", out var c) && c.ValueKind is not JsonValueKind.Null, Given.Rendered("{{.input.c}}", scope) is not null);
        }));
    }

    [Fact]
    public void Any_text_at_all_compiles_or_has_a_fault_inside_it()
    {
        string[] pieces = ["{{", "}}", "{", "}", "[", "]", "\"", ".input", ".response", ".a", "[0]", "|", "default", "json", " ", "\n", ",", ":", "1", "null", "\\", "\ud83d", "range"];
        var texts = from parts in Gen.ArrayOf(Gen.Elements(pieces)) select string.Concat(parts);

        Check.One(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(texts.ToArbitrary(), text =>
        {
            if (!JsonTemplate.TryCompile(text, out var template, out var fault))
            {
                var lines = text.Split('\n');
                Assert.InRange(fault.Line, 1, lines.Length);
                Assert.InRange(fault.Column, 1, lines[fault.Line - 1].Length + 1);
            }
            else
            {
                using var output = JsonDocument.Parse(Given.Written(template, Given.Scope("""{"a":"\"","default":1}""")));
            }
        }));
    }

    private static Gen<string> Input { get; } =
        from values in Gen.ArrayOf(RandomJson.Value(["a", "b", "\\u0063", "odd \\\" name"]), Names.Length - 1)
        select $"{{{string.Join(',', values.Select((value, i) => $"\"{Names[i]}\":{value}"))}}}";

    private static Gen<TemplateNode> Node(int depth)
    {
        var value = from name in Gen.Elements(Names) select (TemplateNode)new ValueNode(name);
        var fixedText = from plain in RandomJson.Text where plain.Length < 150 && !plain.Contains("{{", StringComparison.Ordinal) select plain;
        var text =
            from count in Gen.Choose(0, 4)
            from parts in Gen.ArrayOf(from before in fixedText from name in Gen.Elements(Names) select (before, name), count)
            select (TemplateNode)new TextNode(parts);
        if (depth == 0)
        {
            return Gen.OneOf(value, text);
        }

        var list =
            from items in Gen.ArrayOf(Node(depth - 1), 3)
            from space in Gen.Elements("", " ", "\n\t")
            select (TemplateNode)new ListNode(items, space);
        return Gen.OneOf(value, text, list);
    }

    private static string TextOf(JsonElement input, string name) => !input.TryGetProperty(name, out var value) ? "" : value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String => value.GetString()!,
        _ => value.GetRawText(),
    };

    private abstract record TemplateNode(string Template)
    {
        public abstract void Check(JsonElement input, JsonElement output, ref int values, ref int texts);
    }

    private sealed record ValueNode(string Name) : TemplateNode($"{{{{.input.{Name}}}}}")
    {
        public override void Check(JsonElement input, JsonElement output, ref int values, ref int texts)
        {
            Assert.Equal(input.TryGetProperty(Name, out var value) ? value.GetRawText() : "null", output.GetRawText());
            values++;
        }
    }

    private sealed record TextNode((string Before, string Name)[] Parts)
        : TemplateNode($"\"{string.Concat(Parts.Select(p => $"{p.Before}{{{{.input.{p.Name}}}}}"))}\"")
    {
        public override void Check(JsonElement input, JsonElement output, ref int values, ref int texts)
        {
            var expected = new StringBuilder();
            foreach (var (before, name) in Parts)
            {
                expected.Append(Given.Json($"\"{before}\"").GetString()).Append(TextOf(input, name));
            }

            Assert.Equal(expected.ToString(), output.GetString());
            texts++;
        }
    }

    private sealed record ListNode(TemplateNode[] Items, string Space)
        : TemplateNode($"{{\"list\":{Space}[{string.Join($"{Space},{Space}", Items.Select(i => i.Template))}{Space}]{Space}}}")
    {
        public override void Check(JsonElement input, JsonElement output, ref int values, ref int texts)
        {
            var list = output.GetProperty("list");
            Assert.Equal(Items.Length, list.GetArrayLength());
            for (var i = 0; i < Items.Length; i++)
            {
                Items[i].Check(input, list[i], ref values, ref texts);
            }
        }
    }
}
