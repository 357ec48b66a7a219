using System.Buffers;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Stoa.Gateway.Tools.Answers;

namespace Stoa.Gateway.Tests.Tools.Answers;

public sealed class ResponseMappingTests
{
    private const string Weather = """
        {"coord": {"lon": 2.35, "lat": 48.85}, "weather": [{"id": 500, "description": "light rain"}, {"id": 701}, 7], "main": {"temp": 18.30, "humidity": 60}, "main": {"temp": 1}}
        """;

    [Theory]
    [InlineData("main.temp", "", """{"main":{"temp":18.30},"main":{"temp":1}}""")]
    [InlineData("main.temp coord", "", """{"coord":{"lon": 2.35, "lat": 48.85},"main":{"temp":18.30},"main":{"temp":1}}""")]
    [InlineData("weather[].description", "", """{"weather":[{"description":"light rain"},{}]}""")]
    [InlineData("weather[1]", "", """{"weather":[{"id": 701}]}""")]
    [InlineData("weather[0].id weather[].description", "", """{"weather":[{"id":500,"description":"light rain"},{}]}""")]
    [InlineData("main.nothing", "", """{"main":{},"main":{}}""")]
    [InlineData("main[0] coord.lon.x nothing", "", """{"coord":{}}""")]
    [InlineData("[].x", "", "{}")]
    [InlineData("coord", "coord.lat", """{"coord":{"lon":2.35}}""")]
    [InlineData("coord.lat", "coord", "{}")]
    [InlineData("", "weather main coord.lat", """{"coord":{"lon":2.35}}""")]
    [InlineData("", "weather[0] weather[].id main coord", """{"weather":[{},7]}""")]
    [InlineData("", "$", "{}")]
    [InlineData("$", "main weather", """{"coord":{"lon": 2.35, "lat": 48.85}}""")]
    [InlineData("main.temp main", "weather", """{"main":{"temp": 18.30, "humidity": 60},"main":{"temp": 1}}""")]
    public void Parts_are_kept_and_dropped(string include, string exclude, string expected) =>
        Assert.Equal(expected, Mapped(Mapping(include, exclude), Weather));

    [Theory]
    [InlineData("a", "[1,2]", "[]")]
    [InlineData("a", "7", "null")]
    [InlineData("[1].a", """[{"a":0},{"a":1,"b":2}]""", """[{"a":1}]""")]
    [InlineData("[][].a", """[[{"a":0,"b":1}],[],5]""", """[[{"a":0}],[]]""")]
    [InlineData("é", """{"\u00e9":1,"é":2}""", """{"\u00e9":1,"é":2}""")]
    [InlineData("a", """{"\ud800":1,"a":"\ud800"}""", """{"a":"\ud800"}""")]
    public void Odd_roots_and_names_are_no_trouble(string include, string json, string expected) => Assert.Equal(expected, Mapped(Mapping(include, ""), json));

    [Fact]
    public void An_excluded_name_cannot_hide_behind_another_spelling() => Assert.Equal(
        """{"b":1}""", Mapped(Mapping("", "password"), """{"password":"p","b":1,"\u0070assword":"p","p\u0061ssword":{"x":1}}"""));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("{\"a\":1}}")]
    [InlineData("{\"a\":1} x")]
    [InlineData("{\"a\":1,}")]
    [InlineData("<html>")]
    public void What_is_no_json_is_said_so(string json)
    {
        Assert.False(Mapping("a", "").TryWrite(Encoding.UTF8.GetBytes(json), new ArrayBufferWriter<byte>()));
        Assert.False(Mapping("", "b.c").TryWrite(Encoding.UTF8.GetBytes(json), new ArrayBufferWriter<byte>()));
    }

    [Fact]
    public void Sixty_four_levels_are_mapped_and_one_more_is_refused()
    {
        var mapping = Mapping("", string.Concat(Enumerable.Repeat("[]", 32)));

        Assert.Equal(Nested(31), Mapped(mapping, Nested(31)));
        Assert.True(mapping.TryWrite(Encoding.UTF8.GetBytes(Nested(64)), new ArrayBufferWriter<byte>()));
        Assert.False(mapping.TryWrite(Encoding.UTF8.GetBytes(Nested(65)), new ArrayBufferWriter<byte>()));

        static string Nested(int depth) => new string('[', depth) + new string(']', depth);
    }

    [Fact]
    public void Sixty_four_paths_of_each_kind_are_walked_at_once()
    {
        var names = Enumerable.Range(0, 80).Select(i => $"m{i}").ToArray();
        var json = $"{{{string.Join(',', names.Select(n => $"\"{n}\":{{\"x\":1,\"y\":2}}"))}}}";
        var mapping = Mapping(string.Join(' ', names[..64]), string.Join(' ', names[..64].Select(n => n + ".y")));

        Assert.Equal($"{{{string.Join(',', names[..64].Select(n => $"\"{n}\":{{\"x\":1}}"))}}}", Mapped(mapping, json));
    }

    [Fact]
    public void Mapping_is_what_a_walk_over_the_document_would_keep()
    {
        string[] names = ["a", "b", "\\u0061b", "odd name"];
        var step = Gen.Frequency(
            (3, from name in Gen.Elements("a", "b", "ab", "odd name") select new Step(name, 0)), (1, Gen.Constant(new Step(null, -1))), (1, from i in Gen.Choose(0, 2) select new Step(null, i)));
        var path = from count in Gen.Choose(1, 4) from steps in Gen.ArrayOf(step, count) select steps;
        var paths = from count in Gen.Choose(0, 4) from all in Gen.ArrayOf(path, count) select all;
        var cases = from json in RandomJson.Value(names) from include in paths from exclude in paths select (json, include, exclude);
        var changed = 0;

        Check.One(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(600), Prop.ForAll(cases.ToArbitrary(), c =>
        {
            using var document = JsonDocument.Parse(c.json);
            var root = document.RootElement;
            var expected = Reference(root, [], c.include, c.exclude)
                ?? root.ValueKind switch { JsonValueKind.Object => "{}", JsonValueKind.Array => "[]", _ => "null" };
            var mapping = new ResponseMapping([.. c.include.Select(Compiled)], [.. c.exclude.Select(Compiled)]);
            Assert.Equal(expected, Mapped(mapping, c.json));
            changed += expected.Length > 4 && expected != c.json ? 1 : 0;
        }));
        Assert.InRange(changed, 30, 600);
    }

    private static string? Reference(JsonElement element, Step[] at, Step[][] include, Step[][] exclude)
    {
        if (exclude.Any(p => p.Length == at.Length && Leads(p, at)))
        {
            return null;
        }

        var isIncluded = include.Length == 0 || include.Any(p => p.Length <= at.Length && Leads(p, at));
        var isArray = element.ValueKind is JsonValueKind.Array;
        var isFrame = include.Any(p => p.Length > at.Length && Leads(p[..at.Length], at) && p[at.Length].IsItem == isArray);
        if (element.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object))
        {
            return isIncluded ? element.GetRawText() : null;
        }

        if (!isIncluded && !isFrame)
        {
            return null;
        }

        if (isArray)
        {
            return $"[{string.Join(',', element.EnumerateArray().Select((item, i) => Reference(item, [.. at, new(null, i)], include, exclude)).OfType<string>())}]";
        }

        var members = element.EnumerateObject()
            .Select(m => (Name: m.Name == "ab" ? "\\u0061b" : m.Name, Value: Reference(m.Value, [.. at, new(m.Name, 0)], include, exclude)))
            .Where(m => m.Value is not null);
        return $"{{{string.Join(',', members.Select(m => $"\"{m.Name}\":{m.Value}"))}}}";
    }

    private static bool Leads(Step[] path, Step[] at) =>
        path.Zip(at).All(s => s.First.IsItem == s.Second.IsItem && s.First.Name == s.Second.Name && (s.First.Index < 0 || s.First.Index == s.Second.Index));

    private static ResponsePath Compiled(Step[] steps) => Compiled("$" + string.Concat<Step>(steps));

    private static ResponsePath Compiled(string text)
    {
        Assert.True(ResponsePath.TryCompile(text, out var path, out var fault), fault?.ToString());
        return path;
    }

    private static ResponseMapping Mapping(string include, string exclude) => new(
        [.. include.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Compiled)], [.. exclude.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Compiled)]);

    private static string Mapped(ResponseMapping mapping, string json)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.True(mapping.TryWrite(Encoding.UTF8.GetBytes(json), output));
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>A member, or an item, or (index -1) every item.</summary>
    private readonly record struct Step(string? Name, int Index)
    {
        public bool IsItem => Name is null;

        public override string ToString() => Name is not null ? $"[\"{Name}\"]" : Index < 0 ? "[]" : $"[{Index}]";
    }
}
