using FsCheck;
using FsCheck.Fluent;

namespace Stoa.Gateway.Tests.Tools;

/// <summary>JSON texts without white space: awkward strings, names, numbers and spellings, nested a few levels.</summary>
internal static class RandomJson
{
    private static readonly string[] Strings =
    [
        "", "x", "light rain", "\\\"", "\\\\", "\\n", "\\u0000", "\\u001f", "\\ud83d\\ude00", "😀", "é", "\\/", "{{.input.a}}", "}}", "\\\",\\\"admin\\\":true,\\\"x\\\":\\\"",
        "\u007f", "\u2028", "http://a.example/", "</script>",
    ];

    private static readonly string[] Scalars = ["0", "-0", "1.50", "12345678901234567890.5E+10", "true", "false", "null", "null"];

    public static Gen<string> Text { get; } = Gen.Frequency(
        (8, Gen.Elements(Strings)),
        (4, from parts in Gen.ArrayOf(Gen.Elements(Strings)) select string.Concat(parts)),
        (1, from part in Gen.Elements(Strings) from times in Gen.Choose(1, 600) select string.Concat(Enumerable.Repeat(part, times))));

    public static Gen<string> Value(string[] names) => Gen.Sized(size => Value(names, Math.Min(size, 4)));

    private static Gen<string> Value(string[] names, int depth)
    {
        var scalar = Gen.OneOf(Gen.Elements(Scalars), from text in Text select $"\"{text}\"");
        if (depth == 0)
        {
            return scalar;
        }

        var child = Value(names, depth - 1);
        var array = from count in Gen.Frequency((4, Gen.Choose(0, 3)), (1, Gen.Choose(4, 13))) from items in Gen.ArrayOf(child, count) select $"[{string.Join(',', items)}]";
        var record =
            from chosen in Gen.SubListOf(names)
            from values in Gen.ArrayOf(child, chosen.Count)
            select $"{{{string.Join(',', chosen.Zip(values, (name, value) => $"\"{name}\":{value}"))}}}";
        return Gen.Frequency((1, scalar), (2, array), (4, record));
    }
}
