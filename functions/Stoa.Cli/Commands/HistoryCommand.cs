using System.Text.Json.Nodes;
using Stoa.Cli.Gateway;
using Stoa.Cli.Output;

namespace Stoa.Cli.Commands;

/// <summary><c>stoa history</c>: a tenant's revisions.</summary>
internal sealed class HistoryCommand : CliCommand
{
    private readonly TenantArgument _tenant;

    public HistoryCommand(Surroundings surroundings)
        : base(surroundings, "history", "Lists a tenant's revisions, newest first.") =>
        _tenant = new(this);

    public override IReadOnlyList<Example> Examples { get; } = [new("Who changed what, and when", "stoa history acme")];

    protected override async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        using var gateway = call.Manage();
        var report = await gateway.GetAsync(GatewayPath.Of("manage/v1/tenants", _tenant.Read(call), "revisions"), ct);
        if (call.Format.TryPrint(call.Out, report))
        {
            return ExitCode.Ok;
        }

        var table = new TextTable("REVISION", "AT", "BY", "CHANGE");
        foreach (var revision in report["revisions"]?.AsArray() ?? [])
        {
            table.Add(revision.Text("revision"), Age.Moment(revision.Text("at")), revision.Text("by"), ChangeOf(revision));
        }

        call.Out.Table(table);
        return ExitCode.Ok;
    }

    private static string ChangeOf(JsonNode? revision) =>
        revision.Text("rolledBackTo") is { Length: > 0 } back ? $"Rolled back to {back}"
        : revision.Text("deleted") == "true" ? "Deleted the tenant"
        : revision.Text("summary");
}
