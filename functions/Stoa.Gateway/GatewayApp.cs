using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Stoa.Gateway.Audit;
using Stoa.Gateway.Config;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Guardrails;
using Stoa.Gateway.Health;
using Stoa.Gateway.Keys;
using Stoa.Gateway.Manage;
using Stoa.Gateway.Mcp;
using Stoa.Gateway.Policy;
using Stoa.Gateway.Quotas;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Secrets;
using Stoa.Gateway.Skills;
using Stoa.Gateway.Storage;
using Stoa.Gateway.Tenants;
using Stoa.Gateway.Tools;
using Stoa.Gateway.Tools.Credentials;

namespace Stoa.Gateway;

/// <summary>The whole gateway put together, in plain sight: what depends on what is what is passed to whom.</summary>
internal sealed class GatewayApp : IDisposable
{
    private readonly EgressClient _egress;

    public GatewayApp(GatewayPorts ports, GatewayAppSettings settings, TimeProvider time, ILoggerFactory logs, IMeterFactory meters)
    {
        var ring = new KeyRing(ports.Blobs, ports.KeyWrap, time);
        var vault = new SecretVault(new Sealer(ring), new VaultReferences(ports.ReadVaultSecret, time));
        var log = new RevisionLog(ports.Rows, ports.Blobs);
        var reader = new ConfigReader(log, settings.Config, time);
        var config = new ConfigStore(log, reader, time);
        var keys = new ApiKeyStore(ports.Rows, time);
        var callers = new CallerGate(settings.Admin, keys, reader, new Staleness(settings.Config.Freshness, settings.Config.MaxStale), time);
        _egress = new EgressClient(settings.Egress, time, logs.CreateLogger<EgressClient>());

        var pipeline = new CallPipeline(
            callers,
            new SenderGate(),
            new TenantGate(),
            new ScopeGate(),
            new RequestGate(settings.Requests),
            new ToolGate(),
            new SkillGate(),
            new GuardrailGate(),
            new PolicyGate(),
            new QuotaGate(),
            new AuditGate(new CallMetrics(meters), time, logs.CreateLogger<AuditGate>()),
            logs.CreateLogger<CallPipeline>());

        var entrance = new Entrance(pipeline, settings.Entrance);
        var tools = new ToolCaller(new ToolUpstream(_egress, new ToolCredentials(vault, logs.CreateLogger<ToolCredentials>())), time);
        var pages = new ToolPages(new Signer(ring));
        Mcp = new McpDoor(entrance, new McpMethods(pipeline, tools, pages, time), time);
        Tools = new ToolsDoor(entrance, pipeline, tools, pages, time);

        var access = new ManageAccess(entrance);
        var applier = new Applier(new ResourceReader(Kinds.Registry), config, vault, _egress, new AddressRules(settings.Egress), time);
        Apply = new ApplyDoor(access, applier, config, logs.CreateLogger<ApplyDoor>());
        Manage = new ManageDoor(access, Kinds.Registry, config, keys, ring, logs.CreateLogger<ManageDoor>());
        Keys = new KeysDoor(access, config, keys, callers, time, logs.CreateLogger<KeysDoor>());
        Schemas = new SchemasDoor(access, Kinds.Registry);
        Health = new HealthDoor(config, ring);

        var sweep = new ConfigSweep(log, ports.Rows, ports.Blobs, time);
        Timers =
        [
            new("config-sweep", "0 7 * * * *", TimeSpan.FromHours(1), async ct => await sweep.RunAsync(ct)),
            new("key-rotation", "0 23 3 * * *", TimeSpan.FromDays(1), async ct => await ring.RotateIfDueAsync(ct)),
        ];
    }


    public McpDoor Mcp { get; }

    public ToolsDoor Tools { get; }

    public ApplyDoor Apply { get; }

    public ManageDoor Manage { get; }

    public KeysDoor Keys { get; }

    public SchemasDoor Schemas { get; }

    public HealthDoor Health { get; }

    /// <summary>Work without a caller. Each wakes an idle instance, so there are few and they are rare.</summary>
    public IReadOnlyList<TimedWork> Timers { get; }

    public void Dispose() => _egress.Dispose();
}

/// <summary>What the gateway needs from the world.</summary>
/// <param name="ReadVaultSecret">Null when there is no Key Vault.</param>
internal sealed record GatewayPorts(IRowStore Rows, IBlobStore Blobs, IKeyWrap KeyWrap, ReadVaultSecret? ReadVaultSecret);

/// <summary>Settings by slice, read and checked at start-up.</summary>
internal sealed record GatewayAppSettings(AdminKey Admin, ConfigSettings Config, EgressSettings Egress, RequestGateSettings Requests, EntranceSettings Entrance);

/// <summary>A piece of timed work: safe to run twice at once, safe to die in.</summary>
/// <param name="Function">The name of its function in the Functions app.</param>
/// <param name="Schedule">Six-field NCRONTAB, UTC.</param>
/// <param name="Every">The same as an interval, for the process that runs by itself.</param>
internal sealed record TimedWork(string Function, string Schedule, TimeSpan Every, Func<CancellationToken, ValueTask> RunAsync);
