using System.Text;
using Stoa.Gateway.OpenApi;

namespace Stoa.Gateway.Tests.OpenApi;

/// <summary>Descriptions made to cost more than they weigh: each ends in a sentence, none in a fault of ours.</summary>
public class HostileDescriptionTests
{
    [Fact]
    public async Task Five_thousand_operations_are_five_thousand_tools_and_one_more_is_too_many()
    {
        static string Api(int count) => Json(
            string.Join(',', Enumerable.Range(0, count).Select(i => $"'/p{i}/{{id}}':{{'get':{{'operationId':'op{i}','parameters':[{{'$ref':'#/components/parameters/P'}}]}}}}")),
            "'parameters':{'P':{'name':'id','in':'path','required':true,'schema':{'$ref':'#/components/schemas/S'}}},'schemas':{'S':{'type':'string'}}");

        var most = await Expanding.OfAsync(Api(Expansion.MostTools));
        var more = await Expanding.OfAsync(Api(Expansion.MostTools + 2));

        Assert.Equal(Expansion.MostTools, most.Names().Length);
        Assert.Contains("narrow the filters", Assert.Single(more.Faults).Reason, StringComparison.Ordinal);
        Assert.Equal(["op7"], (await Expanding.OfAsync(Api(Expansion.MostTools + 2), "filters: { operationIds: [op7] }")).Names());
    }

    [Fact]
    public async Task More_operations_than_any_API_has_are_not_walked()
    {
        var paths = string.Join(',', Enumerable.Range(0, ApiOperations.Most + 1).Select(i => $"\"/{i}\":{{\"get\":{{}}}}"));

        var expansion = await Expanding.OfAsync($"{{\"openapi\":\"3.1.0\",\"paths\":{{{paths}}}}}", "filters: { operationIds: [x] }");

        Assert.Contains("cut it up first", Assert.Single(expansion.Faults).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task References_that_double_at_every_level_stay_as_small_as_they_are_written()
    {
        var schemas = string.Join(", ", Enumerable.Range(0, 60).Select(i => $"L{i}: {{ properties: {{ a: {{ $ref: '#/components/schemas/L{i + 1}' }}, b: {{ $ref: '#/components/schemas/L{i + 1}' }} }} }}"));
        var tool = await Expanding.OneAsync(Expanding.Api(
            "  /a:\n    get: { operationId: a, parameters: [{ name: q, in: query, schema: { $ref: '#/components/schemas/L0' } }] }", $"  schemas: {{ {schemas}, L60: {{ type: string }} }}"));

        Assert.Equal(61, tool.InputSchema.GetProperty("$defs").GetPropertyCount());
    }

    [Fact]
    public async Task A_large_schema_shared_by_many_operations_is_not_copied_without_end()
    {
        // 300 KiB, wanted by 2,000 operations: 600 MiB written out.
        var large = string.Join(',', Enumerable.Range(0, 6000).Select(i => $"\"property_{i:D5}\":{{\"type\":\"string\",\"maxLength\":100}}"));
        var paths = string.Join(',', Enumerable.Range(0, 2000).Select(i => $"'/{i}':{{'get':{{'parameters':[{{'name':'q','in':'query','schema':{{'$ref':'#/components/schemas/S'}}}}]}}}}"));

        var expansion = await Expanding.OfAsync(Json(paths, $"'schemas':{{'S':{{'properties':{{{large}}}}}}}"));

        Assert.Contains("The schemas come to more than 32 MiB", Assert.Single(expansion.Faults).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_too_large_for_one_tool_costs_that_tool_only()
    {
        var huge = string.Join(',', Enumerable.Range(0, 20000).Select(i => $"'p{i}':{{'type':'string'}}"));

        var expansion = await Expanding.OfAsync(Json($"'/a':{{'get':{{'parameters':[{{'name':'q','in':'query','schema':{{'properties':{{{huge}}}}}}}]}}}},'/b':{{'get':{{'operationId':'b'}}}}", ""));

        Assert.Equal(["b"], expansion.Names());
        Assert.Contains("256 KiB", Assert.Single(expansion.Skipped).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_object_spelled_in_many_ways_is_indexed_once(bool byTilde)
    {
        // "#/~~~~~~~~~~/m1" in 1,024 spellings, or item 0 as 00, 000, ...: each used to index all the members again, and to keep the index.
        const int Members = 20_000;
        var members = string.Join(',', Enumerable.Range(0, Members).Select(i => $"'m{i}':{{}}"));
        var spellings = Enumerable.Range(1, 200).Select(i => byTilde
            ? string.Concat(Enumerable.Range(0, 10).Select(bit => (i & (1 << bit)) == 0 ? "~" : "~0"))
            : "x/" + new string('0', i));
        var properties = string.Join(',', spellings.Select((s, i) => $"'p{i}':{{'$ref':'#/{s}/m1'}}"));
        var holder = byTilde ? $"'~~~~~~~~~~':{{{members}}}" : $"'x':[{{{members}}}]";
        var api = Json($"'/a':{{'get':{{'operationId':'a','parameters':[{{'name':'q','in':'query','schema':{{'properties':{{{properties}}}}}}}]}}}}", "")
            .Replace("\"paths\"", holder.Replace('\'', '"') + ",\"paths\"", StringComparison.Ordinal);

        var before = GC.GetAllocatedBytesForCurrentThread();
        await Expanding.OfAsync(api);

        // Two hundred indexes take some 500 MB, one with all the rest some 30.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 120_000_000);
    }

    [Fact]
    public async Task A_body_composed_of_the_same_parts_over_and_over_is_not_walked_to_its_end()
    {
        // 40 KB that stand for eight thousand million schemas.
        static string AllOf(string branch) => $"{{'allOf':[{string.Join(',', Enumerable.Repeat(branch, 300))}]}}";
        static string Named(string name) => $"{{'$ref':'#/components/schemas/{name}'}}";

        var expansion = await Expanding.OfAsync(Json(
            "'/a':{'post':{'operationId':'a','requestBody':{'content':{'application/json':{'schema':" + AllOf(Named("A")) + "}}}}}",
            $"'schemas':{{'A':{AllOf(Named("B"))},'B':{AllOf(Named("C"))},'C':{AllOf("{}")}}}"));

        Assert.Equal(["body"], Expanding.SpecOf(Assert.Single(expansion.Tools)).Arguments());
    }

    [Fact]
    public async Task Leaving_out_many_properties_reads_the_required_ones_once()
    {
        const int Properties = 2000;
        var readOnly = string.Join(',', Enumerable.Range(0, Properties).Select(i => $"'{i}':{{'readOnly':true}}"));
        var required = string.Join(',', Enumerable.Repeat("'x'", 5 * Properties));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var expansion = await Expanding.OfAsync(Json(
            "'/a':{'get':{'operationId':'a','parameters':[{'name':'q','in':'query','schema':{'$ref':'#/components/schemas/S'}}]}}",
            $"'schemas':{{'S':{{'properties':{{'x':{{}},{readOnly}}},'required':[{required},'0']}}}}"));

        Assert.Equal(["a"], expansion.Names());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 120_000_000);
    }

    [Theory]
    [InlineData("parameters: [{ $ref: '#/components/parameters/A' }]", "leads to itself")]
    [InlineData("parameters: [{ $ref: '#/components/parameters/B' }]", "leads to itself")]
    [InlineData("requestBody: { $ref: '#/components/requestBodies/R' }", "leads to itself")]
    [InlineData("parameters: [{ $ref: '#/paths/~1a/get/parameters/0' }]", "leads to itself")]
    [InlineData("parameters: [{ $ref: '#/components/parameters/A/$ref/x' }]", "leads nowhere")]
    [InlineData("parameters: [{ $ref: '#anchor' }]", "names an anchor")]
    [InlineData("parameters: [{ $ref: '//evil.example/x' }]", "another document")]
    [InlineData("parameters: [{ name: q, in: query, schema: { $dynamicRef: '#x' } }]", "$dynamicRef")]
    [InlineData("parameters: [{ name: q, in: query, schema: 3 }]", "no object")]
    [InlineData("parameters: [3]", "lacks `name`")]
    [InlineData("parameters: [{ name: q, in: nowhere }]", "lacks `name`, or `in`")]
    public async Task References_in_circles_and_into_nothing_are_reasons(string operation, string reason)
    {
        var said = await Expanding.ReasonAsync(Expanding.Api(
            $"  /a:\n    get: {{ operationId: a, {operation} }}".Replace(operation.StartsWith("requestBody", StringComparison.Ordinal) ? "get" : "\0", "post", StringComparison.Ordinal),
            "  parameters: { A: { $ref: '#/components/parameters/A' }, B: { $ref: '#/components/parameters/C' }, C: { $ref: '#/components/parameters/B' } }\n  requestBodies: { R: { $ref: '#/components/requestBodies/R' } }"));

        Assert.Contains(reason, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_that_is_only_itself_ends()
    {
        var expansion = await Expanding.OfAsync(Expanding.Api(
            """
              /a:
                post:
                  operationId: a
                  requestBody: { required: true, content: { application/json: { schema: { $ref: "#/components/schemas/S" } } } }
            """,
            "  schemas: { S: { allOf: [{ $ref: '#/components/schemas/S' }] } }"));

        // It stands under `body`; that it can never be satisfied is found when the tool is admitted.
        Assert.Equal(["a"], expansion.Names());
    }

    [Fact]
    public async Task Aliases_that_multiply_are_counted_as_if_written_out()
    {
        var bomb = new StringBuilder("openapi: 3.1.0\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 9; i++)
        {
            bomb.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        }

        Assert.Contains("aliases written out", Assert.Single((await Expanding.OfAsync(bomb.ToString())).Faults).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_description_nested_too_deep_is_refused()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 100)) + "1" + new string('}', 100);

        Assert.Contains("levels deep", Assert.Single((await Expanding.OfAsync(deep)).Faults).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_of_paths_costs_what_the_path_is_long()
    {
        var glob = new PathGlob(string.Concat(Enumerable.Repeat("*a", 100)) + "/**");

        Assert.False(glob.Matches("/" + new string('a', 500) + "b"));
        Assert.True(new PathGlob("/a/**/z*").Matches("/a/b/c/zoo"));
        Assert.False(new PathGlob("/a.b").Matches("/axb"));
    }

    [Fact]
    public async Task Odd_shapes_everywhere_are_no_fault_of_ours()
    {
        string[] odd = ["3", "[]", "null", "\"x\"", "true", "{}", "[[]]", "{\"$ref\":3}"];
        string[] places =
        [
            """{"openapi":"3.1.0","paths":@}""", """{"openapi":"3.0.0","paths":{"/a":@}}""", """{"openapi":"3.1.0","paths":{"/a":{"get":@}}}""",
            """{"openapi":"3.1.0","servers":@,"paths":{"/a":{"get":{}}}}""", """{"openapi":"3.1.0","servers":[@],"paths":{"/a":{"get":{}}}}""",
            """{"openapi":"3.1.0","security":@,"components":@,"info":@,"paths":{"/a":{"get":{"tags":@,"operationId":@,"summary":@,"security":[@]}}}}""",
            """{"openapi":"3.1.0","paths":{"/a":{"parameters":@,"post":{"parameters":[@],"requestBody":@,"responses":@,"callbacks":@}}}}""",
            """{"openapi":"3.0.0","paths":{"/a":{"post":{"requestBody":{"content":@},"responses":{"200":@}}}}}""",
            """{"openapi":"3.0.0","paths":{"/a":{"post":{"requestBody":{"content":{"application/json":@}},"responses":{"200":{"content":{"application/json":@}}}}}}}""",
            """{"openapi":"3.0.0","paths":{"/a":{"post":{"requestBody":{"required":true,"content":{"application/json":{"schema":@}}},"responses":{"200":{"content":{"application/json":{"schema":@}}}}}}}}""",
            """{"openapi":"3.0.0","paths":{"/a":{"get":{"parameters":[{"name":"q","in":"query","schema":{"type":@,"properties":@,"allOf":@,"items":@,"required":@,"enum":@,"nullable":true,"exclusiveMinimum":true,"minimum":@,"examples":@,"example":@}}]}}}}""",
        ];

        foreach (var source in from place in places from value in odd select place.Replace("@", value, StringComparison.Ordinal))
        {
            var expansion = await Expanding.OfAsync(source, "outputSchemas: true");
            Assert.All(expansion.Faults, fault => Assert.NotEmpty(fault.Reason));
        }
    }

    private static string Json(string paths, string components) =>
        $"{{'openapi':'3.1.0','servers':[{{'url':'https://a.example'}}],'paths':{{{paths}}},'components':{{{components}}}}}".Replace('\'', '"');
}
