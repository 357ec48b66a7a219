using System.Buffers.Binary;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Stoa.Gateway.Audit;
using Stoa.Gateway.Audit.Ledger;
using Stoa.Gateway.Audit.Records;
using Stoa.Gateway.Audit.Subjects;
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
using Stoa.Gateway.Quotas.Ledger;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Secrets;
using Stoa.Gateway.Skills;
using Stoa.Gateway.Storage;
using Stoa.Gateway.Tenants;
using Stoa.Gateway.Tools;
using Stoa.Gateway.Tools.Caching;
using Stoa.Gateway.Tools.Credentials;
using Stoa.Gateway.Tools.Resilience;
using Stoa.Gateway.Tools.Status;
using Stoa.Gateway.Tools.Trials;
using Stoa.Ledger.Records;

namespace Stoa.Gateway;

/// <summary>The whole gateway put together, in plain sight: what depends on what is what is passed to whom.</summary>
internal sealed class GatewayApp : IDisposable
{
    // A tool's longest timeout and some room.
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(210);

    private readonly EgressClient _egress;
    private readonly ClientCertificates _certificates;
    private readonly StatusBoard _statuses;
    private readonly LeaseUpkeep _upkeep;
    private readonly LedgerWriter _records;
    private readonly RefusalTally _tally;

    public GatewayApp(GatewayPorts ports, GatewayAppSettings settings, TimeProvider time, ILoggerFactory logs, IMeterFactory meters)
    {
        var ring = new KeyRing(ports.Blobs, ports.KeyWrap, time);
        var sealer = new Sealer(ring);
        var vault = new SecretVault(sealer, new VaultReferences(ports.ReadVaultSecret, time));
        var log = new RevisionLog(ports.Rows, ports.Blobs);
        var reader = new ConfigReader(log, settings.Config, time);
        var config = new ConfigStore(log, reader, time);
        var keys = new ApiKeyStore(ports.Rows, time);
        var callers = new CallerGate(settings.Admin, keys, reader, new Staleness(settings.Config.Freshness, settings.Config.MaxStale), time);
        _egress = new EgressClient(settings.Egress, time, logs.CreateLogger<EgressClient>());

        var terms = LeaseTerms.Of(LongestCall);
        var ledger = new QuotaLedger(ports.Rows, time, terms);
        var leases = new LeaseHolder(ledger, BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8)), terms, time);
        _upkeep = new LeaseUpkeep(leases, time);

        var instance = new InstanceId(BinaryPrimitives.ReadUInt128LittleEndian(RandomNumberGenerator.GetBytes(16)));
        _records = new LedgerWriter(ports.AuditAppend, new InstanceRegistry(ports.Rows), instance, settings.Audit, time, logs.CreateLogger<LedgerWriter>());
        _tally = new RefusalTally(_records, time);
        var subjects = new SubjectKeys(ports.Rows, sealer, settings.Config.MaxStale, time);
        var changes = new ChangeAudit(_records, time);

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
            new QuotaGate(leases, _upkeep, time),
            new AuditGate(_records, subjects, _tally, new CallMetrics(meters), time, logs.CreateLogger<AuditGate>()),
            logs.CreateLogger<CallPipeline>());

        var entrance = new Entrance(pipeline, settings.Entrance);
        _certificates = new ClientCertificates(_egress, time);
        var tokens = new AccessTokens(new TokenEndpoint(_egress, logs.CreateLogger<TokenEndpoint>()), time);
        var credentials = new ToolCredentials(vault, tokens, _certificates, logs.CreateLogger<ToolCredentials>());
        var breakers = new Breakers(time);
        var caller = new ToolCaller(new ToolUpstream(_egress, credentials, breakers, time, Random.Shared, logs.CreateLogger<ToolUpstream>()), time);
        var statusRows = new StatusRows(ports.Rows);
        _statuses = new StatusBoard(statusRows, breakers, time, logs.CreateLogger<StatusBoard>());
        var tools = new ToolTerminal(caller, new ReadCache(time), _statuses, time);
        var pages = new ToolPages(new Signer(ring));
        Mcp = new McpDoor(entrance, new McpMethods(pipeline, tools, pages, time), time);
        Tools = new ToolsDoor(entrance, pipeline, tools, pages, time);

        var access = new ManageAccess(entrance, config, changes);
        var applier = new Applier(new ResourceReader(Kinds.Registry), config, vault, _egress, new AddressRules(settings.Egress), time);
        Apply = new ApplyDoor(access, applier, logs.CreateLogger<ApplyDoor>());
        var statusReader = new StatusReader(statusRows, _statuses, time);
        Manage = new ManageDoor(access, Kinds.Registry, config, keys, ring, statusReader, logs.CreateLogger<ManageDoor>());
        var preview = new Preview(new ResourceReader(Kinds.Registry), vault, new AddressRules(settings.Egress), time);
        ToolTrial = new ToolTrialDoor(access, preview, new TrialRunner(caller, vault, time), _statuses, time, logs.CreateLogger<ToolTrialDoor>());
        ToolStatus = new ToolStatusDoor(access, statusReader);
        Keys = new KeysDoor(access, config, keys, callers, time, logs.CreateLogger<KeysDoor>());
        Usage = new UsageDoor(access, ledger, time, logs.CreateLogger<UsageDoor>());
        AuditSubjects = new AuditSubjectsDoor(access, subjects, logs.CreateLogger<AuditSubjectsDoor>());
        Schemas = new SchemasDoor(access, Kinds.Registry);
        Health = new HealthDoor(config, ring, _records);

        var sweep = new ConfigSweep(log, ports.Rows, ports.Blobs, time);
        var statusSweep = new StatusSweep(log, ports.Rows);
        Timers =
        [
            new("config-sweep", "0 7 * * * *", TimeSpan.FromHours(1), async ct => _ = await sweep.RunAsync(ct) + await statusSweep.RunAsync(ct)),
            new("quota-sweep", "0 37 * * * *", TimeSpan.FromHours(1), ledger.SweepAsync),
            new("key-rotation", "0 23 3 * * *", TimeSpan.FromDays(1), async ct =>
            {
                if (await ring.RotateIfDueAsync(ct))
                {
                    await changes.ChangedAsync("key-rotation", new Change("created", "KeyRing", "key-ring"));
                }
            }),
        ];
    }

    public McpDoor Mcp { get; }

    public ToolsDoor Tools { get; }

    public ApplyDoor Apply { get; }

    public ManageDoor Manage { get; }

    public ToolTrialDoor ToolTrial { get; }

    public ToolStatusDoor ToolStatus { get; }

    public KeysDoor Keys { get; }

    public UsageDoor Usage { get; }

    public AuditSubjectsDoor AuditSubjects { get; }

    public SchemasDoor Schemas { get; }

    public HealthDoor Health { get; }

    /// <summary>Work without a caller. Each wakes an idle instance, so there are few and they are rare.</summary>
    public IReadOnlyList<TimedWork> Timers { get; }

    /// <summary>Before the process ends, when no call is under way any more: gives back what the instance holds of quotas, and closes its records.</summary>
    public Task DrainAsync(CancellationToken ct)
    {
        _tally.Flush();
        return Task.WhenAll(_upkeep.DrainAsync(ct), _records.DrainAsync(ct));
    }

    public void Dispose()
    {
        _tally.Dispose();
        _records.Dispose();
        _upkeep.Dispose();
        _statuses.Dispose();
        _certificates.Dispose();
        _egress.Dispose();
    }
}

/// <summary>What the gateway needs from the world.</summary>
/// <param name="ReadVaultSecret">Null when there is no Key Vault.</param>
/// <param name="AuditAppend">Where the audit ledger grows; its containers may be under an immutability policy.</param>
/// <param name="AuditBlobs">The same place for blobs that are written whole.</param>
internal sealed record GatewayPorts(
    IRowStore Rows, IBlobStore Blobs, IKeyWrap KeyWrap, ReadVaultSecret? ReadVaultSecret, IAppendStore AuditAppend, IBlobStore AuditBlobs);

/// <summary>Settings by slice, read and checked at start-up.</summary>
internal sealed record GatewayAppSettings(AdminKey Admin, ConfigSettings Config, EgressSettings Egress, RequestGateSettings Requests, EntranceSettings Entrance, AuditSettings Audit);

/// <summary>A piece of timed work: safe to run twice at once, safe to die in.</summary>
/// <param name="Function">The name of its function in the Functions app.</param>
/// <param name="Schedule">Six-field NCRONTAB, UTC.</param>
/// <param name="Every">The same as an interval, for the process that runs by itself.</param>
internal sealed record TimedWork(string Function, string Schedule, TimeSpan Every, Func<CancellationToken, ValueTask> RunAsync);
