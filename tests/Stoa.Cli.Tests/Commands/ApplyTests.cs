using System.Text;
using System.Text.Json;
using Stoa.Gateway.Resources;
using Stoa.Testing;

namespace Stoa.Cli.Tests.Commands;

/// <summary>Documents in: what is printed, where faults are, what a request is made of.</summary>
public sealed class ApplyTests
{
    [Fact]
    public async Task One_line_per_document_says_what_became_of_it()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var shell = new Shell(gateway.Url, Shell.AdminKey);
        shell.Write("world.yaml", Yaml.World());

        var first = await shell.RunAsync("apply", "-f", "world.yaml");
        var again = await shell.RunAsync("apply", "-f", "world.yaml");
        shell.Write("world.yaml", Yaml.World().Replace("10s", "12s"));
        var changed = await shell.RunAsync("apply", "-f", "world.yaml");

        Assert.Equal("tenant/acme created\nconsumer/agent created\nsecret/weather created\ntool/get_weather created\n", first.Succeeded());
        Assert.Equal("tenant/acme unchanged\nconsumer/agent unchanged\nsecret/weather unchanged\ntool/get_weather unchanged\n", again.Succeeded());
        Assert.EndsWith("tool/get_weather updated\n", changed.Succeeded());
        Assert.Equal("", first.Err + again.Err + changed.Err);
    }

    [Fact]
    public async Task A_fault_is_told_as_file_line_and_column_of_the_users_own_files()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var shell = new Shell(gateway.Url, Shell.AdminKey);
        shell.Write("all/a.yaml", Yaml.All(Yaml.Tenant, Yaml.Consumer).TrimEnd('\n'));
        shell.Write("all/b.yml", "# comment\r\n" + Yaml.Secret.ReplaceLineEndings("\r\n"));
        shell.Write("all/c.yaml", "\ufeff" + Yaml.Tool(timeout: "never"));
        shell.Write("all/d.json", """{"apiVersion": "gostoa.dev/v1alpha1", "kind": "Tool",""" + "\n" + """ "metadata": {"name": "ok", "namespace": "acme"}, "spec": {"description": "Fine.", "endpoint": "ftp://x/"}}""");
        shell.Write("all/notes.txt", "not: read: at: all");

        var outcome = await shell.RunAsync("apply", "-f", "all");

        Assert.Equal("tenant/acme created\nconsumer/agent created\nsecret/weather created\n", outcome.Out);
        var lines = outcome.Failed(1).TrimEnd().Split('\n');
        Assert.StartsWith("all/c.yaml:7:12: tool/get_weather invalid: spec.timeout: ", lines[0]);
        Assert.StartsWith("all/d.json:2:", lines[1]);
        Assert.Contains("spec.endpoint: ", lines[1]);
        Assert.Equal("error: 2 of 5 documents refused, 3 applied.", lines[2]);
    }

    [Theory]
    [InlineData("apiVersion: gostoa.dev/v1alpha1\nkind: Tool\nmetadata:\n\tname: x\n", "bad.yaml:4:1:", "tab")]
    [InlineData("kind: Tenant\n  broken: [", "bad.yaml:2:", "")]
    [InlineData("apiVersion: gostoa.dev/v1alpha1\nkind: Tool\nmetadata: { name: a, name: b }\n", "bad.yaml:1:1:", "spec")]
    [InlineData("", "bad.yaml:1:1:", "no document")]
    public async Task Broken_YAML_is_placed(string text, string place, string word)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var shell = new Shell(gateway.Url, Shell.AdminKey);
        shell.Write("bad.yaml", text);

        var errors = (await shell.RunAsync("apply", "-f", "bad.yaml")).Failed(1);

        Assert.StartsWith(place, errors);
        Assert.Contains(word, errors);
        Assert.Contains("nothing was changed", errors);
    }

    [Fact]
    public async Task Twice_the_same_resource_names_both_places()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var shell = new Shell(gateway.Url, Shell.AdminKey);
        shell.Write("a.yaml", Yaml.Tenant);
        shell.Write("b.yaml", "# again\n" + Yaml.Tenant);

        var errors = (await shell.RunAsync("apply", "-f", "a.yaml", "-f", "b.yaml")).Failed(1);

        Assert.StartsWith("b.yaml:4:13: tenant/acme invalid: ", errors);
        Assert.Contains("at a.yaml:1;", errors);
    }

    [Fact]
    public async Task Several_files_may_refer_to_each_other_in_any_order()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var shell = new Shell(gateway.Url, Shell.AdminKey);
        shell.Write("1-tool.yaml", Yaml.Tool() + "...\n");
        shell.Write("2-secret.yaml", "%YAML 1.2\n---\n" + Yaml.Secret);
        shell.Write("3-tenant.json", """{"apiVersion":"gostoa.dev/v1alpha1","kind":"Tenant","metadata":{"name":"acme"}}""");

        var outcome = await shell.RunAsync("apply", "-f", "1-tool.yaml", "-f", "2-secret.yaml", "-f", "3-tenant.json");

        Assert.Equal("tool/get_weather created\nsecret/weather created\ntenant/acme created\n", outcome.Succeeded());
    }

    [Fact]
    public async Task An_unclosed_quote_spoils_its_own_file_only()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var shell = new Shell(gateway.Url, Shell.AdminKey);
        shell.Write("a.yaml", "apiVersion: \"gostoa");
        shell.Write("b.yaml", Yaml.Tenant);

        var outcome = await shell.RunAsync("apply", "-f", "a.yaml", "-f", "b.yaml");

        Assert.StartsWith("a.yaml:", outcome.Failed(1));
        Assert.Equal("tenant/acme created\n", outcome.Out);
    }

    [Fact]
    public async Task Standard_input_and_a_namespace_for_documents_without_one()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var shell = new Shell(gateway.Url, Shell.AdminKey);
        (await shell.PipeAsync(Yaml.All(Yaml.Tenant, Yaml.Secret), "apply", "-f", "-")).Succeeded();

        var without = await shell.PipeAsync(Yaml.Tool(tenant: null), "apply", "-f", "-");
        var with = await shell.PipeAsync(Yaml.Tool(tenant: null), "apply", "-f", "-", "-n", "acme");

        Assert.StartsWith("standard input:3:", without.Failed(1));
        Assert.Equal("tool/get_weather created\n", with.Succeeded());
    }

    [Fact]
    public async Task A_dry_run_changes_nothing_and_says_so()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var shell = new Shell(gateway.Url, Shell.AdminKey);
        shell.Write("t.yaml", Yaml.Tenant);

        Assert.Equal("tenant/acme created (dry run)\n", (await shell.RunAsync("apply", "-f", "t.yaml", "--dry-run")).Succeeded());
        Assert.Contains("There are no tenants", (await shell.RunAsync("get", "tenants")).Err);
    }

    [Fact]
    public async Task The_report_is_there_for_programs_too()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var shell = new Shell(gateway.Url, Shell.AdminKey);
        shell.Write("a.yaml", Yaml.Tenant);
        shell.Write("b.yaml", "kind: Tool\n");

        var outcome = await shell.RunAsync("apply", "-f", "a.yaml", "-f", "b.yaml", "-o", "json");

        outcome.Failed(1);
        var results = JsonDocument.Parse(outcome.Out).RootElement.GetProperty("results");
        Assert.Equal("created", results[0].GetProperty("status").GetString());
        Assert.Equal(("b.yaml", 1), (results[1].GetProperty("faults")[0].GetProperty("file").GetString(), results[1].GetProperty("faults")[0].GetProperty("line").GetInt32()));
    }

    [Fact]
    public async Task Five_thousand_documents_are_one_request()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var shell = new Shell(gateway.Url, Shell.AdminKey);
        shell.Write("many/0.yaml", Yaml.All(Yaml.Tenant, Yaml.Secret));
        for (var file = 1; file <= 7; file++)
        {
            shell.Write($"many/{file}.yaml", Yaml.All([.. Enumerable.Range(0, 714).Select(i => Yaml.Tool($"tool_{file}_{i:000}"))]));
        }

        var outcome = await shell.RunAsync("apply", "-f", "many");

        Assert.Equal(5000, outcome.Succeeded().TrimEnd().Split('\n').Length);
        Assert.DoesNotContain("unchanged", outcome.Out);
        var names = (await shell.RunAsync("get", "tools", "-n", "acme", "-o", "json")).Succeeded();
        Assert.Equal(4998, JsonDocument.Parse(names).RootElement.GetProperty("items").GetArrayLength());
        Assert.Equal(1, (await gateway.Admin.GetStringAsync("/manage/v1/tenants/acme/revisions")).Split("\"at\"").Length - 1);
    }

    [Fact]
    public async Task One_document_too_many_is_placed_in_its_file()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var shell = new Shell(gateway.Url, Shell.AdminKey);
        shell.Write("a.yaml", Yaml.All([Yaml.Tenant, .. Enumerable.Range(1, SourceDocuments.Most - 1).Select(i => Yaml.Consumer.Replace("agent", $"agent-{i}"))]));
        shell.Write("b.yaml", Yaml.Secret);

        var outcome = await shell.RunAsync("apply", "-f", "a.yaml", "-f", "b.yaml");

        Assert.StartsWith("b.yaml:1:1: ", outcome.Failed(1));
        Assert.Contains($"A request holds at most {SourceDocuments.Most:N0} documents", outcome.Err);
        Assert.Contains("nothing was changed", outcome.Err);
        Assert.Equal("", outcome.Out);
    }

    [Fact]
    public async Task The_same_fault_many_times_does_not_hide_another()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var shell = new Shell(gateway.Url, Shell.AdminKey);
        shell.Write("many.yaml", Yaml.All([Yaml.Tenant, Yaml.Secret, .. Enumerable.Range(0, 100).Select(i => Yaml.Tool($"tool_{i}", timeout: "soon")), Yaml.Tool("last", "ftp://x/")]));

        var lines = (await shell.RunAsync("apply", "-f", "many.yaml")).Failed(1).TrimEnd().Split('\n');

        Assert.Equal(23, lines.Length);
        Assert.Contains("tool/last invalid: spec.endpoint", lines[20]);
        Assert.StartsWith("... and 80 more like this: Expected a duration", lines[21]);
        Assert.Equal("error: 101 of 103 documents refused, 2 applied.", lines[22]);
    }

    [Fact]
    public async Task More_than_the_gateway_takes_is_not_even_sent()
    {
        await using var gateway = await ScriptedUpstream.StartAsync(exchange => exchange.AnswerJsonAsync("{}"));
        using var shell = new Shell(gateway.Url, Shell.AdminKey);
        shell.Write("big/a.yaml", new string('#', 9 * 1024 * 1024));
        shell.Write("big/b.yaml", new string('#', 9 * 1024 * 1024));

        var errors = (await shell.RunAsync("apply", "-f", "big")).Failed(2);

        Assert.Contains("18.0 MiB", errors);
        Assert.Contains("at most 16 MiB", errors);
        Assert.Contains("in parts", errors);
        Assert.Empty(gateway.Requests);
    }

    [Theory]
    [InlineData("missing.yaml", "no file or folder missing.yaml")]
    [InlineData("empty", "holds no .yaml, .yml or .json file")]
    [InlineData("latin1.yaml", "not UTF-8: byte 6")]
    public async Task Files_that_cannot_be_read_are_named(string name, string message)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var shell = new Shell(gateway.Url, Shell.AdminKey);
        Directory.CreateDirectory(Path.Combine(shell.Folder, "empty", "below"));
        shell.Write("empty/below/t.yaml", Yaml.Tenant);
        File.WriteAllBytes(Path.Combine(shell.Folder, "latin1.yaml"), Encoding.Latin1.GetBytes("# caf\u00e9\n"));

        Assert.Contains(message, (await shell.RunAsync("apply", "-f", name)).Failed(2));
        Assert.Equal("tenant/acme created\n", (await shell.RunAsync("apply", "-f", "empty", "-R")).Succeeded());
    }

    [Fact]
    public async Task Every_script_survives_the_way_there_and_back()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var shell = new Shell(gateway.Url, Shell.AdminKey);
        const string Text = "Grüße, 天気, 🌦️ — שלום";
        shell.Write("t.yaml", Yaml.Tenant + $"spec: {{ displayName: '{Text}' }}\n");
        (await shell.RunAsync("apply", "-f", "t.yaml")).Succeeded();

        foreach (var format in new[] { "table", "json", "yaml" })
        {
            Assert.Contains(Text, (await shell.RunAsync("get", "tenant", "acme", "-o", format)).Succeeded());
        }
    }
}
