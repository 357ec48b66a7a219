using System.CommandLine;
using System.Text.Json.Nodes;
using Stoa.Cli.Gateway;
using Stoa.Cli.Output;

namespace Stoa.Cli.Commands;

/// <summary>The keys of a consumer: what <c>stoa keys</c> commands share.</summary>
internal abstract class KeyCommand : CliCommand
{
    private readonly Argument<string> _consumer = new("consumer") { Description = "The consumer's name, or tenant/name." };

    protected KeyCommand(Surroundings surroundings, string name, string description)
        : base(surroundings, name, description) =>
        Add(_consumer);

    protected string ConsumerOf(Invocation call) => string.Join('/', Split(call));

    protected GatewayPath PathOf(Invocation call, params string[] more) => GatewayPath.Of("manage/v1/consumers", [.. Split(call), "keys", .. more]);

    /// <summary>A fresh key alone on standard output, so that a script may take it; what belongs to it on standard error.</summary>
    protected static void PrintFresh(Invocation call, JsonNode key, bool quiet, string remark)
    {
        if (quiet)
        {
            call.Out.Verbatim(key.Text("key") + "\n");
        }
        else if (!call.Format.TryPrint(call.Out, key))
        {
            call.Err.Line(remark);
            call.Out.Verbatim(key.Text("key") + "\n");
        }
    }

    private string[] Split(Invocation call) => call.Parsed.GetRequiredValue(_consumer).Split('/', 2) is [var tenant, var name]
        ? [tenant, name]
        : [TenantArgument.Of(call), call.Parsed.GetRequiredValue(_consumer)];
}

/// <summary><c>stoa keys create</c>.</summary>
internal sealed class CreateKeyCommand : KeyCommand
{
    private readonly Option<string[]> _scopes = new("--scope") { Description = "Restrict the key to this scope of the consumer's; may be repeated.", HelpName = "scope" };
    private readonly Option<string[]> _tools = new("--tool") { Description = "Restrict the key to this tool, or names that begin so: crm_*; may be repeated.", HelpName = "name" };
    private readonly Option<string[]> _addresses = new("--address") { Description = "Restrict the key to callers from this network; may be repeated.", HelpName = "cidr" };
    private readonly Option<string?> _life = new("--expires-in") { Description = "How long the key lives, for example 90d, 12h or 30m; for ever when left out.", HelpName = "duration" };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Print the key and nothing else." };

    public CreateKeyCommand(Surroundings surroundings)
        : base(surroundings, "create", "Issues an API key, shown this once.")
    {
        Add(_scopes);
        Add(_tools);
        Add(_addresses);
        Add(_life);
        Add(_quiet);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("For an agent", "stoa keys create support-assistant -n acme"),
        new("Straight into this command's login, to call tools with it", "stoa keys create support-assistant -q | stoa login --key-stdin"),
        new("A narrow one for a while", "stoa keys create nightly-job --tool 'crm_*' --address 10.1.0.0/16 --expires-in 90d"),
    ];

    protected override async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        using var gateway = call.Manage();
        var request = new JsonObject();
        Add(request, "scopes", call.Parsed.GetValue(_scopes));
        Add(request, "tools", call.Parsed.GetValue(_tools));
        Add(request, "addresses", call.Parsed.GetValue(_addresses));
        if (call.Parsed.GetValue(_life) is { } life)
        {
            request["expiresIn"] = life;
        }

        var key = await gateway.PostAsync(PathOf(call), request, ct);
        PrintFresh(call, key, call.Parsed.GetValue(_quiet), $"Key {key.Text("id")} of {ConsumerOf(call)}, shown this once:");
        return ExitCode.Ok;
    }

    private static void Add(JsonObject request, string name, string[]? values)
    {
        if (values is { Length: > 0 })
        {
            request[name] = new JsonArray([.. values.Select(value => (JsonNode)JsonValue.Create(value))]);
        }
    }
}

/// <summary><c>stoa keys list</c>.</summary>
internal sealed class ListKeysCommand(Surroundings surroundings) : KeyCommand(surroundings, "list", "Lists a consumer's API keys, without the keys.")
{
    public override IReadOnlyList<Example> Examples { get; } = [new("Which keys there are, and which still work", "stoa keys list support-assistant -n acme")];

    protected override async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        using var gateway = call.Manage();
        var report = await gateway.GetAsync(PathOf(call), ct);
        if (call.Format.TryPrint(call.Out, report))
        {
            return ExitCode.Ok;
        }

        if (report["keys"] is JsonArray { Count: > 0 } keys)
        {
            call.Out.Table(KeyTable.Of(keys, DateTimeOffset.UtcNow));
        }
        else
        {
            call.Err.Line($"The consumer {ConsumerOf(call)} has no keys.");
        }

        return ExitCode.Ok;
    }
}

/// <summary><c>stoa keys rotate</c>.</summary>
internal sealed class RotateKeyCommand : KeyCommand
{
    private readonly Argument<string> _id = new("id") { Description = "The key's id; `stoa keys list` shows it." };
    private readonly Option<string?> _grace = new("--grace") { Description = "How long the old key still works: 24h when left out, 0s to end it at once.", HelpName = "duration" };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Print the new key and nothing else." };

    public RotateKeyCommand(Surroundings surroundings)
        : base(surroundings, "rotate", "Issues a successor of a key, shown this once; the old key works on for a while.")
    {
        Add(_id);
        Add(_grace);
        Add(_quiet);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("With a day to change over", "stoa keys rotate support-assistant key_0123456789abcdef"),
        new("After a leak", "stoa keys rotate support-assistant key_0123456789abcdef --grace 0s"),
    ];

    protected override async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        using var gateway = call.Manage();
        var old = call.Parsed.GetRequiredValue(_id);
        var grace = call.Parsed.GetValue(_grace);
        var key = await gateway.PostAsync(PathOf(call, old, "rotate"), grace is null ? new JsonObject() : new JsonObject { ["grace"] = grace }, ct);
        PrintFresh(call, key, call.Parsed.GetValue(_quiet), $"Key {key.Text("id")} of {ConsumerOf(call)} follows {old}, which ends after {grace ?? "24h"}. Shown this once:");
        return ExitCode.Ok;
    }
}

/// <summary><c>stoa keys revoke</c>.</summary>
internal sealed class RevokeKeyCommand : KeyCommand
{
    private readonly Argument<string> _id = new("id") { Description = "The key's id; `stoa keys list` shows it." };

    public RevokeKeyCommand(Surroundings surroundings)
        : base(surroundings, "revoke", "Ends an API key, for good.") =>
        Add(_id);

    public override IReadOnlyList<Example> Examples { get; } = [new("One key", "stoa keys revoke support-assistant key_0123456789abcdef -n acme")];

    protected override async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        using var gateway = call.Manage();
        var id = call.Parsed.GetRequiredValue(_id);
        if (!await gateway.DeleteAsync(PathOf(call, id), ct))
        {
            throw new CommandStop(ExitCode.NotFound, $"The consumer {ConsumerOf(call)} has no key {id}, or does not exist.", $"See `stoa keys list {ConsumerOf(call)}`.");
        }

        call.Out.Line(($"key/{id} ", Tint.None), ("revoked", Tint.Bad));
        return ExitCode.Ok;
    }
}
