using System.CommandLine;
using Stoa.Cli.Documents;
using Stoa.Cli.Gateway;
using Stoa.Cli.Output;

namespace Stoa.Cli.Commands;

/// <summary><c>stoa sync</c>: a ToolSet's description, read again.</summary>
internal sealed class SyncCommand : CliCommand
{
    private readonly Argument<string> _set = new("toolset") { Description = "The ToolSet's name." };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only say what would change." };

    public SyncCommand(Surroundings surroundings)
        : base(surroundings, "sync", "Reads a ToolSet's API description again and brings its tools up to date.")
    {
        Add(_set);
        Add(_dryRun);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("After the API has changed", "stoa sync crm -n acme"),
        new("What a sync would do", "stoa sync crm --dry-run"),
    ];

    protected override async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        var (name, isDry) = (call.Parsed.GetRequiredValue(_set), call.Parsed.GetValue(_dryRun));
        using var gateway = call.Manage();
        var path = GatewayPath.Of("manage/v1/toolsets", name, "sync").With("namespace", call.Connection.Namespace).With("dryRun", isDry ? "true" : null);
        var reply = await call.Err.WhileAsync($"Reading the description of {name} ...", () => gateway.SendAsync(HttpMethod.Post, path, null, ct));
        var report = ApplyRequest.ReportIn(gateway, reply);
        if (!call.Format.TryPrint(call.Out, report))
        {
            ApplyRequest.PrintTaken(call, report, isDry);
        }

        // Lines of the stored document are nobody's file.
        var faults = report["results"]!.AsArray().SelectMany(ApplyRequest.FaultsOf).ToArray();
        foreach (var fault in faults)
        {
            call.Err.Line(("error:", Tint.Bad), ($" toolset/{name}: {fault.Text("path")}: {fault.Text("reason")}", Tint.None));
        }

        return faults.Length == 0 ? ExitCode.Ok : ExitCode.No;
    }
}
