using System.Reflection;
using Stoa.Azure;
using Stoa.Gateway;
using Stoa.Ledger.Checkpoints;

namespace Stoa.Shape.Tests;

/// <summary>House rules that no analyzer knows.</summary>
public class House
{
    private const int LongestFile = 300;

    private static readonly string[] EmptyWords = ["Service", "Manager", "Helper", "Helpers", "Utils", "Utilities", "Processor", "Impl"];

    [Fact]
    public void No_file_is_longer_than_one_thing_needs() =>
        Assert.Empty(Source.Product.Where(f => f.Lines.Length > LongestFile).Select(f => $"{f}: {f.Lines.Length} lines"));

    [Fact]
    public void Names_say_something() =>
        Assert.DoesNotContain(Source.Product, f => EmptyWords.Any(w => f.Name.EndsWith(w, StringComparison.Ordinal)));

    [Fact]
    public void Nothing_is_left_for_later()
    {
        string[] marks = ["TODO", "FIXME", "HACK", "NotImplementedException", "#pragma warning disable", "#region"];
        Assert.Empty(
            from file in Source.Product
            from line in file.Lines
            where marks.Any(m => line.Contains(m, StringComparison.Ordinal))
            select $"{file}: {line.Trim()}");
    }

    [Fact]
    public void An_interface_is_a_port_with_two_real_implementations()
    {
        Type[] types = [.. typeof(GatewayApp).Assembly.GetTypes(), .. typeof(AzurePorts).Assembly.GetTypes(), .. typeof(Checkpoint).Assembly.GetTypes()];
        var lonely = types.Where(t => t.IsInterface && t.Namespace?.StartsWith("Stoa.", StringComparison.Ordinal) is true)
            .Where(port => types.Count(t => t.IsClass && !t.IsAbstract && port.IsAssignableFrom(t)) < 2);

        Assert.Empty(lonely);
    }

    [Fact]
    public void Nothing_static_can_change()
    {
        var mutable =
            from type in (Type[])[.. typeof(GatewayApp).Assembly.GetTypes(), .. typeof(AzurePorts).Assembly.GetTypes(), .. typeof(Checkpoint).Assembly.GetTypes()]
            where type.Namespace?.StartsWith("Stoa.", StringComparison.Ordinal) is true && !type.Name.Contains('<', StringComparison.Ordinal)
            from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            where !field.IsInitOnly && !field.IsLiteral && !field.Name.Contains('<', StringComparison.Ordinal) && !field.Name.StartsWith('_')
            select $"{type.FullName}.{field.Name}";

        Assert.Empty(mutable);
    }
}
