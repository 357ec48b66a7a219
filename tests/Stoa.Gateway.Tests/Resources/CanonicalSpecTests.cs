using System.Text;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Resources.Reading;

namespace Stoa.Gateway.Tests.Resources;

public class CanonicalSpecTests
{
    private static readonly string Expected = """
        {"displayName":"Écho","description":"Line one\nline two\n","tags":["b","a"],"endpoint":"https://api.example.com/{id}","method":"POST",
        "inputSchema":{"properties":{"id":{"maximum":1000,"type":"integer"},"x":{"const":null}},"required":["id"],"type":"object"},
        "auth":{"type":"apiKey","apiKey":{"in":"query","name":"appid","secretRef":{"name":"weather","key":"k"}}},
        "reduction":"none","circuitBreaker":{"enabled":true,"failures":5,"window":"1m","openFor":"30s"},"requiresApproval":false,"timeout":"2m","maxResponseBytes":"1KiB","enabled":true}
        """.ReplaceLineEndings("");

    [Fact]
    public void Equal_content_has_equal_bytes_whatever_the_format_order_comments_and_spelling()
    {
        const string Yaml = """
            # The tutorial's shape, in no particular order.
            kind: Tool
            spec:
              auth: { apiKey: { secretRef: { key: k, name: weather }, name: appid, location: Query }, type: apikey }
              timeout: 120s        # two minutes
              maxResponseBytes: 0x400
              tags: [b, a]
              inputSchema:
                required: [id]
                properties: { x: { const: ~ }, id: { type: integer, maximum: 1e3 } }
                type: object
              endpoint: https://api.example.com/{id}
              method: post
              displayName: "\u00c9cho"
              description: |
                Line one
                line two
            metadata: { name: echo, namespace: acme }
            apiVersion: gostoa.dev/v1alpha1
            """;
        const string Json = """
            {"apiVersion": "gostoa.dev/v1alpha1", "kind": "Tool", "metadata": {"name": "echo"}, "spec": {
              "displayName": "Écho", "description": "Line one\nline two\n", "tags": ["b", "a"], "endpoint": "https://api.example.com/{id}", "method": "POST",
              "inputSchema": {"type": "object", "properties": {"id": {"type": "integer", "maximum": 1000.0}, "x": {"const": null}}, "required": ["id"]},
              "auth": {"type": "apiKey", "apiKey": {"in": "query", "name": "appid", "secretRef": {"name": "weather", "key": "k"}}},
              "timeout": "2m", "maxResponseBytes": 1024, "enabled": true}}
            """;

        Assert.Equal(Expected, Reading.Spec(Yaml));
        Assert.Equal(Expected, Reading.Spec(Json));
    }

    [Fact]
    public void A_canonical_spec_read_again_is_the_same()
    {
        foreach (var kind in Kinds.Registry.All)
        {
            var first = Reading.Accepted(kind.Example);
            var again = Reading.Spec($$"""{"apiVersion":"{{KindSchema.ApiVersion}}","kind":"{{kind.Kind}}","metadata":{"name":"{{first.Name}}"},"spec":{{Encoding.UTF8.GetString(first.Spec.Span)}}}""");

            Assert.Equal(Encoding.UTF8.GetString(first.Spec.Span), again);
        }
    }

    [Fact]
    public void Defaults_are_written_out() =>
        Assert.Equal(
            """{"description":"Echoes.","tags":[],"endpoint":"https://api.example.com/echo","method":"GET","inputSchema":{"type":"object"},"auth":{"type":"none"},"reduction":"none","circuitBreaker":{"enabled":true,"failures":5,"window":"1m","openFor":"30s"},"requiresApproval":false,"timeout":"30s","maxResponseBytes":"1MiB","enabled":true}""",
            Reading.Spec(Reading.Tool()));

    [Fact]
    public void A_spec_may_be_left_out_where_nothing_in_it_is_required() =>
        Assert.Equal("""{"suspended":false,"allowedOrigins":[]}""", Reading.Spec("apiVersion: gostoa.dev/v1alpha1\nkind: Tenant\nmetadata: { name: acme }"));

    [Theory]
    [InlineData("yes", ScalarKind.Text, "yes")]
    [InlineData("off", ScalarKind.Text, "off")]
    [InlineData("True", ScalarKind.Flag, "true")]
    [InlineData("tRue", ScalarKind.Text, "tRue")]
    [InlineData("~", ScalarKind.Null, "")]
    [InlineData("NULL", ScalarKind.Null, "")]
    [InlineData("1e3", ScalarKind.Number, "1000")]
    [InlineData("0x1F", ScalarKind.Number, "31")]
    [InlineData("0o17", ScalarKind.Number, "15")]
    [InlineData("0xFFFFFFFFFFFFFFFF", ScalarKind.Number, "18446744073709551615")]
    [InlineData("0x10000000000000000", ScalarKind.Unrepresentable, "")]
    [InlineData("0x", ScalarKind.Text, "0x")]
    [InlineData("0o8", ScalarKind.Text, "0o8")]
    [InlineData("-0x1F", ScalarKind.Text, "-0x1F")]
    [InlineData("017", ScalarKind.Number, "17")]
    [InlineData("1_000", ScalarKind.Text, "1_000")]
    [InlineData("12:30", ScalarKind.Text, "12:30")]
    [InlineData("2026-07-28", ScalarKind.Text, "2026-07-28")]
    [InlineData("+5", ScalarKind.Number, "5")]
    [InlineData("-", ScalarKind.Text, "-")]
    [InlineData(".", ScalarKind.Text, ".")]
    [InlineData(".5", ScalarKind.Number, "0.5")]
    [InlineData("5.", ScalarKind.Number, "5")]
    [InlineData("-0.0", ScalarKind.Number, "0")]
    [InlineData("1e", ScalarKind.Text, "1e")]
    [InlineData("1e+", ScalarKind.Text, "1e+")]
    [InlineData("-.inf", ScalarKind.Unrepresentable, "")]
    [InlineData(".NaN", ScalarKind.Unrepresentable, "")]
    [InlineData("1e400", ScalarKind.Unrepresentable, "")]
    [InlineData("1e99999999999", ScalarKind.Unrepresentable, "")]
    [InlineData("9007199254740993", ScalarKind.Number, "9007199254740993")]
    [InlineData("123456789012345678901", ScalarKind.Number, "123456789012345678901")]
    [InlineData("1234567890123456789012", ScalarKind.Number, "1.234567890123456789012e+21")]
    [InlineData("0.000001", ScalarKind.Number, "0.000001")]
    [InlineData("0.0000001", ScalarKind.Number, "1e-7")]
    [InlineData("-1.50E-2", ScalarKind.Number, "-0.015")]
    public void Plain_scalars_follow_the_core_schema_of_YAML_1_2(string text, object kind, string canonical)
    {
        var scalar = CoreScalar.Resolve(new(1, 1), text);

        Assert.Equal(((ScalarKind)kind, canonical), (scalar.Kind, scalar.Text));
    }

    [Theory]
    [InlineData("0s", 0, "0s")]
    [InlineData("1500ms", 1500, "1500ms")]
    [InlineData("60s", 60_000, "1m")]
    [InlineData("24h", 86_400_000, "1d")]
    [InlineData("90m", 5_400_000, "90m")]
    public void Durations_have_one_spelling(string text, long milliseconds, string canonical)
    {
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), DurationText.Parse(text));
        Assert.Equal(canonical, DurationText.Format(DurationText.Parse(text)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("30")]
    [InlineData("-1s")]
    [InlineData("1.5s")]
    [InlineData("1 s")]
    [InlineData("1S")]
    [InlineData("9999999999999s")]
    [InlineData("999999999999d")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(DurationText.TryParse(text, out _));

    [Theory]
    [InlineData("0B", 0, "0B")]
    [InlineData("1000B", 1000, "1000B")]
    [InlineData("1024KiB", 1 << 20, "1MiB")]
    [InlineData("3GiB", 3L << 30, "3GiB")]
    public void Sizes_have_one_spelling(string text, long bytes, string canonical)
    {
        Assert.Equal(bytes, SizeText.Parse(text));
        Assert.Equal(canonical, SizeText.Format(bytes));
    }

    [Fact]
    public void What_the_management_API_returned_can_be_applied_again()
    {
        var document = Reading.Accepted("""
            {"apiVersion": "gostoa.dev/v1alpha1", "kind": "Tenant",
             "metadata": {"name": "globex", "uid": "u", "resourceVersion": "v7", "createdAt": "2026-01-01T00:00:00Z", "updatedAt": null, "labels": {"b": "2", "a": "1"}, "annotations": {"note": ""}},
             "spec": {"suspended": false}, "status": {"phase": "Ready"}}
            """);

        Assert.Equal(("globex", "globex", "v7"), (document.Name, document.Namespace.ToString(), document.ResourceVersion));
        Assert.Equal(["a", "b"], document.Labels.Keys);
        Assert.Equal("", document.Annotations["note"]);
    }

    [Fact]
    public void Later_checks_find_the_line_of_a_field_by_its_main_name()
    {
        var document = Reading.Accepted(Reading.Tool("auth:", "  type: apiKey", "  apiKey:", "    location: query", "    name: q", "    secretRef: { name: s, key: k }", "tags: [x, y]",
            "outputSchema: { 'a.b\"c': [1, { d: 2 }] }"));

        Assert.True(document.TryLocate("spec.auth.apiKey.in", out var at));
        Assert.Equal(new(10, 7), at);
        Assert.True(document.TryLocate("spec.tags[1]", out at));
        Assert.Equal(new(13, 13), at);
        Assert.True(document.TryLocate("spec.outputSchema[\"a.b\\\"c\"][1].d", out at));
        Assert.Equal(new(14, 34), at);

        Assert.False(document.TryLocate("spec.timeout", out at));
        Assert.Equal(new(4, 1), at);
        Assert.False(document.TryLocate("spec.tags[9]", out at));
        Assert.Equal(new(13, 3), at);
        Assert.Equal("line 12, column 20, spec.auth.apiKey.secretRef.name: No Secret.", document.Fault("spec.auth.apiKey.secretRef.name", "No Secret.").ToString());
    }

    [Fact]
    public void A_thousand_tools_are_read()
    {
        var body = Encoding.UTF8.GetBytes(string.Join("\n---\n", Enumerable.Range(0, 1000).Select(i =>
            Kinds.Registry.Find("Tool")!.Example.Replace("get_current_weather", $"tool_{i}", StringComparison.Ordinal))));

        Assert.Equal(1000, Reading.All(body).Count(d => d.Resource is not null));
    }
}
