using System.Text.Json.Nodes;

namespace Stoa.Wire.Tests.Samples;

/// <summary>The tool files agree with the API they call, so that what a newcomer copies works.</summary>
public sealed class SampleToolsTests(RunningCrm crm) : IClassFixture<RunningCrm>
{
    private static readonly string[] Files = ["samples/tools/crm.yaml", "samples/tools/hello.yaml"];

    private static readonly string[] Limits = ["type", "enum", "minimum", "maximum", "maxLength", "default"];

    public static TheoryData<string, string> Tools =>
        [.. from file in Files from d in YamlFile.Read(file) where Kind(d) == "Tool" select (file, Name(d))];

    [Theory]
    [MemberData(nameof(Tools))]
    public void A_tool_takes_what_its_operation_takes(string file, string name)
    {
        var spec = Spec(file, name);
        var operation = OperationOf(spec);
        var taken = operation.Parameters.ToDictionary(p => (string)p["name"]!, p => CrmDocument.Resolve(p["schema"]!));
        foreach (var (member, schema) in operation.BodySchema?["properties"]!.AsObject() ?? [])
        {
            taken.Add(member, CrmDocument.Resolve(schema!));
        }

        var offered = spec["inputSchema"]!["properties"]!.AsObject();
        Assert.Equal(taken.Keys.Order(), offered.Select(p => p.Key).Order());
        Assert.All(offered, p => Assert.All(Limits.Where(limit => taken[p.Key][limit] is not null), limit =>
            Assert.True(JsonNode.DeepEquals(taken[p.Key][limit], p.Value![limit]), $"{p.Key}.{limit}")));

        var needed = operation.Parameters.Where(p => p["required"] is not null).Select(p => (string)p["name"]!)
            .Concat(Names(operation.BodySchema?["required"]));
        Assert.Equal(needed.Order(), Names(spec["inputSchema"]!["required"]).Order());
        Assert.False((bool)spec["inputSchema"]!["additionalProperties"]!);
    }

    [Theory]
    [MemberData(nameof(Tools))]
    public async Task An_answer_has_the_shape_the_tool_promises(string file, string name)
    {
        var spec = Spec(file, name);
        var operation = OperationOf(spec);

        using var response = await crm.SendAsync(operation.Method, operation.Url(await crm.NewCustomerAsync()), operation.BodyExample);

        Assert.Equal(operation.Success.Status, (int)response.StatusCode);
        if (spec["outputSchema"] is { } promised)
        {
            Assert.Empty(CrmDocument.Faults(promised, await RunningCrm.JsonOf(response)));
        }
    }

    [Theory]
    [MemberData(nameof(Tools))]
    public void A_tool_says_whether_it_only_reads(string file, string name)
    {
        var spec = Spec(file, name);

        Assert.Equal((string)spec["method"]! == "GET", (bool)spec["annotations"]!["readOnly"]!);
        Assert.Equal((string)spec["method"]! == "DELETE", (bool?)spec["annotations"]!["destructive"] ?? false);
    }

    [Theory]
    [InlineData("samples/tools/crm.yaml")]
    [InlineData("samples/tools/hello.yaml")]
    public void A_file_applies_by_itself(string file)
    {
        var documents = YamlFile.Read(file);
        var tenant = Name(documents.Single(d => Kind(d) == "Tenant"));
        var secrets = documents.Where(d => Kind(d) == "Secret").ToDictionary(Name, d => d["spec"]!["data"]!);

        Assert.All(documents, d => Assert.Equal("gostoa.dev/v1alpha1", (string)d["apiVersion"]!));
        Assert.All(documents.Where(d => Kind(d) != "Tenant"), d => Assert.Equal(tenant, (string)d["metadata"]!["namespace"]!));
        Assert.All(documents.Where(d => Kind(d) == "Tool"), d =>
        {
            var apiKey = d["spec"]!["auth"]!["apiKey"]!;
            var secret = apiKey["secretRef"]!;
            Assert.Equal("X-Api-Key", (string)apiKey["name"]!);
            Assert.Equal(RunningCrm.Key, (string)secrets[(string)secret["name"]!][(string)secret["key"]!]!);
        });
    }

    private static CrmOperation OperationOf(JsonNode spec) => Assert.Single(
        CrmDocument.Operations,
        o => o.Method == (string)spec["method"]! && CrmDocument.Server + o.Path == (string)spec["endpoint"]!);

    private static JsonNode Spec(string file, string name) =>
        YamlFile.Read(file).Single(d => Kind(d) == "Tool" && Name(d) == name)["spec"]!;

    private static string Kind(JsonNode document) => (string)document["kind"]!;

    private static string Name(JsonNode document) => (string)document["metadata"]!["name"]!;

    private static IEnumerable<string> Names(JsonNode? list) => list?.AsArray().Select(n => (string)n!) ?? [];
}
