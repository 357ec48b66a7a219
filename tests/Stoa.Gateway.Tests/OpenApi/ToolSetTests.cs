namespace Stoa.Gateway.Tests.OpenApi;

/// <summary>Names, filters, overrides, texts and credentials of the tools of a set.</summary>
public class ToolSetTests
{
    private const string Shop = """
          /orders:
            get: { operationId: listOrders, tags: [orders, read] }
            post: { operationId: addOrder, tags: [orders] }
          /orders/{id}:
            get: { operationId: getOrder, tags: [orders, read] }
            delete: { operationId: deleteOrder, tags: [orders, admin] }
          /orders/{id}/notes:
            get: { tags: [notes, read] }
          /admin/users:
            get: { operationId: listUsers, tags: [admin] }
        """;

    [Theory]
    [InlineData("includePaths: [/orders]", "addOrder listOrders")]
    [InlineData("includePaths: ['/orders/*']", "deleteOrder getOrder")]
    [InlineData("includePaths: ['/orders/**']", "addOrder deleteOrder getOrder get_orders_id_notes listOrders")]
    [InlineData("includePaths: ['/orders/**'], excludePaths: ['**/notes']", "addOrder deleteOrder getOrder listOrders")]
    [InlineData("excludeMethods: [delete, POST]", "getOrder get_orders_id_notes listOrders listUsers")]
    [InlineData("methods: [GET], pathPrefix: /orders", "getOrder get_orders_id_notes listOrders")]
    [InlineData("tags: [read], excludeTags: [notes]", "getOrder listOrders")]
    [InlineData("operationIds: [getOrder, listUsers]", "getOrder listUsers")]
    [InlineData("includePaths: ['/?rders']", "addOrder listOrders")]
    public async Task Filters_take_exactly_what_they_say(string filters, string expected)
    {
        var expansion = await Expanding.OfAsync(Expanding.Api(Shop), $"filters: {{ {filters} }}");

        Assert.Equal(expected, string.Join(' ', expansion.Names()));
        Assert.Equal(6 - expansion.Tools.Count, expansion.FilteredOut);
    }

    [Theory]
    [InlineData("prefix: shop_", "shop_listOrders")]
    [InlineData("suffix: .v1", "listOrders.v1")]
    [InlineData("useOperationId: false", "get_orders")]
    [InlineData("prefix: '-'", "_listOrders")]
    public async Task Names_follow_the_operation(string naming, string expected)
    {
        var expansion = await Expanding.OfAsync(Expanding.Api(Shop), $"naming: {{ {naming} }}\nfilters: {{ operationIds: [listOrders] }}");

        Assert.Equal([expected], expansion.Names());
    }

    [Theory]
    [InlineData("pets/list all!", "pets_list_all")]
    [InlineData("Список", "get_pets")]
    [InlineData("", "get_pets")]
    public async Task Any_operation_id_becomes_a_name_that_clients_take(string id, string expected)
    {
        var expansion = await Expanding.OfAsync(Expanding.Api($"  /pets:\n    get: {{ operationId: '{id}' }}"));

        Assert.Equal([expected], expansion.Names());
    }

    [Fact]
    public async Task Long_names_are_cut_and_stay_apart()
    {
        var same = new string('a', 100);
        var expansion = await Expanding.OfAsync(
            Expanding.Api($"  /a:\n    get: {{ operationId: {same}1 }}\n    put: {{ operationId: {same}2 }}"), "naming: { prefix: p_, suffix: _s }");

        Assert.All(expansion.Names(), name => Assert.Equal(64, name.Length));
        Assert.Equal(2, expansion.Names().Distinct().Count());
    }

    [Fact]
    public async Task Two_operations_of_one_name_are_a_fault_that_names_both()
    {
        var expansion = await Expanding.OfAsync(Expanding.Api("  /a/{b}:\n    get: {}\n  /a/b:\n    get: {}"));

        var fault = Assert.Single(expansion.Faults);
        Assert.Equal("spec.naming", fault.Path);
        Assert.Contains("GET /a/b and GET /a/{b} would both be the tool `get_a_b`", fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_override_says_it_better()
    {
        var expansion = await Expanding.OfAsync(
            Expanding.Api(Shop),
            """
            filters: { pathPrefix: /orders, includeMethods: [GET] }
            naming: { prefix: shop_ }
            toolDefaults: { timeout: 10s, tags: [shop], annotations: { openWorld: false } }
            overrides: [{ operationId: listOrders, name: orders, description: Lists them., timeout: 20s }, { operation: "GET /orders/{id}/notes", enabled: false, tags: [own] }]
            """);

        Assert.Equal(["orders", "shop_getOrder", "shop_get_orders_id_notes"], expansion.Names());
        var tools = expansion.Tools.ToDictionary(t => t.Document.Name, Expanding.SpecOf);
        Assert.Equal(("Lists them.", TimeSpan.FromSeconds(20)), (tools["orders"].Description, tools["orders"].Timeout));
        Assert.Equal(["orders", "read", "shop"], tools["orders"].Tags);
        Assert.Equal(TimeSpan.FromSeconds(10), tools["shop_getOrder"].Timeout);
        Assert.Equal((false, "own"), (tools["shop_get_orders_id_notes"].Enabled, tools["shop_get_orders_id_notes"].Tags.Single()));
        Assert.All(tools.Values, tool => Assert.False(tool.Annotations!.OpenWorldHint));
        Assert.All(expansion.Tools, tool => Assert.Equal("pets", tool.Document.Labels["stoa.dev/toolset"]));
    }

    [Fact]
    public async Task What_is_named_and_not_there_is_a_finding()
    {
        var expansion = await Expanding.OfAsync(
            Expanding.Api(Shop), "filters: { operationIds: [getOrder, gone] }\noverrides: [{ operationId: away, enabled: false }, { operationId: addOrder, enabled: false }]");

        Assert.Equal(
            ["`filters.operationIds` names `gone`, which the description does not have.", "An override names `away`, which the description does not have."],
            expansion.Findings);
    }

    [Fact]
    public async Task A_description_tells_what_the_operation_does_and_returns()
    {
        var tool = await Expanding.OneAsync(Expanding.Api("""
              /pets:
                get:
                  operationId: a
                  summary: List pets
                  description: Newest first.
                  deprecated: true
                  responses: { "200": { description: "The pets, possibly none" } }
            """));

        Assert.Equal("List pets", tool.DisplayName);
        Assert.Equal("Deprecated: use another tool if there is one.\nList pets.\nNewest first.\nReturns: The pets, possibly none.", tool.Description);
        Assert.Equal(new("Pets", "a", null), tool.ApiRef);
    }

    [Theory]
    [InlineData("get: { operationId: a, summary: '', responses: { '200': { description: OK } } }", "Calls GET /a.")]
    [InlineData("get: { operationId: a, summary: Get a, description: 'Get a thing.' }", "Get a thing.")]
    public async Task A_description_is_never_empty_and_says_nothing_twice(string operation, string expected) =>
        Assert.Equal(expected, (await Expanding.OneAsync(Expanding.Api($"  /a:\n    {operation}"))).Description);

    [Fact]
    public async Task A_missing_credential_is_a_finding_and_a_needless_one_is_not_sent()
    {
        const string Paths = """
              /a:
                get: { operationId: a, security: [{ key: [] }] }
              /b:
                get: { operationId: b, security: [] }
              /c:
                get: { operationId: c }
            """;
        const string Schemes = "  securitySchemes: { key: { type: apiKey, in: header, name: X-Key } }";
        const string Key = "toolDefaults: { auth: { type: apiKey, apiKey: { in: header, name: X-Key, secretRef: { name: s, key: k } } } }";

        var bare = await Expanding.OfAsync(Expanding.Api(Paths, Schemes));
        var armed = await Expanding.OfAsync(Expanding.Api(Paths, Schemes), Key);
        var wrong = await Expanding.OfAsync(Expanding.Api(Paths, Schemes), "toolDefaults: { auth: { type: bearer, bearer: { secretRef: { name: s, key: k } } } }");

        Assert.Equal("a need a credential and have none: give `auth.type: apiKey` (in header, name `X-Key`) with a Secret under `toolDefaults.auth`.", Assert.Single(bare.Findings));
        Assert.Empty(armed.Findings);
        Assert.Equal(["ApiKey", "None", "ApiKey"], armed.Tools.Select(t => Expanding.SpecOf(t).Auth.Type.ToString()));
        Assert.Contains("have `auth.type: bearer`, and the description asks for `auth.type: apiKey`", Assert.Single(wrong.Findings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_of_a_default_or_an_override_is_told_where_it_was_written()
    {
        var defaults = await Expanding.OfAsync(Expanding.Api(Shop), "toolDefaults: { auth: { type: bearer } }");
        var overriding = await Expanding.OfAsync(Expanding.Api(Shop), "overrides: [{ operationId: getOrder }, { operationId: addOrder, auth: { type: basic } }]");

        Assert.Equal("spec.toolDefaults.auth.type", defaults.Faults[0].Path);
        Assert.Equal("spec.overrides[1].auth.type", Assert.Single(overriding.Faults).Path);
    }

    [Theory]
    [InlineData("servers: [{ url: 'https://{region}.example.com/{v}', variables: { region: { default: eu, enum: [eu, us] }, v: { default: v2 } } }]", "", "https://eu.example.com/v2/a")]
    [InlineData("servers: [{ url: 'https://root.example.com/' }]", "", "https://root.example.com/a")]
    [InlineData("servers: [{ url: /relative }]", "baseURL: https://given.example.com/x/", "https://given.example.com/x/a")]
    public async Task The_endpoint_is_the_server_and_the_path(string servers, string more, string expected)
    {
        var tool = await Expanding.OneAsync($"openapi: 3.1.0\ninfo: {{ title: A, version: '1' }}\n{servers}\npaths: {{ /a: {{ get: {{ operationId: a }} }} }}\n", more);

        Assert.Equal(expected, tool.Endpoint);
    }

    [Fact]
    public async Task The_servers_nearest_to_the_operation_count()
    {
        var expansion = await Expanding.OfAsync(Expanding.Api("""
              /a:
                servers: [{ url: https://path.example.com }]
                get: { operationId: a }
                put: { operationId: b, servers: [{ url: https://operation.example.com }] }
              /b#variant:
                get: { operationId: c }
            """));

        Assert.Equal(
            ["https://path.example.com/a", "https://operation.example.com/a", "https://api.example.com/v1/b"],
            expansion.Tools.Select(t => Expanding.SpecOf(t)).OrderBy(t => t.ApiRef!.OperationId).Select(t => t.Endpoint));
    }

    [Fact]
    public async Task An_answer_that_is_reshaped_is_promised_no_more()
    {
        var api = Expanding.Api("""
              /a:
                get: { operationId: a, responses: { "200": { content: { application/json: { schema: { type: object } } } } } }
            """);

        Assert.NotNull((await Expanding.OneAsync(api, "outputSchemas: true")).OutputSchema);
        Assert.Null((await Expanding.OneAsync(api, "outputSchemas: true\ntoolDefaults: { responseMapping: { include: [b] } }")).OutputSchema);
    }
}
