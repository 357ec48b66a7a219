namespace Stoa.Wire.Tests.Mcp;

/// <summary>Arguments that clients mirror into <c>Mcp-Param-*</c> (2026-07-28, custom headers from tool parameters).</summary>
public sealed class MirroredParameterTests(World world) : IClassFixture<World>
{
    private const string Tool = """
        inputSchema:
          type: object
          properties:
            region: { type: [string, "null"], x-mcp-header: Region }
            count: { type: integer, x-mcp-header: Count }
            dry: { type: boolean, x-mcp-header: Dry-Run }
            place: { type: object, properties: { city: { type: string, x-mcp-header: City } } }
            free: { type: string }
        """;

    [Theory]
    [InlineData("""{"region":"us-west1"}""", "Region", "us-west1", true)]
    [InlineData("""{"region":"us-west1"}""", "REGION", "us-west1", true)]
    [InlineData("""{"region":"us-west1"}""", "Region", "US-WEST1", false)]
    [InlineData("""{"region":"us-west1"}""", "Region", "eu", false)]
    [InlineData("""{"region":"us-west1"}""", "Region", null, false)]
    [InlineData("""{"region":"us-west1"}""", "Region", "=?base64?dXMtd2VzdDE=?=", true)]
    [InlineData("""{"region":"us-west1"}""", "Region", "=?base64?dXMtd2VzdDE?=", false)]
    [InlineData("""{"region":"us-west1"}""", "Region", "=?base64?*?=", false)]
    [InlineData("""{"region":""}""", "Region", "", true)]
    [InlineData("""{"region":""}""", "Region", null, false)]
    [InlineData("""{"region":null}""", "Region", null, true)]
    [InlineData("""{"region":null}""", "Region", "null", false)]
    [InlineData("{}", "Region", null, true)]
    [InlineData("{}", "Region", "us-west1", false)]
    [InlineData("""{"region":"Hello, 世界"}""", "Region", "=?base64?SGVsbG8sIOS4lueVjA==?=", true)]
    [InlineData("""{"region":"Hello, 世界"}""", "Region", "Hello, 世界", false)]
    [InlineData("""{"region":" padded "}""", "Region", "=?base64?IHBhZGRlZCA=?=", true)]
    [InlineData("""{"region":" padded "}""", "Region", "padded", false)]
    [InlineData("""{"region":"line1\nline2"}""", "Region", "=?base64?bGluZTEKbGluZTI=?=", true)]
    [InlineData("""{"region":"=?base64?literal?="}""", "Region", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=", true)]
    [InlineData("""{"region":"=?base64?literal?="}""", "Region", "=?base64?literal?=", false)]
    [InlineData("""{"count":42}""", "Count", "42", true)]
    [InlineData("""{"count":42}""", "Count", "42.0", true)]
    [InlineData("""{"count":42.0}""", "Count", "42", true)]
    [InlineData("""{"count":-7}""", "Count", "-7", true)]
    [InlineData("""{"count":42}""", "Count", "43", false)]
    [InlineData("""{"count":42}""", "Count", "forty-two", false)]
    [InlineData("""{"count":42}""", "Count", null, false)]
    [InlineData("""{"count":9007199254740991}""", "Count", "9007199254740991", true)]
    [InlineData("""{"count":9007199254740991}""", "Count", "9007199254740990", false)]
    [InlineData("""{"dry":true}""", "Dry-Run", "true", true)]
    [InlineData("""{"dry":false}""", "Dry-Run", "false", true)]
    [InlineData("""{"dry":true}""", "Dry-Run", "True", false)]
    [InlineData("""{"dry":true}""", "Dry-Run", "1", false)]
    [InlineData("""{"place":{"city":"Rome"}}""", "City", "Rome", true)]
    [InlineData("""{"place":{"city":"Rome"}}""", "City", null, false)]
    [InlineData("""{"place":{}}""", "City", null, true)]
    [InlineData("""{"place":{}}""", "City", "Rome", false)]
    [InlineData("""{"free":"x"}""", "Unknown", "anything", true)]
    public async Task A_mirrored_argument_must_agree_with_its_header(string arguments, string name, string? header, bool agrees)
    {
        await world.ToolAsync("mirrored", Tool);
        var before = world.Upstream.Requests.Count;

        var reply = await world.Modern().CallAsync("mirrored", arguments, ("Mcp-Param-" + name, header));

        reply.Is(agrees ? 200 : 400, agrees ? 0 : -32020);
        Assert.Equal(agrees ? 1 : 0, world.Upstream.Requests.Count - before);
    }

    [Fact]
    public async Task Older_revisions_have_no_mirrored_arguments()
    {
        await world.ToolAsync("mirrored", Tool);

        (await world.Agent(Revision.V202511).CallAsync("mirrored", """{"region":"a"}""", ("Mcp-Param-Region", "b"))).IsResult();
    }

    [Fact]
    public async Task A_tool_that_the_caller_may_not_see_does_not_betray_its_headers()
    {
        await world.ToolAsync("mirrored", Tool);
        var blind = await world.IssueKeyAsync("agent", """{"tools":["nothing_*"]}""");

        (await world.Modern(blind).CallAsync("mirrored", """{"region":"a"}""", ("Mcp-Param-Region", "b"))).Is(200, -32602);
    }

    [Theory]
    [InlineData("{ a: { type: string, x-mcp-header: '' } }")]
    [InlineData("{ a: { type: string, x-mcp-header: 'two words' } }")]
    [InlineData("{ a: { type: string, x-mcp-header: 7 } }")]
    [InlineData("{ a: { type: number, x-mcp-header: A } }")]
    [InlineData("{ a: { type: object, x-mcp-header: A } }")]
    [InlineData("{ a: { x-mcp-header: A } }")]
    [InlineData("{ a: { type: string, x-mcp-header: Same }, b: { type: string, x-mcp-header: SAME } }")]
    [InlineData("{ a: { type: array, items: { type: string, x-mcp-header: A } } }")]
    [InlineData("{ a: { anyOf: [ { type: string, x-mcp-header: A } ] } }")]
    public async Task A_tool_whose_annotation_clients_would_reject_is_not_taken(string properties)
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => world.ToolAsync("badly_mirrored", $"inputSchema: {{ type: object, properties: {properties} }}"));

        Assert.Contains("x-mcp-header", refused.Message, StringComparison.Ordinal);
    }
}
