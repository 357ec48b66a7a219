using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stoa.Cli.Gateway;
using Stoa.Cli.Output;

namespace Stoa.Cli.Commands;

/// <summary><c>stoa call</c>: a tool, as an agent would call it.</summary>
internal sealed class CallCommand : CliCommand
{
    private readonly Argument<string> _tool = new("tool") { Description = "The tool's name." };
    private readonly ToolArguments _arguments;

    public CallCommand(Surroundings surroundings)
        : base(surroundings, "call", "Calls a tool as a consumer.")
    {
        Add(_tool);
        _arguments = new(this);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("With one argument", "stoa call get_weather --arg city=Paris"),
        new("Numbers and lists follow the tool's schema", "stoa call find_flights --arg from=CDG --arg days=3 --arg via=FRA --arg via=ZRH"),
        new("All arguments as JSON", "stoa call create_order --json '{\"items\": [{\"sku\": \"a-1\", \"count\": 2}]}'"),
        new("From a file, the answer as YAML", "stoa call create_order --json @order.json -o yaml"),
    ];

    public override string Details =>
        """
        Needs a consumer's key: one given to `stoa login`, STOA_KEY or --key. Prints the tool's result; a text as it is, everything else as
        JSON. Exit code 1 when the tool answered with an error, 4 when this consumer has no such tool.
        """;

    protected override async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        var tool = call.Parsed.GetRequiredValue(_tool);
        using var gateway = call.Consumer();
        var arguments = await _arguments.ReadAsync(call, () => SchemaAsync(gateway, tool, ct), ct);
        var path = GatewayPath.Of("mcp/v1/tools", tool, "invoke");
        var answer = await call.Err.WhileAsync($"Calling {tool} ...", () => gateway.PostAsync(path, new JsonObject { ["arguments"] = arguments }, ct));
        var result = answer["result"];
        if (call.Format is OutputFormat.Table && result is JsonValue value && value.GetValueKind() is JsonValueKind.String)
        {
            call.Out.Line(value.GetValue<string>());
        }
        else if (!call.Format.TryPrint(call.Out, result))
        {
            OutputFormat.Json.TryPrint(call.Out, result);
        }

        if (answer["isError"]?.GetValue<bool>() is not true)
        {
            return ExitCode.Ok;
        }

        call.Err.Line(("error:", Tint.Bad), ($" {tool} answered with an error.", Tint.None));
        return ExitCode.No;
    }

    private static async Task<JsonNode?> SchemaAsync(GatewayClient gateway, string tool, CancellationToken ct)
    {
        await foreach (var found in gateway.ListAsync(GatewayPath.Of("mcp/v1/tools"), "tools", "nextCursor", "cursor", ct))
        {
            if (found.Text("name") == tool)
            {
                return found["inputSchema"];
            }
        }

        // The call itself says that there is no such tool.
        return null;
    }
}
