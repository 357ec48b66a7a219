using System.CommandLine;
using System.Text.Json.Nodes;
using Stoa.Cli.Gateway;
using Stoa.Cli.Output;

namespace Stoa.Cli.Commands;

/// <summary><c>stoa status</c>: how a tool is doing.</summary>
internal sealed class StatusCommand : CliCommand
{
    private readonly Argument<string> _tool = new("tool") { Description = "The tool's name." };

    public StatusCommand(Surroundings surroundings)
        : base(surroundings, "status", "Shows how a tool is doing: phase, last call, last error, circuit breaker.") =>
        Add(_tool);

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("One tool", "stoa status get_weather -n acme"),
        new("In a script", "stoa status get_weather -o json | jq -r .phase"),
    ];

    protected override async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        using var gateway = call.Manage();
        var status = await gateway.GetAsync(GatewayPath.Of("manage/v1/tools", call.Parsed.GetRequiredValue(_tool), "status").With("namespace", call.Connection.Namespace), ct);
        if (!call.Format.TryPrint(call.Out, status) && status is JsonObject facts)
        {
            StatusSheet.Print(call.Out, facts);
        }

        return ExitCode.Ok;
    }
}
