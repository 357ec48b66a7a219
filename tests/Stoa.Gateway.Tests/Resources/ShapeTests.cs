using System.Text;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Resources.Reading;
using Stoa.Gateway.Resources.Shapes;

namespace Stoa.Gateway.Tests.Resources;

public class ShapeTests
{
    [Theory]
    [InlineData("5", "5")]
    [InlineData("5.0", "5")]
    [InlineData("1e1", "10")]
    [InlineData("5.5", "Expected a whole number, found a number.")]
    [InlineData("'5'", "Expected a whole number, found text.")]
    [InlineData("11", "Expected a whole number from 1 to 10.")]
    [InlineData("1e300", "Expected a whole number, found a number.")]
    public void Whole_numbers_keep_their_limits(string yaml, string expected) => Assert.Equal(expected, Read(Shape.Integer(1, 10), yaml));

    [Theory]
    [InlineData("0.50", "0.5")]
    [InlineData("0x1", "1")]
    [InlineData("1.01", "Expected a number from 0 to 1.")]
    [InlineData(".inf", "Expected a number, found infinity, not-a-number or a number beyond range.")]
    public void Numbers_keep_their_limits(string yaml, string expected) => Assert.Equal(expected, Read(Shape.Number(0, 1), yaml));

    [Fact]
    public void Objects_in_lists_are_checked_item_by_item()
    {
        var shape = Shape.ListOf(Shape.Object(new Field("rate", Shape.Integer(1, 10), "Calls.") { Required = true }, new("unit", Shape.Choice("second", "minute"), "Per.") { Default = "minute" }));

        Assert.Equal("""[{"rate":3,"unit":"minute"},{"rate":4,"unit":"second"}]""", Read(shape, "[{ rate: 3 }, { unit: SECOND, rate: 4 }]"));
        Assert.Equal("`rate` is missing. Calls.", Read(shape, "[{ rate: 3 }, {}]"));
    }

    [Fact]
    public void A_declaration_that_refuses_its_own_default_does_not_stand() =>
        Assert.Throws<InvalidOperationException>(() => Shape.Object(new Field("timeout", Shape.Duration("1s", "2s"), "How long.") { Default = "3s" }));

    /// <summary>Canonical JSON, or the reasons.</summary>
    private static string Read(Shape shape, string yaml)
    {
        var faults = new FaultList();
        var node = shape.Read(YamlNodes.Read(new(yaml, 1), new(), faults)!, new(faults));
        return faults.Count > 0 ? string.Join('\n', faults.InOrder().Select(f => f.Reason)) : Encoding.UTF8.GetString(CanonicalJson.Bytes(node!).Span);
    }
}
