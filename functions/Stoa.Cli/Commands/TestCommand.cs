using System.CommandLine;
using System.Text.Json.Nodes;
using Stoa.Cli.Documents;
using Stoa.Cli.Gateway;
using Stoa.Cli.Output;
using YamlDotNet.RepresentationModel;

namespace Stoa.Cli.Commands;

/// <summary><c>stoa test</c>: a tool's request and answer in full, before or after it is live.</summary>
internal sealed class TestCommand : CliCommand
{
    private readonly Argument<string?> _tool = new("tool") { Description = "The tool's name; with -f only when the file holds several.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _file = new("--filename", "-f") { Description = "Test the Tool in this file (- for standard input), which need not be applied.", HelpName = "file|-" };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Show the request that would be sent, and send nothing." };
    private readonly Option<bool> _send = new("--send") { Description = "Send it even when the tool may change something." };
    private readonly ToolArguments _arguments;

    public TestCommand(Surroundings surroundings)
        : base(surroundings, "test", "Tries a tool and shows everything: the request, the answer, what the tool makes of it.")
    {
        Add(_tool);
        Add(_file);
        Add(_dryRun);
        Add(_send);
        _arguments = new(this);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("A tool that is live", "stoa test get_weather --arg city=Paris -n acme"),
        new("A tool that is not applied yet", "stoa test -f weather.yaml --arg city=Paris"),
        new("Only the request", "stoa test -f weather.yaml --arg city=Paris --dry-run"),
    ];

    public override string Details =>
        """
        The gateway does the work, with the tenant's secrets, and masks them in what it shows. A tool that only reads is really called,
        unless --dry-run is said; any other only with --send. Secrets in the same file are used for the test and stored nowhere. Exit code 1
        when the call failed or its answer does not fit the tool's schemas.
        """;

    protected override async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        using var gateway = call.Manage();
        var (name, tenant, document, schema) = await SubjectAsync(call, gateway, ct);
        var request = new JsonObject
        {
            ["arguments"] = await _arguments.ReadAsync(call, schema, ct),
        };
        if (call.Parsed.GetValue(_dryRun) || call.Parsed.GetValue(_send))
        {
            request["send"] = !call.Parsed.GetValue(_dryRun);
        }

        if (document is not null)
        {
            request["document"] = document;
        }

        var path = GatewayPath.Of("manage/v1/tools", name, "test").With("namespace", tenant);
        var report = (await call.Err.WhileAsync($"Testing {name} ...", () => gateway.PostAsync(path, request, ct))).AsObject();
        var isError = report.Text("isError") == "true";
        if (!call.Format.TryPrint(call.Out, report))
        {
            TestReport.Print(call.Out, report);
        }

        if (report["error"] is { } error)
        {
            call.Err.Line(("error:", Tint.Bad), ($" {(error.Text("message") is { Length: > 0 } message ? message : error.InWords())}", Tint.None));
        }

        else if (isError)
        {
            call.Err.Line(("error:", Tint.Bad), ($" {name} answers with an error.", Tint.None));
        }
        else if (report.Text("sent") == "false" && !call.Parsed.GetValue(_dryRun))
        {
            call.Err.Line("Nothing was sent, as the tool may change something. Say --send to call it.");
        }

        return report["error"] is null && !isError && report["findings"] is null or JsonArray { Count: 0 } ? ExitCode.Ok : ExitCode.No;
    }

    private async Task<Subject> SubjectAsync(Invocation call, GatewayClient gateway, CancellationToken ct)
    {
        var name = call.Parsed.GetValue(_tool);
        var tenant = call.Connection.Namespace;
        if (call.Parsed.GetValue(_file) is not { } file)
        {
            return name is null
                ? throw CommandStop.Usage("`stoa test` needs a tool's name, or a file.", "For example: stoa test get_weather, or stoa test -f weather.yaml.")
                : new(name, tenant, null, async () => (await gateway.FindAsync(GatewayPath.Of("manage/v1", "tools", name).With("namespace", tenant), ct)).At("spec.inputSchema"));
        }

        var sources = await SourceFiles.ReadAsync([file], recursive: false, ct);
        var heads = sources.Files.SelectMany(DocumentHeads.Of).ToArray();
        var tools = heads.Where(head => head.Kind == "Tool" && (name is null || head.Name == name)).ToArray();
        return tools switch
        {
            [] => throw CommandStop.Usage($"{sources.Summary} holds no Tool{(name is null ? "" : $" {name}")}."),
            [{ Text: not null } tool] => new(
                tool.Name,
                tool.Namespace.Length > 0 ? tool.Namespace : tenant,
                DocumentHeads.Only([.. heads.Where(head => head == tool || (head is { Kind: "Secret", Text: not null } && head.Namespace == tool.Namespace))]),
                () => Task.FromResult(SchemaOf(tool))),
            [_] => throw CommandStop.Usage($"The Tool in {sources.Summary} stands in a list; give it a document of its own to test it."),
            _ => throw CommandStop.Usage($"{sources.Summary} holds several Tools: {string.Join(", ", tools.Select(t => t.Name))}.", "Name one: stoa test <tool> -f ..."),
        };
    }

    private static JsonNode? SchemaOf(DocumentHead tool) =>
        DocumentHeads.Child(DocumentHeads.Child(tool.Root as YamlMappingNode, "spec") as YamlMappingNode, "inputSchema") is { } schema ? YamlReading.ToJson(schema) : null;

    /// <param name="Document">The YAML of a tool that need not be applied.</param>
    private sealed record Subject(string Name, string? Tenant, string? Document, Func<Task<JsonNode?>> Schema);
}
