using Stoa.Cli.Session;

namespace Stoa.Cli.Commands;

/// <summary><c>stoa logout</c>: forgets the stored login.</summary>
internal sealed class LogoutCommand(Surroundings surroundings) : CliCommand(surroundings, "logout", "Forgets the stored gateway and its keys.")
{
    public override IReadOnlyList<Example> Examples { get; } = [new("On a machine that others use", "stoa logout")];

    public override string Details => "The keys themselves stay valid; `stoa keys revoke` ends a consumer's.";

    protected override Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        call.Err.Line(new LoginFile(call.Surroundings.LoginPath).Delete() ? "Signed out." : "You were not signed in.");
        return Task.FromResult(ExitCode.Ok);
    }
}
