using System.Text.Json;
using Stoa.Testing;
using Stoa.Wire.Tests.Manage;
using Stoa.Wire.Tests.Mcp;
using Stoa.Wire.Tests.Samples;

namespace Stoa.Wire.Tests.ToolSets;

/// <summary>The sample ToolSet against the running sample: its description is fetched, and each tool that comes of it is called over MCP.</summary>
public sealed class CrmToolSetTests(RunningCrm crm) : IClassFixture<RunningCrm>
{
    private static readonly string[] Expected =
        ["crm_addNote", "crm_changeCustomer", "crm_createCustomer", "crm_getCustomer", "crm_listNotes", "crm_listOrders", "crm_revenue", "crm_searchCustomers"];

    [Fact]
    public async Task The_set_makes_exactly_the_tools_it_names_and_each_can_be_called()
    {
        await using var gateway = await TestGateway.StartAsync();
        var applied = await gateway.Admin.ApplyAsync(Sample());

        Assert.Equal("created created created created", applied.Statuses);
        var report = applied.Body.GetProperty("results")[3].GetProperty("toolSet");
        Assert.Equal(Expected, report.GetProperty("tools").EnumerateArray().Select(t => t.GetProperty("name").GetString()).Order());
        Assert.Equal((0, 0, 2), (report.GetProperty("skipped").GetArrayLength(), report.GetProperty("findings").GetArrayLength(), report.GetProperty("filteredOut").GetInt32()));

        var agent = new Agent(gateway.ClientFor(await gateway.IssueKeyAsync("acme", "ops-agent")), Revision.Modern, new Secrecy());
        var tools = (await agent.ListAsync()).Result.GetProperty("tools").EnumerateArray().ToDictionary(t => t.GetProperty("name").GetString()!);
        Assert.Equal(Expected, tools.Keys.Order());
        Assert.All(tools.Values, AgreesWithTheDescription);

        var id = await crm.NewCustomerAsync();
        await CallAsync(agent, "crm_searchCustomers", """{"q":"robotics","segment":"smb","limit":3}""", "total");
        await CallAsync(agent, "crm_createCustomer", """{"name":"Zephyr","contact":"A","email":"a@z.example","segment":"startup","city":"Ostend"}""", "id");
        await CallAsync(agent, "crm_getCustomer", $"{{\"id\":\"{id}\"}}", "createdAt");
        await CallAsync(agent, "crm_changeCustomer", $"{{\"id\":\"{id}\",\"city\":\"Ghent\"}}", "city");
        await CallAsync(agent, "crm_listOrders", $"{{\"id\":\"{id}\",\"status\":\"open\"}}", "items");
        await CallAsync(agent, "crm_addNote", $"{{\"id\":\"{id}\",\"text\":\"Called.\"}}", "text");
        await CallAsync(agent, "crm_listNotes", $"{{\"id\":\"{id}\"}}", "items");
        await CallAsync(agent, "crm_revenue", """{"year":2026}""", "segments");
        (await agent.CallAsync("crm_searchCustomers", """{"limit":1000}""")).IsToolErrorSaying("limit");
    }

    [Fact]
    public async Task Reading_the_same_description_again_changes_nothing()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ApplyAsync(Sample());

        var synced = await gateway.Admin.PostAsync("/manage/v1/toolsets/crm/sync?namespace=acme");

        Assert.Equal((200, "unchanged"), (synced.Status, synced.Statuses));
        Assert.Equal("""{"acme":1}""", synced.Body.GetProperty("revisions").GetRawText());
    }

    private string Sample() => File.ReadAllText(Repository.PathOf("samples", "tools", "crm-toolset.yaml"))
        .Replace("http://127.0.0.1:7080", crm.FirstLine.Split(' ')[^1], StringComparison.Ordinal);

    private static async Task CallAsync(Agent agent, string tool, string arguments, string member)
    {
        var reply = (await agent.CallAsync(tool, arguments)).IsResult();
        Assert.False(reply.IsToolError, $"{tool}: {reply.ToolText}");
        Assert.True(reply.Result.GetProperty("structuredContent").TryGetProperty(member, out _), reply.ToolText);
    }

    private static void AgreesWithTheDescription(JsonElement tool)
    {
        var name = tool.GetProperty("name").GetString()!["crm_".Length..];
        var operation = CrmDocument.Operation(name is "revenue" ? "revenueReport" : name);
        var input = tool.GetProperty("inputSchema");
        var taken = operation.Parameters.Select(p => (string)p["name"]!).Concat(operation.BodySchema?["properties"]!.AsObject().Select(p => p.Key) ?? []);

        Assert.Equal(taken.Order(), input.GetProperty("properties").EnumerateObject().Select(p => p.Name).Order());
        Assert.Equal("object", tool.GetProperty("outputSchema").GetProperty("type").GetString());
        var hints = tool.GetProperty("annotations");
        Assert.Equal(operation.Method is "GET", hints.GetProperty("readOnlyHint").GetBoolean());
        Assert.Equal(operation.Method is "PATCH", hints.GetProperty("destructiveHint").GetBoolean());
        Assert.False(hints.GetProperty("openWorldHint").GetBoolean());
    }
}
