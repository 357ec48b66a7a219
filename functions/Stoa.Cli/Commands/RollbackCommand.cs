using System.CommandLine;
using System.Text.Json.Nodes;
using Stoa.Cli.Gateway;
using Stoa.Cli.Output;

namespace Stoa.Cli.Commands;

/// <summary><c>stoa rollback</c>: an earlier revision, again.</summary>
internal sealed class RollbackCommand : CliCommand
{
    private readonly TenantArgument _tenant;
    private readonly Option<long> _to = new("--to") { Description = "The revision to bring back; `stoa history` lists them.", HelpName = "revision", Required = true };

    public RollbackCommand(Surroundings surroundings)
        : base(surroundings, "rollback", "Brings back a tenant's tools and secrets of an earlier revision.")
    {
        _tenant = new(this);
        Add(_to);
    }

    public override IReadOnlyList<Example> Examples { get; } = [new("As it was at revision 7", "stoa rollback acme --to 7")];

    public override string Details =>
        "Makes a new revision with the tools and secrets of an old one. Consumers, the tenant itself and API keys stay as they are now: access that was taken away does not come back.";

    protected override async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        var tenant = _tenant.Read(call);
        using var gateway = call.Manage();
        var report = await gateway.PostAsync(GatewayPath.Of("manage/v1/tenants", tenant, "rollback"), new JsonObject { ["revision"] = call.Parsed.GetValue(_to) }, ct);
        if (!call.Format.TryPrint(call.Out, report))
        {
            call.Out.Line($"tenant/{tenant} rolled back to revision {report.Text("rolledBackTo")}, now revision {report.Text("revision")}");
        }

        return ExitCode.Ok;
    }
}
