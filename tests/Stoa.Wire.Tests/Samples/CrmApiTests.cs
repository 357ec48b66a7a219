using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace Stoa.Wire.Tests.Samples;

/// <summary>The sample CRM does what its OpenAPI document says, operation by operation.</summary>
public sealed class CrmApiTests(RunningCrm crm) : IClassFixture<RunningCrm>
{
    public static TheoryData<string> All => [.. CrmDocument.Operations.Select(o => o.Id)];

    public static TheoryData<string> WithKey => [.. CrmDocument.Operations.Where(o => o.NeedsKey).Select(o => o.Id)];

    public static TheoryData<string> WithId => [.. CrmDocument.Operations.Where(o => o.TakesId).Select(o => o.Id)];

    public static TheoryData<string> WithBody => [.. CrmDocument.Operations.Where(o => o.BodySchema is not null).Select(o => o.Id)];

    [Fact]
    public void The_first_line_is_the_address() =>
        Assert.Matches("^CRM API listening on http://127\\.0\\.0\\.1:[1-9][0-9]*$", crm.FirstLine);

    [Theory]
    [MemberData(nameof(All))]
    public async Task Every_operation_succeeds_in_the_documented_shape(string id)
    {
        var operation = CrmDocument.Operation(id);
        var url = operation.Url(await crm.NewCustomerAsync());

        using var response = await crm.SendAsync(operation.Method, url, operation.BodyExample, operation.NeedsKey ? RunningCrm.Key : null);

        Assert.Equal(operation.Success.Status, (int)response.StatusCode);
        if (operation.Success.Schema is { } schema)
        {
            Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
            Assert.Empty(CrmDocument.Faults(schema, await RunningCrm.JsonOf(response)));
        }
    }

    [Theory]
    [MemberData(nameof(WithKey))]
    public async Task Without_the_key_nobody_enters(string id)
    {
        var operation = CrmDocument.Operation(id);
        foreach (var key in new[] { null, "", "crm-demo-kez" })
        {
            using var response = await crm.SendAsync(operation.Method, operation.Url("cus_1001"), "not json", key);

            await AssertProblemAsync(HttpStatusCode.Unauthorized, operation, response);
            Assert.NotEmpty(response.Headers.WwwAuthenticate);
        }
    }

    [Theory]
    [MemberData(nameof(WithId))]
    public async Task An_unknown_customer_is_not_found(string id)
    {
        var operation = CrmDocument.Operation(id);

        using var response = await crm.SendAsync(operation.Method, operation.Url("cus_404"), operation.BodyExample);

        var problem = await AssertProblemAsync(HttpStatusCode.NotFound, operation, response);
        Assert.Contains("cus_404", (string)problem["detail"]!);
    }

    [Theory]
    [MemberData(nameof(WithBody))]
    public async Task A_body_that_is_not_the_documented_object_is_refused(string id)
    {
        var operation = CrmDocument.Operation(id);
        var url = operation.Url(await crm.NewCustomerAsync());
        foreach (var body in new[] { "", "null", "[]", "{", """{"surprise":1}""", """{"Text":"wrong case"}""" })
        {
            using var response = await crm.SendAsync(operation.Method, url, body);

            await AssertProblemAsync(HttpStatusCode.BadRequest, operation, response);
        }
    }

    [Theory]
    [InlineData("createCustomer", "{}", "name,contact,email,segment,city")]
    [InlineData("createCustomer", """{"name":" ","contact":"C","email":"nobody","segment":"huge","city":"X"}""", "name,email,segment")]
    [InlineData("createCustomer", """{"name":7}""", "name")]
    [InlineData("changeCustomer", """{"city":" ","segment":"SMB"}""", "city,segment")]
    [InlineData("changeCustomer", """{"phone":"1"}""", "phone")]
    [InlineData("addNote", """{"text":""}""", "text")]
    [InlineData("addNote", """{"text":"a","text":"b"}""", "text")]
    public async Task A_refused_body_is_told_field_by_field(string id, string body, string fields)
    {
        var operation = CrmDocument.Operation(id);

        using var response = await crm.SendAsync(operation.Method, operation.Url("cus_1001"), body);

        var problem = await AssertProblemAsync(HttpStatusCode.BadRequest, operation, response);
        Assert.Equal(fields.Split(',').Order(), problem["errors"]!.AsObject().Select(e => e.Key).Order());
    }

    [Theory]
    [InlineData("searchCustomers", "/customers?limit=0", "limit")]
    [InlineData("searchCustomers", "/customers?limit=101&segment=1", "limit,segment")]
    [InlineData("listOrders", "/customers/cus_1001/orders?status=Paid", "status")]
    [InlineData("revenueReport", "/reports/revenue?year=1999&delay=61", "delay,year")]
    [InlineData("revenueReport", "/reports/revenue", "")]
    [InlineData("searchCustomers", "/customers?limit=many", "")]
    public async Task A_query_out_of_bounds_is_told_parameter_by_parameter(string id, string url, string parameters)
    {
        using var response = await crm.SendAsync("GET", url);

        var problem = await AssertProblemAsync(HttpStatusCode.BadRequest, CrmDocument.Operation(id), response);
        Assert.Equal(parameters, string.Join(',', problem["errors"]?.AsObject().Select(e => e.Key).Order().ToArray() ?? []));
    }

    [Fact]
    public async Task A_search_looks_in_every_field_and_counts_past_its_limit()
    {
        Assert.Equal("cus_1003", (string)(await GetAsync("/customers?q=ROBOTICS"))["items"]![0]!["id"]!);
        Assert.Equal("cus_1003", (string)(await GetAsync("/customers?q=porto&segment=startup"))["items"]![0]!["id"]!);
        Assert.Equal(0, (int)(await GetAsync("/customers?q=porto&segment=smb"))["total"]!);

        var enterprises = await GetAsync("/customers?segment=enterprise&limit=2");
        Assert.Equal(2, enterprises["items"]!.AsArray().Count);
        Assert.Equal(7, (int)enterprises["total"]!);
    }

    [Fact]
    public async Task A_customer_can_be_created_changed_noted_and_deleted()
    {
        using var created = await crm.SendAsync("POST", "/customers", CrmDocument.Operation("createCustomer").BodyExample);
        var url = created.Headers.Location!.OriginalString;
        Assert.True(JsonNode.DeepEquals(await RunningCrm.JsonOf(created), await GetAsync(url)));

        using var changed = await crm.SendAsync("PATCH", url, """{"city":"Ghent","name":null}""");
        var customer = await GetAsync(url);
        Assert.Equal(("Zephyr Sails", "Ghent"), ((string)customer["name"]!, (string)customer["city"]!));

        using var first = await crm.SendAsync("POST", $"{url}/notes", """{"text":"first"}""");
        using var second = await crm.SendAsync("POST", $"{url}/notes", """{"text":"second"}""");
        var notes = await GetAsync($"{url}/notes");
        Assert.Equal(["second", "first"], notes["items"]!.AsArray().Select(n => (string)n!["text"]!));

        using var deleted = await crm.SendAsync("DELETE", url);
        using var again = await crm.SendAsync("DELETE", url);
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (deleted.StatusCode, again.StatusCode));
    }

    [Fact]
    public async Task Orders_come_newest_first_and_by_status()
    {
        var all = (await GetAsync("/customers/cus_1004/orders"))["items"]!.AsArray();
        Assert.Equal(4, all.Count);
        Assert.Equal(all.Select(o => (string)o!["placedOn"]!).OrderDescending(), all.Select(o => (string)o!["placedOn"]!));

        var paid = (await GetAsync("/customers/cus_1004/orders?status=paid"))["items"]!.AsArray();
        Assert.NotEmpty(paid);
        Assert.Equal(all.Count(o => (string)o!["status"]! == "paid"), paid.Count);
    }

    [Fact]
    public async Task Revenue_is_the_same_to_the_cent_at_every_start()
    {
        var report = await GetAsync("/reports/revenue?year=2026");

        Assert.Equal(86835.50m, (decimal)report["total"]!);
        Assert.Equal((decimal)report["total"]!, report["segments"]!.AsArray().Sum(s => (decimal)s!["revenue"]!));
    }

    [Fact]
    public async Task A_report_takes_the_time_asked_for()
    {
        var started = Stopwatch.GetTimestamp();

        await GetAsync("/reports/revenue?year=2026&delay=1");

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task The_document_it_serves_is_the_one_in_the_repository()
    {
        using var response = await crm.SendAsync("GET", "/openapi.yaml", key: null);

        Assert.Equal("application/yaml", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(CrmDocument.Text, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("GET", "/nowhere", HttpStatusCode.NotFound)]
    [InlineData("PUT", "/customers", HttpStatusCode.MethodNotAllowed)]
    public async Task What_is_not_in_the_document_is_a_problem_too(string method, string url, HttpStatusCode status)
    {
        using var response = await crm.SendAsync(method, url);

        await AssertProblemAsync(status, CrmDocument.Operations[0], response);
    }

    private async Task<JsonNode> GetAsync(string url)
    {
        using var response = await crm.SendAsync("GET", url);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await RunningCrm.JsonOf(response);
    }

    private static async Task<JsonNode> AssertProblemAsync(HttpStatusCode status, CrmOperation operation, HttpResponseMessage response)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var documented = operation.Node["responses"]![operation.Documents((int)status) ? $"{(int)status}" : "default"]!;
        var schema = CrmDocument.Resolve(documented)["content"]!["application/problem+json"]!["schema"]!;
        var problem = await RunningCrm.JsonOf(response);
        Assert.Empty(CrmDocument.Faults(schema, problem));
        Assert.Equal((int)status, (int)problem["status"]!);
        return problem;
    }
}
