namespace Stoa.Cli.Tests.Commands;

/// <summary>ToolSets: what becomes of their tools is said line by line.</summary>
public sealed class ToolSetTests
{
    [Fact]
    public async Task Applying_comparing_and_syncing_name_the_tools()
    {
        var operations = """
            "/cities": {"get": {"operationId": "listCities", "summary": "Lists cities.", "responses": {"200": {"description": "ok"}}}}
            """;
        await using var world = await World.StartAsync(exchange => exchange.AnswerJsonAsync(
            $$"""{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": { {{operations}} } }"""));
        world.Shell.Write("set.yaml",
            $$"""
            apiVersion: gostoa.dev/v1alpha1
            kind: ToolSet
            metadata: { name: geo, namespace: acme }
            spec:
              source: { type: openapi, url: "{{world.Upstream!.Url}}openapi.json" }
              baseURL: "{{world.Upstream.Url}}"
              naming: { prefix: geo_ }

            """);

        var diff = await world.Shell.RunAsync("diff", "-f", "set.yaml");
        var applied = (await world.Shell.RunAsync("apply", "-f", "set.yaml")).Succeeded();
        var again = (await world.Shell.RunAsync("sync", "geo")).Succeeded();
        operations += """, "/rivers": {"get": {"operationId": "listRivers", "summary": "Lists rivers.", "responses": {"200": {"description": "ok"}}}}""";
        var dry = (await world.Shell.RunAsync("sync", "geo", "--dry-run")).Succeeded();
        var synced = (await world.Shell.RunAsync("sync", "geo")).Succeeded();

        diff.Failed(1);
        Assert.Matches("(?m)^# tool/geo_[A-Za-z_]+ would be created, from toolset/geo$", diff.Out);
        Assert.Matches("^toolset/geo created\ntool/geo_[A-Za-z_]*[Cc]ities created\n$", applied);
        Assert.Matches("^toolset/geo [a-z]+\ntool/geo_[A-Za-z_]*[Cc]ities unchanged\n$", again);
        Assert.Matches("(?m)^tool/geo_[A-Za-z_]*[Rr]ivers created \\(dry run\\)$", dry);
        Assert.Matches("(?m)^tool/geo_[A-Za-z_]*[Rr]ivers created$", synced);
        Assert.Contains("geo", (await world.Shell.RunAsync("get", "toolsets")).Succeeded());
        Assert.Contains("There is no ToolSet", (await world.Shell.RunAsync("sync", "nothing")).Failed(4));
    }
}
