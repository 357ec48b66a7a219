using System.Text.Json.Nodes;
using Stoa.Cli.Documents;
using Stoa.Cli.Gateway;
using Stoa.Cli.Output;

namespace Stoa.Cli.Commands;

/// <summary><c>stoa get</c>: resources as they are stored.</summary>
internal sealed class GetCommand : CliCommand
{
    private readonly ResourceArguments _resource;

    public GetCommand(Surroundings surroundings)
        : base(surroundings, "get", "Lists resources of a kind, or shows one.") =>
        _resource = new(this);

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("All tools of a tenant", "stoa get tools -n acme"),
        new("One tool, as a file that can be edited and applied again", "stoa get tool get_weather -o yaml > get_weather.yaml"),
        new("Names only", "stoa get tools -o json | jq -r '.items[].metadata.name'"),
    ];

    public override string Details =>
        """
        -o json prints a list as {"items": [...]}, -o yaml as documents with --- between them; both can be applied again. Secrets show
        their keys, never their values.
        """;

    protected override async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        var (word, name) = _resource.Read(call.Parsed);
        var kind = KindNames.PluralOf(word!);
        using var gateway = call.Manage();
        if (name is not null)
        {
            var resource = await gateway.GetAsync(GatewayPath.Of("manage/v1", kind, name).With("namespace", call.Connection.Namespace), ct);
            if (!call.Format.TryPrint(call.Out, resource))
            {
                call.Out.Table(ResourceTable.Of(kind, [resource.AsObject()], DateTimeOffset.UtcNow));
            }

            return ExitCode.Ok;
        }

        var items = await call.Err.WhileAsync($"Reading {kind} ...", () => ReadAllAsync(gateway, call, kind, ct));
        Print(call, kind, items);
        return ExitCode.Ok;
    }

    private static async Task<List<JsonObject>> ReadAllAsync(GatewayClient gateway, Invocation call, string kind, CancellationToken ct)
    {
        var path = GatewayPath.Of("manage/v1", kind).With("namespace", call.Connection.Namespace).With("limit", "500");
        var items = new List<JsonObject>();
        await foreach (var item in gateway.ListAsync(path, "items", "continue", "continue", ct))
        {
            items.Add(item);
        }

        return items;
    }

    private static void Print(Invocation call, string kind, List<JsonObject> items)
    {
        switch (call.Format)
        {
            case OutputFormat.Json:
                call.Format.TryPrint(call.Out, new JsonObject { ["items"] = new JsonArray([.. items.Select(item => item.DeepClone())]) });
                break;
            case OutputFormat.Yaml:
                call.Out.Verbatim(string.Join("---\n", items.Select(YamlDisplay.Of)));
                break;
            default:
                if (items.Count == 0)
                {
                    call.Err.Line($"There are no {kind}{(call.Connection.Namespace is { } tenant && kind != "tenants" ? $" in tenant {tenant}" : "")}.");
                    break;
                }

                call.Out.Table(ResourceTable.Of(kind, items, DateTimeOffset.UtcNow));
                break;
        }
    }
}
