using System.CommandLine;
using Stoa.Cli.Gateway;
using Stoa.Cli.Output;
using Stoa.Cli.Session;

namespace Stoa.Cli.Commands;

/// <summary>One run of a command: its arguments, its streams, and the gateway it talks to.</summary>
internal sealed class Invocation
{
    private readonly Lazy<Connection> _connection;

    public Invocation(Surroundings surroundings, ParseResult parsed)
    {
        Surroundings = surroundings;
        Parsed = parsed;
        _connection = new(Connect);
        var wantsColor = !surroundings.RefusesColor && !parsed.GetValue(GlobalOptions.NoColor);
        Out = new(surroundings.Output, surroundings.IsOutputTerminal, surroundings.IsOutputTerminal && wantsColor);
        Err = new(surroundings.Errors, surroundings.IsErrorTerminal, surroundings.IsErrorTerminal && wantsColor) { After = surroundings.Output };
    }

    public Surroundings Surroundings { get; }

    public ParseResult Parsed { get; }

    public Screen Out { get; }

    public Screen Err { get; }

    public Connection Connection => _connection.Value;

    public OutputFormat Format => OutputFormats.Parse(Parsed.GetValue(GlobalOptions.Output)!);

    /// <summary>For the management API.</summary>
    public GatewayClient Manage() => new(Connection, Connection.ManagementKey);

    /// <summary>For calling tools as a consumer.</summary>
    public GatewayClient Consumer() => new(Connection, Connection.ConsumerKey, asConsumer: true);

    private Connection Connect()
    {
        if (new LoginFile(Surroundings.LoginPath).IsOpenToOthers())
        {
            Err.Line(("warning:", Tint.Warn), ($" others on this machine can read your keys. Run: chmod 600 {Surroundings.LoginPath}", Tint.None));
        }

        return Connection.Resolve(Surroundings, Parsed);
    }
}
