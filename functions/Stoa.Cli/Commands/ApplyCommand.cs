using System.CommandLine;
using Stoa.Cli.Documents;
using Stoa.Cli.Output;

namespace Stoa.Cli.Commands;

/// <summary><c>stoa apply</c>: documents in, one line per document out.</summary>
internal sealed class ApplyCommand : CliCommand
{
    private readonly FileOptions _files;

    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Let the gateway judge the documents, and change nothing." };

    public ApplyCommand(Surroundings surroundings)
        : base(surroundings, "apply", "Creates or changes resources from YAML or JSON documents.")
    {
        _files = new(this, isRequired: true);
        Add(_dryRun);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("One file", "stoa apply -f tools/weather.yaml"),
        new("A folder, judged as a whole, for a tenant that its documents do not name", "stoa apply -f tools/ -n acme"),
        new("From another program", "cat weather.yaml | stoa apply -f -"),
        new("Only ask what would happen", "stoa apply -f tools/ --dry-run"),
    ];

    public override string Details =>
        """
        All files go to the gateway in one request, so that documents may refer to each other in any order. A document is taken whole or
        refused with every fault in it, as file:line:column on standard error; the others are still taken. Exit code 1 when any was refused.
        """;

    protected override async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        var sources = await _files.ReadAsync(call, ct);
        var isDry = call.Parsed.GetValue(_dryRun);
        var report = await ApplyRequest.SendAsync(call, sources, isDry ? "true" : "false", isDry ? "Checking" : "Applying", ct);
        var results = report["results"]!.AsArray().Select(r => r!.AsObject()).ToArray();
        if (!call.Format.TryPrint(call.Out, report))
        {
            ApplyRequest.PrintTaken(call, report, isDry);
        }

        var refused = ApplyRequest.TellFaults(call, report);
        if (refused > 0)
        {
            call.Err.Line(("error:", Tint.Bad), ($" {refused} of {results.Length} documents refused{Rest(results.Length - refused, isDry)}.", Tint.None));
        }

        return refused == 0 ? ExitCode.Ok : ExitCode.No;
    }

    private static string Rest(int taken, bool isDry) => (taken, isDry) switch
    {
        (0, _) => "; nothing was changed",
        (_, true) => "; nothing was changed, as this was a dry run",
        _ => $", {taken} applied",
    };
}
