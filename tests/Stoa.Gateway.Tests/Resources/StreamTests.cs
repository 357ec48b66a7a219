using System.Text;

namespace Stoa.Gateway.Tests.Resources;

public class StreamTests
{
    private static string Tenant(string name) => $"apiVersion: gostoa.dev/v1alpha1\nkind: Tenant\nmetadata: {{ name: {name} }}\n";

    private static string TenantJson(string name) => $$$"""{"apiVersion": "gostoa.dev/v1alpha1", "kind": "Tenant", "metadata": {"name": "{{{name}}}"}}""";

    /// <summary>Names of those accepted, faults of the others.</summary>
    private static string[] Outcome(string text) => [.. Reading.All(text).Select(d => d.Resource?.Name ?? string.Join('\n', d.Faults))];

    [Fact]
    public void A_broken_document_loses_only_itself() =>
        Assert.Equal(
            ["one", "line 6, column 1: The YAML cannot be read on from here: While parsing a node, did not find expected node content.", "three"],
            Outcome($"{Tenant("one")}---\nfoo: [\n---\n{Tenant("three")}"));

    [Fact]
    public void A_marker_ends_a_document_even_inside_quotes_and_block_texts() =>
        Assert.Equal(["one", "two"], Outcome($"{Tenant("one")}spec:\n  description: |\n    text\n---\n{Tenant("two")}"));

    [Fact]
    public void Markers_comments_directives_and_line_ends_of_all_sorts_are_understood() =>
        Assert.Equal(
            ["one", "two", "three", "four"],
            Outcome($"# head\n%YAML 1.2\n---\n{Tenant("one")}...\n# between\n--- # two\n{Tenant("two")}---\n\n---   \n{Tenant("three").ReplaceLineEndings("\r\n")}---\r{Tenant("four").ReplaceLineEndings("\r")}---\n"));

    [Fact]
    public void Lines_are_counted_from_the_beginning_of_the_request()
    {
        var faults = Outcome($"{Tenant("one")}---\n\n# comment\n{Tenant("two")}spec: {{ foo: 1 }}\n")[1];

        Assert.StartsWith("line 10, column 9, spec.foo:", faults, StringComparison.Ordinal);
    }

    [Fact]
    public void Anchors_do_not_reach_into_the_next_document() =>
        Assert.Contains("names no value", Outcome($"{Tenant("one")}spec: {{ displayName: &a Name }}\n---\n{Tenant("two")}spec: {{ displayName: *a }}\n")[1], StringComparison.Ordinal);

    [Fact]
    public void An_alias_is_its_value() =>
        Assert.Equal(
            """{"displayName":"Same","description":"Same","suspended":false,"allowedOrigins":[]}""",
            Reading.Spec($"{Tenant("one")}spec:\n  displayName: &a Same\n  description: *a\n"));

    [Fact]
    public void JSON_may_be_one_object_an_array_or_items()
    {
        Assert.Equal(["one"], Outcome(TenantJson("one")));
        Assert.Equal(["one", "two"], Outcome($"\n [{TenantJson("one")}, {TenantJson("two")}]"));
        Assert.Equal(["one", "two"], Outcome($$"""{"apiVersion": "v1", "kind": "List", "metadata": {}, "items": [{{TenantJson("one")}}, {{TenantJson("two")}}]}"""));
    }

    [Fact]
    public void YAML_may_hold_lists_too() =>
        Assert.Equal(["one", "two"], Outcome($"items:\n- {TenantJson("one")}\n---\n- {TenantJson("two")}\n"));

    [Fact]
    public void A_fault_in_one_item_is_told_from_that_item_on() =>
        Assert.Equal(
            [
                "one",
                "line 2, column 85, metadata.name: The key `name` was already given at line 2, column 70; keep one of them.",
                "three",
            ],
            Outcome($"[{TenantJson("one")},\n{TenantJson("two").Replace("\"two\"", "\"two\", \"name\": \"2\"", StringComparison.Ordinal)},\n{TenantJson("three")}]"));

    [Fact]
    public void A_fault_around_the_items_is_not_lost() =>
        Assert.Equal(
            ["line 1, column 15, items: The key `items` was already given at line 1, column 2; keep one of them.\nline 1, column 28, itemz: Unknown field `itemz` of a list of documents; remove it."],
            Outcome("""{"items": [], "items": [], "itemz": []}"""));

    [Fact]
    public void The_same_resource_twice_in_a_request_is_refused_once() =>
        Assert.Equal(
            ["one", "line 7, column 25, metadata.name: This Tenant is in the request already, at line 1; keep one of the two."],
            Outcome($"{Tenant("one")}---\n{Tenant("one").Replace("{ ", "{ labels: {}, ", StringComparison.Ordinal)}"));

    [Fact]
    public void The_same_name_in_another_tenant_is_another_resource()
    {
        var text = $"{Reading.Tool()}---\n{Reading.Tool().Replace("name: echo", "name: echo, namespace: globex", StringComparison.Ordinal)}";

        Assert.Equal(["acme", "globex"], Reading.All(text).Select(d => d.Resource!.Namespace.ToString()));
    }

    [Fact]
    public void A_tenant_stands_in_no_namespace() =>
        Assert.StartsWith("line 3, column 25, metadata.namespace: Unknown field `namespace`", Reading.Faults("apiVersion: gostoa.dev/v1alpha1\nkind: Tenant\nmetadata: { name: acme, namespace: acme }"), StringComparison.Ordinal);

    [Fact]
    public void An_answer_never_repeats_a_secret()
    {
        string[] lines =
        [
            "data: { key: [hunter2] }", "data: [hunter2]", "data: hunter2", "data: { key: \"hunter2 }", "data: { key: hunter2: x }", "data:\n    key: hunter2\n   x: y",
        ];
        foreach (var line in lines)
        {
            Assert.DoesNotContain("hunter2", Reading.Faults(Reading.Document("Secret", line)), StringComparison.Ordinal);
        }

        Assert.DoesNotContain("hunter2", string.Join(' ', Reading.All(Encoding.UTF8.GetBytes("{\"data\": {\"key\": hunter2}}"))[0].Faults), StringComparison.Ordinal);
    }
}
