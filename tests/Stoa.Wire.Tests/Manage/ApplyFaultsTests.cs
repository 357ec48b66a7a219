using Stoa.Testing;

namespace Stoa.Wire.Tests.Manage;

/// <summary>What apply says of a wrong document: where it is, which field, and what to do.</summary>
public sealed class ApplyFaultsTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await TestGateway.StartAsync();

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task A_fault_has_line_column_path_and_reason()
    {
        var reply = await _gateway.Admin.ApplyAsync(
            """
            # a file of two documents
            apiVersion: gostoa.dev/v1alpha1
            kind: Tenant
            metadata:
              name: acme
            ---
            apiVersion: gostoa.dev/v1alpha1
            kind: Tool
            metadata:
              name: hello
              namespace: acme
            spec:
              description: Says hello.
              endpoint: https://api.example.com/
              timeuot: 5s
              timeout: soon
            """);

        Assert.Equal("created invalid", reply.Statuses);
        Assert.Collection(
            reply.Faults(2).Split('\n'),
            first => Assert.Matches("^15:3 spec.timeuot: .*`timeout`", first),
            second => Assert.Matches("^16:12 spec.timeout: .*duration", second));
    }

    [Theory]
    [InlineData("Consumr", "kind: Unknown kind `Consumr`; did you mean `Consumer`?")]
    [InlineData("Widget", "kind: Unknown kind `Widget`; use ")]
    public async Task An_unknown_kind_is_told_the_known_ones(string kind, string expected)
    {
        var reply = await _gateway.Admin.ApplyAsync(Yaml.Document(kind, "name: a, namespace: acme", "{}"));

        Assert.Contains(expected, reply.Faults());
    }

    [Fact]
    public async Task A_tenant_must_be_there_first_or_in_the_same_request()
    {
        var alone = await _gateway.Admin.ApplyAsync(Yaml.Consumer());
        var behind = await _gateway.Admin.ApplyAsync(Yaml.All(Yaml.Consumer(), Yaml.Tenant()));
        var nowhere = await _gateway.Admin.ApplyAsync(Yaml.Document("Consumer", "name: app", "{}"));

        Assert.Contains("metadata.namespace: There is no tenant `acme`", alone.Faults());
        Assert.Equal((200, "created created"), (behind.Status, behind.Statuses));
        Assert.Contains("`namespace` is missing", nowhere.Faults());
    }

    [Fact]
    public async Task A_secret_and_its_key_must_be_there_first_or_in_the_same_request()
    {
        await _gateway.ApplyAsync(Yaml.Tenant());

        var noSecret = await _gateway.Admin.ApplyAsync(Yaml.ToolWithSecret());
        var bothWrongWayRound = await _gateway.Admin.ApplyAsync(Yaml.All(Yaml.ToolWithSecret(), Yaml.Secret()));
        var noKey = await _gateway.Admin.ApplyAsync(Yaml.ToolWithSecret("other", key: "token"));
        var brokenSecret = await _gateway.Admin.ApplyAsync(Yaml.All(Yaml.Secret("new", "{ key: 5 }"), Yaml.ToolWithSecret("third", "new")));

        Assert.Contains("spec.auth.bearer.secretRef.name: There is no Secret `crm`", noSecret.Faults());
        Assert.Equal((200, "created created"), (bothWrongWayRound.Status, bothWrongWayRound.Statuses));
        Assert.Contains("spec.auth.bearer.secretRef.key: The Secret `crm` has no key `token`.", noKey.Faults());
        Assert.Equal("invalid invalid", brokenSecret.Statuses);
    }

    [Fact]
    public async Task A_secret_keeps_the_keys_that_tools_use_until_they_let_go()
    {
        await _gateway.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Secret(), Yaml.ToolWithSecret()));

        var alone = await _gateway.Admin.ApplyAsync(Yaml.Secret(data: "{ token: another-value }"));
        var partly = await _gateway.Admin.ApplyAsync(Yaml.All(Yaml.Secret(data: "{ token: another-value }"), Yaml.ToolWithSecret("other", key: "token")));
        var together = await _gateway.Admin.ApplyAsync(Yaml.All(Yaml.Secret(data: "{ token: another-value }"), Yaml.ToolWithSecret(key: "token")));

        Assert.Equal("invalid", alone.Statuses);
        Assert.Contains("spec: Tool hello uses the key `key`", alone.Faults());
        Assert.Equal("invalid invalid", partly.Statuses);
        Assert.Contains("has no key `token`", partly.Faults(2));
        Assert.Equal("updated updated", together.Statuses);
    }

    [Theory]
    [InlineData("{ type: object, properties: { city: { type: sting } } }", "spec.inputSchema.properties.city.type")]
    [InlineData("{ type: object, properties: { a: { pattern: '(' } } }", "spec.inputSchema.properties.a.pattern")]
    [InlineData("{ type: object, required: city }", "spec.inputSchema.required")]
    [InlineData("{ type: object, properties: { 'a/b': { minLength: -1 } } }", "spec.inputSchema.properties.a/b.minLength")]
    [InlineData("{ $ref: 'https://elsewhere.example/schema' }", "spec.inputSchema")]
    public async Task A_bad_input_schema_is_refused_with_its_path(string schema, string path)
    {
        await _gateway.ApplyAsync(Yaml.Tenant());

        var reply = await _gateway.Admin.ApplyAsync(Yaml.Tool(more: $"inputSchema: {schema}"));

        Assert.Equal("invalid", reply.Statuses);
        Assert.Contains($" {path}", reply.Faults());
        Assert.StartsWith("4:", reply.Faults());
    }

    [Theory]
    [InlineData("http://169.254.169.254/metadata/identity")]
    [InlineData("http://168.63.129.16/machine")]
    [InlineData("http://[fd00:ec2::254]/latest")]
    [InlineData("http://[::ffff:169.254.169.254]/")]
    [InlineData("http://10.0.0.7/")]
    [InlineData("http://192.168.1.1/admin")]
    [InlineData("http://0.0.0.0/")]
    [InlineData("http://2130706433.example.com:0/")]
    [InlineData("https://user:password@api.example.com/")]
    public async Task An_endpoint_that_may_not_be_called_is_refused_at_apply(string endpoint)
    {
        await _gateway.ApplyAsync(Yaml.Tenant());

        var reply = await _gateway.Admin.ApplyAsync(Yaml.Tool(endpoint: endpoint));

        Assert.Equal("invalid", reply.Statuses);
        Assert.Matches("^[0-9]+:[0-9]+ spec.endpoint: .{15,}", reply.Faults());
    }

    [Fact]
    public async Task Loopback_is_open_in_embedded_mode_only()
    {
        const string Local = "http://127.0.0.1:7999/";
        await _gateway.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Tool(endpoint: Local)));
        await using var azure = await TestGateway.StartAsync(new Dictionary<string, string?>
        {
            ["Stoa:Storage"] = "azure",
            ["Stoa:TablesEndpoint"] = "https://tables.example",
            ["Stoa:BlobsEndpoint"] = "https://blobs.example",
        });

        var reply = await azure.Admin.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Tool(endpoint: Local)));

        Assert.Equal("created invalid", reply.Statuses);
        Assert.Contains("not one that this gateway may call (Loopback)", reply.Faults(2));
    }

    [Fact]
    public async Task The_same_resource_twice_in_one_request_is_a_mistake()
    {
        var reply = await _gateway.Admin.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Consumer(), Yaml.Consumer(spec: "{ suspended: true }")));

        Assert.Equal("created created invalid", reply.Statuses);
        Assert.Contains("already, at line 6", reply.Faults(3));
    }

    [Fact]
    public async Task A_tenant_that_grows_too_large_is_refused_and_stays_as_it_is()
    {
        await _gateway.ApplyAsync(Yaml.Tenant());
        Assert.Equal(200, (await _gateway.Admin.ApplyAsync(Consumers(1))).Status);

        var reply = await _gateway.Admin.ApplyAsync(Consumers(2));

        Assert.Equal(400, reply.Status);
        Assert.Contains("The tenant would hold more than", reply.Faults());
        Assert.Equal(404, (await _gateway.Admin.ReadAsync("/manage/v1/consumers/c2-0?namespace=acme")).Status);
        Assert.Equal("updated", (await _gateway.Admin.ApplyAsync(Yaml.Tenant(spec: "{ displayName: Acme }"))).Statuses);

        // 12 MB in JSON, which is read faster than YAML.
        static string Consumers(int part) => $"[{string.Join(',', Enumerable.Range(0, 3000).Select(i => Consumer($"c{part}-{i}")))}]";

        static string Consumer(string name) =>
            $$$"""{"apiVersion":"gostoa.dev/v1alpha1","kind":"Consumer","metadata":{"name":"{{{name}}}","namespace":"acme"},"spec":{"description":"{{{new string('x', 4000)}}}"}}""";
    }
}
