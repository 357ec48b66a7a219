using System.Text.Json.Nodes;
using Stoa.Cli.Documents;
using Stoa.Cli.Output;

namespace Stoa.Cli.Commands;

/// <summary><c>stoa diff</c>: what apply would change.</summary>
internal sealed class DiffCommand : CliCommand
{
    private readonly FileOptions _files;

    public DiffCommand(Surroundings surroundings)
        : base(surroundings, "diff", "Shows what apply would change, as a unified diff of YAML.") =>
        _files = new(this, isRequired: true);

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("What would change", "stoa diff -f tools/"),
        new("In a pipeline: stop when the gateway is not what the files say", "stoa diff -f tools/ >/dev/null || echo drifted"),
    ];

    public override string Details =>
        """
        Both sides are as the gateway would store them: defaults written out, keys in its order. Secret values are masked; a value that
        would change is marked. Exit code 0 without differences, 1 with some (or when documents are refused).
        """;

    protected override async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        var sources = await _files.ReadAsync(call, ct);
        var report = await ApplyRequest.SendAsync(call, sources, "compare", "Comparing", ct);
        var results = report["results"]!.AsArray().Select(r => r!.AsObject()).ToArray();
        var changes = results.Where(r => r.ContainsKey("after") || ToolSetLines.ChangesIn(r).Any()).ToArray();
        if (!call.Format.TryPrint(call.Out, report))
        {
            foreach (var change in changes)
            {
                Print(call.Out, change);
            }
        }

        return ApplyRequest.TellFaults(call, report) > 0 || changes.Length > 0 ? ExitCode.No : ExitCode.Ok;
    }

    private static void Print(Screen screen, JsonObject change)
    {
        foreach (var (name, status) in ToolSetLines.ChangesIn(change))
        {
            screen.Line(($"# tool/{name} would be {status}, from {ApplyRequest.LabelOf(change)}", Tint.Info));
        }

        if (change["after"] is null)
        {
            return;
        }

        var label = $"{change["namespace"]}/{ApplyRequest.LabelOf(change)}";
        var before = change["before"] is { } stored ? YamlDisplay.Of(stored) : "";
        foreach (var line in UnifiedDiff.Of(before.Length == 0 ? "/dev/null" : $"stored/{label}", $"applied/{label}", before, YamlDisplay.Of(change["after"])))
        {
            screen.Line((line, line[0] switch
            {
                _ when line.StartsWith("---", StringComparison.Ordinal) || line.StartsWith("+++", StringComparison.Ordinal) => Tint.Head,
                '@' => Tint.Info,
                '+' => Tint.Good,
                '-' => Tint.Bad,
                _ => Tint.None,
            }));
        }
    }
}
