using Microsoft.OpenApi;
using Stoa.Gateway.Schemas;

namespace Stoa.Gateway.Tests.OpenApi;

/// <summary>Descriptions that companies publish, kept beside the repository and never in it. Microsoft's reader is the judge.</summary>
public class RealDescriptionTests
{
    [Theory]
    [InlineData("box.json", 280, 16)]
    [InlineData("discord.json", 239, 3)]
    public async Task Every_operation_of_a_published_description_is_a_tool_or_is_skipped_for_a_reason(string file, int tools, int skipped)
    {
        var text = Read(file);
        var expansion = await Expanding.OfAsync(text, "baseURL: https://api.example.com\noutputSchemas: true");

        Assert.Empty(expansion.Faults);
        Assert.Equal(
            OperationsIn(text).Select(o => o.Label).Order(StringComparer.Ordinal),
            expansion.Tools.Select(t => t.Operation).Concat(expansion.Skipped.Select(s => s.Operation)).Order(StringComparer.Ordinal));
        Assert.Equal((tools, skipped), (expansion.Tools.Count, expansion.Skipped.Count));
    }

    [Theory]
    [InlineData("box.json")]
    [InlineData("discord.json")]
    public async Task A_tool_takes_every_parameter_of_its_operation_by_its_name_on_the_wire(string file)
    {
        var text = Read(file);
        var operations = OperationsIn(text).ToDictionary(o => o.Label);

        foreach (var tool in (await Expanding.OfAsync(text, "baseURL: https://api.example.com")).Tools)
        {
            var spec = Expanding.SpecOf(tool);
            var onTheWire = spec.Arguments().Select(argument => spec.Wire(argument)?.Name ?? argument).ToHashSet();
            var declared = operations[tool.Operation].Parameters.Where(p => p.In is not ParameterLocation.Header || !p.Name!.StartsWith("Content-", StringComparison.Ordinal)).ToArray();
            Assert.All(declared, parameter => Assert.Contains(parameter.Name!, onTheWire));
            Assert.All(declared.Where(p => p.Required && p.In is ParameterLocation.Path), parameter => Assert.Contains(parameter.Name!, spec.Required()));
        }
    }

    [Theory]
    [InlineData("box.json")]
    [InlineData("discord.json")]
    public async Task Every_schema_of_every_tool_compiles(string file)
    {
        var expansion = await Expanding.OfAsync(Read(file), "baseURL: https://api.example.com\noutputSchemas: true");

        var schemas = expansion.Tools.Select(Expanding.SpecOf).SelectMany(spec => spec.OutputSchema is { } output ? [spec.InputSchema, output] : new[] { spec.InputSchema });
        Assert.All(schemas, schema => Assert.True(JsonSchema.TryCompile(schema, SchemaOptions.Default, out _, out var fault), fault?.Reason));
        Assert.Contains(expansion.Tools, tool => Expanding.SpecOf(tool).OutputSchema is not null);
    }

    private static IEnumerable<(string Label, IReadOnlyList<IOpenApiParameter> Parameters)> OperationsIn(string text) =>
        from path in OpenApiDocument.Parse(text, "json").Document!.Paths
        from operation in path.Value.Operations ?? []
        select ($"{operation.Key.Method} {path.Key}", (IReadOnlyList<IOpenApiParameter>)[.. path.Value.Parameters ?? [], .. operation.Value.Parameters ?? []]);

    private static string Read(string file)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var path = Path.Combine(at.FullName, "shared", "data", "openapi", file);
            if (File.Exists(path))
            {
                return File.ReadAllText(path);
            }
        }

        Assert.Skip("The published descriptions are not here.");
        return "";
    }
}
