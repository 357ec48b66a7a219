using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Stoa.Cli.Output;

namespace Stoa.Cli.Commands;

/// <summary><c>stoa version</c>: this program's.</summary>
internal sealed class VersionCommand(Surroundings surroundings) : CliCommand(surroundings, "version", "Shows the version of this program.")
{
    public override IReadOnlyList<Example> Examples { get; } = [new("For a bug report", "stoa version")];

    protected override Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        var facts = new JsonObject { ["version"] = AppVersion.Full, ["platform"] = RuntimeInformation.RuntimeIdentifier, ["runtime"] = RuntimeInformation.FrameworkDescription };
        if (!call.Format.TryPrint(call.Out, facts))
        {
            call.Out.Line($"stoa {facts["version"]} ({facts["platform"]}, {facts["runtime"]})");
        }

        return Task.FromResult(ExitCode.Ok);
    }
}
