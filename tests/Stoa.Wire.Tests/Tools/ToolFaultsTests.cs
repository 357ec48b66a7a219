using Stoa.Testing;
using Stoa.Wire.Tests.Manage;

namespace Stoa.Wire.Tests.Tools;

/// <summary>What apply says of a tool whose request, pages or answer cannot work: where, and in which words.</summary>
public sealed class ToolFaultsTests : IAsyncLifetime
{
    private const string Input = "  inputSchema: { type: object, required: [city], properties: { city: { type: string }, tags: { type: array }, note: { type: string } } }";

    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync();
        await _gateway.ApplyAsync(Yaml.All(Yaml.Tenant(), Yaml.Secret()));
    }

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Theory]
    [InlineData("parameters: { citty: { in: query } }", "8:17 spec.parameters.citty: inputSchema has no property `citty`; did you mean `city`?")]
    [InlineData("parameters: { zip: { in: query } }", "8:17 spec.parameters.zip: inputSchema has no property `zip`; add it under `properties`.")]
    [InlineData("parameters: { tags: { in: query, style: simple } }", "8:36 spec.parameters.tags.style: `simple` is not for `in: query`; use `form`, `spaceDelimited`, `pipeDelimited` or `deepObject`.")]
    [InlineData("parameters: { tags: { in: header, style: form } }", "8:37 spec.parameters.tags.style: `form` is not for `in: header`; use `simple`.")]
    [InlineData("parameters: { tags: { in: query, style: pipeDelimited, explode: true } }", "8:58 spec.parameters.tags.explode: OpenAPI has no exploded form of `pipeDelimited`; remove `explode`, or use `style: form`.")]
    [InlineData("parameters: { city: { in: query, style: spaceDelimited } }", "8:36 spec.parameters.city.style: `spaceDelimited` is for lists and objects, and inputSchema says that this is neither; use `form`.")]
    [InlineData("parameters: { tags: { in: query, style: deepObject } }", "8:36 spec.parameters.tags.style: `deepObject` is for objects, and inputSchema says that this is none; use `form`.")]
    [InlineData("parameters: { city: { in: body } }", "8:25 spec.parameters.city.in: A GET has no body; use `in: query`.")]
    [InlineData("parameters: { city: { in: path } }", "8:25 spec.parameters.city.in: The endpoint's path has no `{city}`; write it there.")]
    [InlineData("parameters: { city: { in: header, name: Authorization } }", "8:37 spec.parameters.city.name: `Authorization` is for the tool's credential; put it in a Secret and name it in `auth`.")]
    [InlineData("parameters: { city: { in: header, name: host } }", "8:37 spec.parameters.city.name: The header `host` belongs to the HTTP client; use another.")]
    [InlineData("parameters: { city: { in: header, name: Content-Encoding } }", "8:37 spec.parameters.city.name: The header `Content-Encoding` belongs to the HTTP client; use another.")]
    [InlineData("parameters: { city: { in: header, name: 'X City' } }", "8:37 spec.parameters.city.name: A header's name has 1 to 128 letters, digits, `-`, `_` or other token characters of RFC 9110; give it a `name`.")]
    [InlineData("parameters: { city: { in: query, name: note } }", "7:111 spec.inputSchema.properties.note: `note` is set by the argument `city` already; what is sent twice could be read either way.")]
    public Task A_parameter_that_cannot_travel(string spec, string fault) => IsRefusedAsync(spec, fault);

    [Theory]
    [InlineData("requestTransform: { queryParams: [{ name: q }] }", "8:37 spec.requestTransform.queryParams[0]: Give exactly one of `value` and `valueFrom`.")]
    [InlineData("requestTransform: { queryParams: [{ name: q, value: a, valueFrom: .input.city }] }", "8:37 spec.requestTransform.queryParams[0]: Give exactly one of `value` and `valueFrom`.")]
    [InlineData("requestTransform: { queryParams: [{ name: q, valueFrom: metric }] }", "8:48 spec.requestTransform.queryParams[0].valueFrom: Expected a path such as `.input.city` or `.context.requestId`; text that is sent as it is belongs in `value`.")]
    [InlineData("requestTransform: { queryParams: [{ name: q, value: '{{.input.citty}}' }] }", "8:58 spec.requestTransform.queryParams[0].value: inputSchema has no property `citty`; did you mean `city`?")]
    [InlineData("requestTransform: { queryParams: [{ name: q, valueFrom: .input.citty }] }", "8:59 spec.requestTransform.queryParams[0].valueFrom: inputSchema has no property `citty`; did you mean `city`?")]
    [InlineData("requestTransform: { queryParams: [{ name: q, value: '{{.response.id}}' }] }", "8:58 spec.requestTransform.queryParams[0].value: There is no `.response` yet when a request is made; it can be read in `responseTransform`.")]
    [InlineData("requestTransform: { queryParams: [{ name: V, value: x }] }", "8:39 spec.requestTransform.queryParams[0].name: `V` is set by the endpoint already; what is sent twice could be read either way.")]
    [InlineData("requestTransform: { queryParams: [{ name: note, value: x }] }", "7:111 spec.inputSchema.properties.note: `note` is set by `requestTransform` already; what is sent twice could be read either way.")]
    [InlineData("requestTransform: { headers: [{ name: authorization, value: x }] }", "8:35 spec.requestTransform.headers[0].name: `Authorization` is for the tool's credential; put it in a Secret and name it in `auth`.")]
    [InlineData("requestTransform: { headers: [{ name: Cookie, value: x }] }", "8:35 spec.requestTransform.headers[0].name: Cookies are sent by `parameters` with `in: cookie`, or by `auth`.")]
    [InlineData("requestTransform: { headers: [{ name: X-A, value: x }, { name: x-a, value: y }] }", "8:60 spec.requestTransform.headers[1].name: The header `x-a` is set above already.")]
    [InlineData("requestTransform: { body: '{}' }", "8:23 spec.requestTransform.body: A GET has no body; use `queryParams`, or another method.")]
    [InlineData("requestTransform: { queryParams: [{ name: q, value: {{.input.city}} }] }", "8:56 spec.requestTransform.queryParams[0].value: A map cannot be a key. If this is a template, put the whole text in quotes, as in '{{.input.city}}', or under `|`.")]
    [InlineData("requestTransform: { queryParams: [{ name: q, value: '{{range .input.tags}}' }] }", "8:58 spec.requestTransform.queryParams[0].value: `range`: There are no loops or conditions")]
    public Task A_request_template_that_cannot_work(string spec, string fault) => IsRefusedAsync(spec, fault);

    [Fact]
    public async Task A_fault_in_a_block_of_text_is_found_at_its_own_line_and_column()
    {
        var faults = await FaultsAsync("responseTransform:\n    template: |\n      {\n        \"a\": {{.response.name}},\n        \"b\": {{.inptu.city}}\n      }");

        Assert.StartsWith("12:17 spec.responseTransform.template: Nothing here is named `.inptu`; did you mean `.input`?", faults, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_place_is_unknown_the_fault_says_it_in_words()
    {
        var faults = await FaultsAsync("responseTransform:\n    template: >-\n      {\"a\":\n      {{.inptu.city}}}");

        Assert.StartsWith("9:5 spec.responseTransform.template: Line 1, column ", faults, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("responseTransform: { template: '{\"a\": {{.response.x}}' }", "spec.responseTransform.template: ")]
    [InlineData("responseTransform: { template: '{\"a\": {{.input.citty}}}' }", "spec.responseTransform.template: inputSchema has no property `citty`; did you mean `city`?")]
    [InlineData("responseMapping: { include: [name, 'a..b'] }", "spec.responseMapping.include[1]: ")]
    [InlineData("responseMapping: { exclude: ['{{.response.a}}'] }", "spec.responseMapping.exclude[0]: ")]
    public Task An_answer_that_cannot_be_made(string spec, string fault) => IsRefusedAsync(spec, fault);

    [Theory]
    [InlineData("pagination: { type: cursor }", "spec.pagination: `type: cursor` needs `cursorParam` beside it.")]
    [InlineData("pagination: { type: cursor, cursorParam: c }", "spec.pagination: `type: cursor` needs `nextCursor` beside it.")]
    [InlineData("pagination: { type: offset }", "spec.pagination: `type: offset` needs `offsetParam` beside it.")]
    [InlineData("pagination: { type: page }", "spec.pagination: `type: page` needs `pageParam` beside it.")]
    [InlineData("pagination: { type: page, pageParam: p, cursorParam: c }", "spec.pagination.cursorParam: `cursorParam` has no meaning for `type: page`; remove it or change the type.")]
    [InlineData("pagination: { type: page, pageParam: p, limitParam: p }", "spec.pagination.limitParam: `limitParam` and `pageParam` are the same query parameter.")]
    [InlineData("pagination: { type: page, pageParam: v }", "spec.pagination.pageParam: `v` is set by the endpoint already; what is sent twice could be read either way.")]
    [InlineData("pagination: { type: page, pageParam: p, defaultLimit: 200 }", "spec.pagination.defaultLimit: `defaultLimit` (200) is more than `maxLimit` (100).")]
    [InlineData("pagination: { type: link, items: 'a[].b' }", "spec.pagination.items: This must lead to one place, so it cannot hold `[]`.")]
    [InlineData("method: POST\n  pagination: { type: link }", "spec.pagination: Pages are read by several requests, and a POST may change something each time; use `method: GET`, or say `annotations.readOnlyHint: true` if it only reads.")]
    [InlineData("method: HEAD\n  pagination: { type: link }", "spec.pagination: A HEAD has no answer to read pages from; use `method: GET`.")]
    public Task Pages_that_cannot_be_read(string spec, string fault) => IsRefusedAsync(spec, fault);

    [Theory]
    [InlineData("parameters: { extra: { in: query } }\n  requestTransform: { queryParams: [{ name: q, value: '{{.input.anything}}' }] }", "{ type: object, additionalProperties: { type: string } }")]
    [InlineData("parameters: { extra: { in: query } }", "{ type: object, allOf: [{ properties: { extra: {} } }] }")]
    public async Task Names_that_the_schema_leaves_open_may_be_used(string spec, string schema)
    {
        Assert.Equal("", await FaultsAsync(spec, "  inputSchema: " + schema));
    }

    [Fact]
    public async Task The_headers_and_parameters_of_the_credential_are_its_own()
    {
        const string Header = "auth: { type: apiKey, apiKey: { in: header, name: X-Key, secretRef: { name: crm, key: key } } }\n  ";
        const string Query = "auth: { type: apiKey, apiKey: { in: query, name: appid, secretRef: { name: crm, key: key } } }\n  ";

        Assert.Contains("The header `x-key` holds the tool's credential; use another.", await FaultsAsync(Header + "requestTransform: { headers: [{ name: x-key, value: a }] }"));
        Assert.Contains("`APPID` is set by the tool's credential already", await FaultsAsync(Query + "requestTransform: { queryParams: [{ name: APPID, value: a }] }"));
        Assert.Contains("`appid` is set by the tool's credential already", await FaultsAsync(Query + "parameters: { city: { in: query, name: appid } }"));
        Assert.Contains("`appid` is set by the tool's credential already", await FaultsAsync(Query + "pagination: { type: page, pageParam: appid }"));
    }

    [Theory]
    [InlineData("{ id: { in: query, name: other } }", "spec.parameters.id.in: The endpoint's path needs `{id}`; write `in: path`.")]
    [InlineData("{ id: { in: header } }", "spec.parameters.id.in: The endpoint's path needs `{id}`; write `in: path`.")]
    [InlineData("{ id: { in: path }, x: { in: path, name: id } }", "spec.parameters.x: `id` is set by the argument `id` already; what is sent twice could be read either way.")]
    public async Task A_path_parameter_has_one_argument(string parameters, string fault)
    {
        var reply = await _gateway.Admin.ApplyAsync(Yaml.Tool(
            endpoint: "https://api.example.com/items/{id}", more: $"inputSchema: {{ type: object, required: [id, x], properties: {{ id: {{}}, x: {{}} }} }}, parameters: {parameters}"));

        Assert.Contains(fault, reply.Faults(), StringComparison.Ordinal);
    }

    private async Task IsRefusedAsync(string spec, string fault)
    {
        var faults = await FaultsAsync(spec);
        Assert.Contains(fault, faults, StringComparison.Ordinal);
    }

    private async Task<string> FaultsAsync(string spec, string input = Input)
    {
        var reply = await _gateway.Admin.ApplyAsync($$"""
            apiVersion: gostoa.dev/v1alpha1
            kind: Tool
            metadata: { name: t, namespace: acme }
            spec:
              description: Does t.
              endpoint: https://api.example.com/list?v=1
            {{input}}
              {{spec}}

            """);
        return reply.Faults();
    }
}
