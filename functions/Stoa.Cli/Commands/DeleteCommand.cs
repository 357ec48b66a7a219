using System.CommandLine;
using Stoa.Cli.Documents;
using Stoa.Cli.Gateway;
using Stoa.Cli.Output;

namespace Stoa.Cli.Commands;

/// <summary><c>stoa delete</c>: by name, or all that files name.</summary>
internal sealed class DeleteCommand : CliCommand
{
    private readonly ResourceArguments _resource;
    private readonly FileOptions _files;
    private readonly Option<bool> _ignore = new("--ignore-not-found") { Description = "What is not there counts as deleted." };
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Delete tenants without asking." };

    public DeleteCommand(Surroundings surroundings)
        : base(surroundings, "delete", "Deletes a resource, or all that files name.")
    {
        _resource = new(this, isKindRequired: false);
        _files = new(this, isRequired: false);
        Add(_ignore);
        Add(_yes);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("One tool", "stoa delete tool get_weather -n acme"),
        new("Everything that a folder holds", "stoa delete -f tools/"),
        new("A tenant with all that is in it", "stoa delete tenant acme --yes"),
    ];

    public override string Details =>
        """
        With -f, tools go first, then secrets, consumers and tenants, whatever the order in the files. A Secret that a tool uses stays until
        the tool is gone. Deleting a Tenant deletes everything in it, and its keys stop working at once.
        """;

    protected override async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        var targets = await ReadAsync(call, ct);
        Confirm(call, [.. targets.Where(t => KindNames.PluralOf(t.Kind) == "tenants").Select(t => t.Name)]);
        using var gateway = call.Manage();
        var code = ExitCode.Ok;
        foreach (var target in targets)
        {
            var path = GatewayPath.Of("manage/v1", KindNames.PluralOf(target.Kind), target.Name).With("namespace", target.Namespace);
            var label = KindNames.Label(Singular(target.Kind), target.Name);
            var isGone = await call.Err.WhileAsync($"Deleting {label} ...", () => gateway.DeleteAsync(path, ct));
            if (isGone)
            {
                call.Out.Line(($"{label} ", Tint.None), ("deleted", Tint.Bad));
            }
            else if (!call.Parsed.GetValue(_ignore))
            {
                call.Err.Line(("error:", Tint.Bad), ($" There is no {label}{(target.Namespace is { } tenant ? $" in tenant {tenant}" : "")}.", Tint.None));
                code = ExitCode.NotFound;
            }
        }

        return code;
    }

    private async Task<IReadOnlyList<Target>> ReadAsync(Invocation call, CancellationToken ct)
    {
        var (kind, name) = _resource.Read(call.Parsed);
        var given = call.Connection.Namespace;
        if (call.Parsed.GetValue(_files.Files) is not { Length: > 0 })
        {
            return kind is not null && name is not null
                ? [new(kind, name, given)]
                : throw CommandStop.Usage("`stoa delete` needs a kind and a name, or files.", "For example: stoa delete tool get_weather, or stoa delete -f tools/.");
        }

        if (kind is not null)
        {
            throw CommandStop.Usage("Name a resource or files, not both.");
        }

        var sources = await _files.ReadAsync(call, ct);
        return
        [
            .. sources.Files.SelectMany(DocumentHeads.Of)
                .Select(head => new Target(head.Kind, head.Name, KindNames.PluralOf(head.Kind) == "tenants" ? null : head.Namespace.Length > 0 ? head.Namespace : given))
                .OrderBy(target => KindNames.DeletionOrder(target.Kind)),
        ];
    }

    private void Confirm(Invocation call, IReadOnlyList<string> tenants)
    {
        if (tenants.Count == 0 || call.Parsed.GetValue(_yes))
        {
            return;
        }

        var what = $"{(tenants.Count == 1 ? "the tenant" : "the tenants")} {string.Join(", ", tenants)} and everything in {(tenants.Count == 1 ? "it" : "them")}";
        if (!call.Surroundings.IsInputTerminal || !call.Err.IsTerminal)
        {
            throw CommandStop.Usage($"This deletes {what}.", "Say --yes to do it.");
        }

        call.Surroundings.Errors.Write($"Delete {Printable.Line(what)}? Type yes: ");
        if (Console.ReadLine()?.Trim() is not "yes")
        {
            throw new CommandStop(ExitCode.No, "Nothing was deleted.");
        }
    }

    private static string Singular(string word) => KindNames.Known.FirstOrDefault(k => k.Plural == KindNames.PluralOf(word)).Kind ?? word;

    private sealed record Target(string Kind, string Name, string? Namespace);
}
