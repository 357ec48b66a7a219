using System.Text.Json.Nodes;
using Stoa.Cli.Documents;
using Stoa.Cli.Gateway;
using Stoa.Cli.Output;

namespace Stoa.Cli.Commands;

/// <summary><c>stoa describe</c>: one resource and what belongs to it, for reading.</summary>
internal sealed class DescribeCommand : CliCommand
{
    private static readonly string[] Header = ["name", "namespace", "labels", "annotations", "createdAt", "updatedAt", "resourceVersion"];

    private readonly ResourceArguments _resource;

    public DescribeCommand(Surroundings surroundings)
        : base(surroundings, "describe", "Shows one resource for reading: of a tool its state too, of a consumer its keys.") =>
        _resource = new(this);

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("A tool and how it is doing", "stoa describe tool get_weather -n acme"),
        new("A consumer and its keys", "stoa describe consumer/support-assistant"),
    ];

    protected override async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        var (word, name) = _resource.ReadBoth(call.Parsed);
        var kind = KindNames.PluralOf(word);
        using var gateway = call.Manage();
        var resource = (await gateway.GetAsync(GatewayPath.Of("manage/v1", kind, name).With("namespace", call.Connection.Namespace), ct)).AsObject();
        if (kind == "tools" && !resource.ContainsKey("status"))
        {
            resource["status"] = await gateway.FindAsync(GatewayPath.Of("manage/v1", kind, name, "status").With("namespace", call.Connection.Namespace), ct);
        }

        var keys = kind == "consumers" ? await gateway.GetAsync(GatewayPath.Of("manage/v1", kind, resource.Text("metadata.namespace"), name, "keys"), ct) : null;
        if (call.Format.TryPrint(call.Out, resource))
        {
            return ExitCode.Ok;
        }

        var metadata = resource["metadata"]!.AsObject();
        Sheet.Print(call.Out, Sheet.FactsOf(new JsonObject([new("kind", resource["kind"]?.DeepClone()), .. Header.Select(h => new KeyValuePair<string, JsonNode?>(h, Shown(h, metadata[h])))])));
        Section(call.Out, "Spec", resource["spec"]);
        if (resource["status"] is JsonObject status)
        {
            call.Out.Line();
            call.Out.Line(("Status:", Tint.Head));
            StatusSheet.Print(call.Out, status, "  ");
        }

        if (keys is not null)
        {
            call.Out.Line();
            call.Out.Line(("Keys:", Tint.Head));
            PrintKeys(call.Out, keys);
        }

        return ExitCode.Ok;
    }

    private static JsonNode? Shown(string name, JsonNode? value) =>
        name.EndsWith("At", StringComparison.Ordinal) ? JsonValue.Create(Age.Moment(value.InWords())) : value?.DeepClone();

    private static void Section(Screen screen, string title, JsonNode? content)
    {
        if (content is JsonObject map)
        {
            screen.Line();
            screen.Line(($"{title}:", Tint.Head));
            Sheet.Print(screen, Sheet.FactsOf(map), "  ");
        }
    }

    private static void PrintKeys(Screen screen, JsonNode keys)
    {
        if (keys["keys"] is JsonArray { Count: > 0 } list)
        {
            screen.Table(KeyTable.Of(list, DateTimeOffset.UtcNow));
        }
        else
        {
            screen.Line("  none");
        }
    }
}
