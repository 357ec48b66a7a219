using System.CommandLine;

namespace Stoa.Cli.Commands;

/// <summary>A tenant by name; the current one when left out.</summary>
internal sealed class TenantArgument
{
    private readonly Argument<string?> _tenant = new("tenant") { Description = "The tenant; else that of -n.", Arity = ArgumentArity.ZeroOrOne };

    public TenantArgument(Command command) => command.Add(_tenant);

    public string Read(Invocation call) => call.Parsed.GetValue(_tenant) ?? Of(call);

    /// <summary>The current tenant, where there must be one.</summary>
    public static string Of(Invocation call) => call.Connection.Namespace
        ?? throw CommandStop.Usage("Name the tenant: -n <tenant>.", "Or set STOA_NAMESPACE, or keep one with `stoa login -n <tenant>`.");
}
