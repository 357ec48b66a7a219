using System.CommandLine;
using System.Text;
using Stoa.Cli.Gateway;
using Stoa.Cli.Output;
using Stoa.Cli.Session;

namespace Stoa.Cli.Commands;

/// <summary><c>stoa login</c>: keeps a gateway and its keys, once the gateway has accepted them.</summary>
internal sealed class LoginCommand : CliCommand
{
    private const string AdminPrefix = "stoa_admin_";
    private const int LongestKey = 8 * 1024;

    private readonly Option<bool> _fromInput = new("--key-stdin") { Description = "Read the key from standard input." };

    public LoginCommand(Surroundings surroundings)
        : base(surroundings, "login", "Keeps a gateway's URL and your key for the other commands.") =>
        Add(_fromInput);

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("The gateway on this machine; asks for the key", "stoa login"),
        new("Another one, with a tenant to work in", "stoa login --endpoint https://gateway.example.com -n acme"),
        new("From a password store", "pass show stoa/admin | stoa login --key-stdin"),
    ];

    public override string Details =>
        """
        Asks the gateway what the key is good for before anything is kept. An administrator's key and a consumer's key have a place each:
        log in with both, and management commands use the one, `stoa call` and `stoa tools` the other. The file (~/.config/stoa/config.json
        or STOA_CONFIG) can be read by its owner only, and its keys go to that gateway and to no other.
        """;

    protected override async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        var file = new LoginFile(call.Surroundings.LoginPath);
        var stored = file.Read();
        var endpoint = Connection.ParseEndpoint(call.Parsed.GetValue(GlobalOptions.Endpoint) ?? call.Surroundings.Endpoint ?? stored.Endpoint ?? Connection.DefaultEndpoint);
        Connection.RefusePlain(endpoint, call.Parsed);
        var key = Connection.Checked(await ReadKeyAsync(call, endpoint, ct)) ?? throw CommandStop.Usage("No key was given.");

        var known = stored.Endpoint == endpoint.AbsoluteUri ? stored : StoredLogin.None;
        var named = call.Parsed.GetValue(GlobalOptions.Namespace) ?? call.Surroundings.Namespace ?? known.Namespace;
        var (manages, calls, tenant) = await ProbeAsync(new(endpoint, key, key, named, HasOtherLogin: false, KeySource: null), key, ct);
        var login = known with
        {
            Endpoint = endpoint.AbsoluteUri,
            Namespace = named ?? tenant,
            Key = manages ? key : known.Key,
            ConsumerKey = calls ? key : known.ConsumerKey,
        };
        file.Write(login);
        call.Err.Line($"Signed in to {endpoint.AbsoluteUri.TrimEnd('/')}: the key may {(manages, calls) switch
        {
            (true, true) => "manage and call tools",
            (true, false) => "manage",
            _ => "call tools",
        }}{(login.Namespace is { } current ? $"; tenant {current}" : "")}.");
        return ExitCode.Ok;
    }

    private async Task<string?> ReadKeyAsync(Invocation call, Uri endpoint, CancellationToken ct)
    {
        if (call.Parsed.GetValue(_fromInput))
        {
            using var reader = new StreamReader(Surroundings.OpenInput(), Encoding.UTF8);
            var buffer = new char[LongestKey];
            return new string(buffer, 0, await reader.ReadBlockAsync(buffer, ct));
        }

        return call.Parsed.GetValue(GlobalOptions.Key) ?? call.Surroundings.Key
            ?? (call.Surroundings.IsInputTerminal
                ? await KeyPrompt.AskAsync(call.Surroundings.Errors, $"Key for {endpoint.AbsoluteUri.TrimEnd('/')}: ", ct)
                : throw CommandStop.Usage("There is no terminal to ask for the key.", "Pipe it in with --key-stdin, or set STOA_KEY."));
    }

    /// <summary>What the key may do, and the tenant it belongs to when it can tell.</summary>
    private static async Task<(bool Manages, bool Calls, string? Tenant)> ProbeAsync(Connection connection, string key, CancellationToken ct)
    {
        using var gateway = new GatewayClient(connection, key);
        var tenants = await gateway.SendAsync(HttpMethod.Get, GatewayPath.Of("manage/v1", "tenants").With("limit", "1"), null, ct);
        var isAdministrator = key.StartsWith(AdminPrefix, StringComparison.Ordinal);
        if (tenants.IsSuccess && isAdministrator)
        {
            return (true, false, null);
        }

        // A consumer without a management role is refused there and accepted here.
        var tools = tenants.Status is 401 ? tenants : await gateway.SendAsync(HttpMethod.Get, GatewayPath.Of("mcp/v1/tools"), null, ct);
        if (!tenants.IsSuccess && !tools.IsSuccess)
        {
            gateway.Expect(tools);
        }

        return (tenants.IsSuccess, tools.IsSuccess, tenants.IsSuccess ? tenants.Body?["items"]?.AsArray().FirstOrDefault().Text("metadata.name") : null);
    }
}
