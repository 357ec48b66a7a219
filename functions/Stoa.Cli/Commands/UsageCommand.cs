using System.CommandLine;
using System.Text.Json.Nodes;
using Stoa.Cli.Gateway;
using Stoa.Cli.Output;

namespace Stoa.Cli.Commands;

/// <summary><c>stoa usage</c>: how limits stand, or who used what.</summary>
internal sealed class UsageCommand : CliCommand
{
    private readonly Option<string?> _by = new Option<string?>("--by") { Description = "What was used, summed by this, instead of how limits stand.", HelpName = "model|tool|day|consumer|provider" }
        .AcceptOnlyFromAmong("model", "tool", "day", "consumer", "provider");

    private readonly Option<string?> _window = new Option<string?>("--window") { Description = "With --by: today, the last seven days, or this month, which is the default. UTC.", HelpName = "day|7d|month" }
        .AcceptOnlyFromAmong("day", "7d", "month");

    private readonly Option<string?> _from = new("--from") { Description = "With --by: the first day, for example 2026-01-01.", HelpName = "day" };
    private readonly Option<string?> _to = new("--to") { Description = "With --from: the last day, included; today when left out.", HelpName = "day" };
    private readonly Option<string?> _consumer = new("--consumer") { Description = "Only this consumer's.", HelpName = "name" };

    public UsageCommand(Surroundings surroundings)
        : base(surroundings, "usage", "Shows how a tenant's limits stand, or who used what and what it cost.")
    {
        Add(_by);
        Add(_window);
        Add(_from);
        Add(_to);
        Add(_consumer);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("How the limits stand", "stoa usage -n acme"),
        new("What each model cost this month", "stoa usage --by model"),
        new("One consumer, day by day", "stoa usage --by day --consumer support-assistant --from 2026-01-01 --to 2026-01-31"),
        new("In a script", "stoa usage --by model -o json | jq .total.costUsd"),
    ];

    protected override async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        using var gateway = call.Manage();
        var by = call.Parsed.GetValue(_by);
        var path = GatewayPath.Of("manage/v1/usage")
            .With("namespace", call.Connection.Namespace)
            .With("by", by)
            .With("window", call.Parsed.GetValue(_window))
            .With("from", call.Parsed.GetValue(_from))
            .With("to", call.Parsed.GetValue(_to))
            .With("consumer", call.Parsed.GetValue(_consumer));
        var report = await gateway.GetAsync(path, ct);
        if (call.Format.TryPrint(call.Out, report))
        {
            return ExitCode.Ok;
        }

        var (table, isEmpty) = by is null ? (UsageTable.OfLimits(report), report["scopes"] is not JsonArray { Count: > 0 }) : (UsageTable.OfSums(report, by), report["rows"] is not JsonArray { Count: > 0 });
        if (isEmpty)
        {
            call.Err.Line(by is null ? "Nothing limits this tenant: no Tenant, Consumer or Tool names a QuotaPolicy." : $"Nothing was used from {report.Text("from")} to {report.Text("to")}.");
            return ExitCode.Ok;
        }

        call.Out.Table(table);
        return ExitCode.Ok;
    }
}
