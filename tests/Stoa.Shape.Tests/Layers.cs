namespace Stoa.Shape.Tests;

/// <summary>Direction: a slice uses only what stands before it, and what binds us to a host or a cloud stays where it belongs.</summary>
public class Layers
{
    /// <summary>Lowest first. ARCHITECTURE.md shows the same list.</summary>
    private static readonly string[] Order =
    [
        "Kernel", "Storage", "Egress", "Schemas", "Keys", "Resources", "Config", "Secrets", "Tenants", "Quotas", "Policy", "Guardrails", "Skills",
        "Audit", "Tools", "OpenApi", "Models", "CallPipeline", "Doors", "Mcp", "LlmProxy", "Manage", "Health",
    ];

    /// <summary>The composition sees everything.</summary>
    private static readonly string[] Root = ["GatewayApp", "RouteTable", "Kinds"];

    [Fact]
    public void Every_slice_has_its_place() =>
        Assert.Empty(Source.Product.Select(f => f.Slice).OfType<string>().Distinct().Except([.. Order, .. Root]));

    [Fact]
    public void A_slice_uses_only_what_stands_before_it()
    {
        var upward =
            from file in Source.Product
            where file.Slice is not null && !Root.Contains(file.Slice)
            let own = Array.IndexOf(Order, file.Slice)
            from line in file.Lines
            from slice in Order
            where Array.IndexOf(Order, slice) > own && Mentions(line, slice)
            select $"{file}: {line.Trim()}";

        Assert.Empty(upward);
    }

    [Fact]
    public void Architecture_shows_the_order()
    {
        var text = string.Join(' ', File.ReadAllText(Stoa.Testing.Repository.PathOf("ARCHITECTURE.md")).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(string.Join(" · ", Order), text, StringComparison.Ordinal);
    }

    [Fact]
    public void Azure_is_named_in_one_project() => Assert.Empty(
        from file in Source.Product
        where file.Path.StartsWith("functions/Stoa.Gateway/", StringComparison.Ordinal)
        from line in file.Lines
        where line.StartsWith("using Azure", StringComparison.Ordinal) || line.StartsWith("using Stoa.Azure", StringComparison.Ordinal)
        select $"{file}: {line}");

    [Fact]
    public void The_ledgers_format_knows_nothing_of_gateways() => Assert.Empty(
        from file in Source.Product
        where file.Path.StartsWith("functions/Stoa.Ledger/", StringComparison.Ordinal)
        from line in file.Lines
        where line.Contains("using Stoa.", StringComparison.Ordinal) && !line.StartsWith("using Stoa.Ledger.", StringComparison.Ordinal)
            || line.StartsWith("using Microsoft.", StringComparison.Ordinal) || line.StartsWith("using System.Net", StringComparison.Ordinal)
        select $"{file}: {line}");

    [Fact]
    public void The_environment_is_read_by_the_executables_only() => Assert.Empty(
        from file in Source.Product
        where !file.Path.StartsWith("functions/Stoa.Functions/", StringComparison.Ordinal) && file.Path != "functions/Stoa.Cli/Surroundings.cs"
        from line in file.Lines
        where line.Contains("Environment.GetEnvironmentVariable", StringComparison.Ordinal) || line.Contains("IConfiguration", StringComparison.Ordinal)
        select $"{file}: {line.Trim()}");

    [Fact]
    public void Http_is_known_to_doors_only() => Assert.Empty(
        from file in Source.Product
        where file.Slice is { } slice && Array.IndexOf(Order, slice) is >= 0 and var at && at < Array.IndexOf(Order, "Doors")
        from line in file.Lines
        where line.Contains("HttpContext", StringComparison.Ordinal)
        select $"{file}: {line.Trim()}");

    // A slice is a namespace of the gateway, or, for a file at its root, the type of that name.
    private static bool Mentions(string line, string slice) =>
        line.Contains($"Stoa.Gateway.{slice};", StringComparison.Ordinal) || line.Contains($"Stoa.Gateway.{slice}.", StringComparison.Ordinal)
        || (slice == "CallPipeline" && line.Contains("CallPipeline ", StringComparison.Ordinal) && !line.TrimStart().StartsWith("//", StringComparison.Ordinal));
}
