using System.Buffers.Binary;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Stoa.Gateway.Audit;
using Stoa.Gateway.Audit.Forwarding;
using Stoa.Gateway.Audit.Ledger;
using Stoa.Gateway.Audit.Records;
using Stoa.Gateway.Audit.Sealing;
using Stoa.Gateway.Audit.Subjects;
using Stoa.Gateway.Audit.Trail;
using Stoa.Gateway.Config;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Guardrails;
using Stoa.Gateway.Health;
using Stoa.Gateway.Keys;
using Stoa.Gateway.LlmProxy;
using Stoa.Gateway.Manage;
using Stoa.Gateway.Mcp;
using Stoa.Gateway.Models;
using Stoa.Gateway.Models.Prices;
using Stoa.Gateway.Models.Routing;
using Stoa.Gateway.Models.Upstream;
using Stoa.Gateway.Models.Usage;
using Stoa.Gateway.Policy;
using Stoa.Gateway.Quotas;
using Stoa.Gateway.Quotas.Ledger;
using Stoa.Gateway.Quotas.Usage;
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
    // A stream's; tools take less.
    private static readonly TimeSpan LongestCall = TimeSpan.FromMinutes(10);

    private readonly EgressClient _egress;
    private readonly ClientCertificates _certificates;
    private readonly StatusBoard _statuses;
    private readonly LeaseUpkeep _upkeep;
    private readonly UsageBook _usage;
    private readonly QuotaWarnings _warnings;
    private readonly LedgerWriter _records;
    private readonly RefusalTally _tally;
    private readonly AuditUpkeep _auditUpkeep;

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

        var quotaMetrics = new QuotaMetrics(meters);
        _warnings = new QuotaWarnings(_egress, vault, quotaMetrics, time, logs.CreateLogger<QuotaWarnings>());
        var terms = LeaseTerms.Of(LongestCall);
        var ledger = new QuotaLedger(ports.Rows, time, terms);
        var leases = new LeaseHolder(ledger, BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8)), terms, time) { Warned = _warnings.Raise };
        quotaMetrics.Watch(() => leases.Scopes);
        _upkeep = new LeaseUpkeep(leases, time);
        _usage = new UsageBook(new UsageRows(ports.Rows), quotaMetrics, time, logs.CreateLogger<UsageBook>());

        var prices = new PriceBook(PriceTable.Shipped);
        var health = new HealthBoard(time);
        var calibration = new Calibration();
        var quotas = new QuotaGate(leases, _upkeep, time, logs.CreateLogger<QuotaGate>());

        var instance = new InstanceId(BinaryPrimitives.ReadUInt128LittleEndian(RandomNumberGenerator.GetBytes(16)));
        _records = new LedgerWriter(ports.AuditAppend, new InstanceRegistry(ports.Rows), instance, settings.Audit, time, logs.CreateLogger<LedgerWriter>());
        _tally = new RefusalTally(_records, time);
        var subjects = new SubjectKeys(ports.Rows, sealer, settings.Config.MaxStale, time);
        var changes = new ChangeAudit(_records, _tally, time);
        var heads = new HeadBlob(ports.AuditBlobs);
        var sealIndex = new SealIndex(ports.Rows);
        var planner = new SealPlanner(new LedgerScan(ports.AuditAppend), ports.AuditAppend, time);
        var restore = new HeadRestore(ports.AuditBlobs, planner, sealIndex);
        var anchors = ports.AuditAnchor is null && settings.Audit.AnchorWebhook is null ? null : new CheckpointAnchors(ports.AuditAnchor, settings.Audit.AnchorWebhook, _egress, logs.CreateLogger<CheckpointAnchors>());
        var ledgerSealer = new LedgerSealer(ports.AuditBlobs, heads, restore, planner, sealIndex, ports.AuditKey, instance, settings.Audit.Origin, anchors, time, logs.CreateLogger<LedgerSealer>());
        var streams = StreamsOf(ports.SendRecords, settings.Audit, time).Select(s => new EventForwarder(ports.AuditAppend, ports.AuditBlobs, s, time)).ToArray();
        var pumps = streams.Select(s => new StreamPump(s, _records, Random.Shared, time, logs.CreateLogger<StreamPump>())).ToArray();
        _auditUpkeep = new AuditUpkeep(_records, ledgerSealer, pumps, time, logs.CreateLogger<LedgerSealer>());

        var pipeline = new CallPipeline(
            callers,
            new SenderGate(),
            new TenantGate(),
            new ScopeGate(),
            new SubscriptionGate(time),
            new RequestGate(settings.Requests),
            new ToolGate(),
            new ModelGate(prices, health, calibration, time, Random.Shared),
            new SkillGate(),
            new GuardrailGate(),
            new PolicyGate(),
            quotas,
            _usage,
            new AuditGate(_records, subjects, _tally, new CallMetrics(meters), time, logs.CreateLogger<AuditGate>()),
            logs.CreateLogger<CallPipeline>());

        var entrance = Entrance = new Entrance(pipeline, settings.Entrance);
        _certificates = new ClientCertificates(_egress, time);
        var tokens = new AccessTokens(new TokenEndpoint(_egress, logs.CreateLogger<TokenEndpoint>()), time);
        var credentials = new ToolCredentials(vault, tokens, _certificates, logs.CreateLogger<ToolCredentials>());
        var breakers = new Breakers(time);
        var caller = new ToolCaller(new ToolUpstream(_egress, credentials, breakers, time, Random.Shared, logs.CreateLogger<ToolUpstream>()), time);
        var statusRows = new StatusRows(ports.Rows);
        _statuses = new StatusBoard(statusRows, breakers, time, logs.CreateLogger<StatusBoard>());
        var tools = new ToolTerminal(caller, new ReadCache(time), _statuses, time);
        var pages = new ToolPages(new Signer(ring));
        Mcp = new McpDoor(entrance, new McpMethods(entrance, pipeline, tools, pages, time), time);
        Tools = new ToolsDoor(entrance, pipeline, tools, pages, time);

        var providers = new ProviderCredentials(vault, ports.ReadIdentityToken, logs.CreateLogger<ProviderCredentials>());
        var targets = new TargetCaller(_egress, providers, health, time, Random.Shared, logs.CreateLogger<TargetCaller>());
        var models = new ModelTerminal(targets, new ModelExchanges(calibration, health, quotas.TopUpAsync, time), time);
        ModelCalls = new ModelCallDoor(entrance, pipeline, models, time);
        ModelList = new ModelListDoor(entrance, pipeline, time);

        var access = new ManageAccess(entrance, config, changes);
        var grounds = new ApplyGrounds(vault, new AddressRules(settings.Egress), ports.ReadIdentityToken is not null);
        var applier = new Applier(new ResourceReader(Kinds.Registry), config, grounds, _egress, time);
        Apply = new ApplyDoor(access, applier, logs.CreateLogger<ApplyDoor>());
        var statusReader = new StatusReader(statusRows, _statuses, time);
        Manage = new ManageDoor(access, Kinds.Registry, config, keys, ring, statusReader, logs.CreateLogger<ManageDoor>());
        var preview = new Preview(new ResourceReader(Kinds.Registry), grounds, time);
        ToolTrial = new ToolTrialDoor(access, preview, new TrialRunner(caller, vault, time), _statuses, time, logs.CreateLogger<ToolTrialDoor>());
        ToolStatus = new ToolStatusDoor(access, statusReader);
        Keys = new KeysDoor(access, config, keys, callers, time, logs.CreateLogger<KeysDoor>());
        Subscriptions = new SubscriptionDoor(access, applier, time, logs.CreateLogger<SubscriptionDoor>());
        Usage = new UsageDoor(access, ledger, _usage, time, logs.CreateLogger<UsageDoor>());
        Llm = new LlmDoor(access, new LlmWatch(health, prices, time), new ProviderProbe(_egress, providers, time), _usage, time, logs.CreateLogger<LlmDoor>());
        AuditSubjects = new AuditSubjectsDoor(access, subjects, logs.CreateLogger<AuditSubjectsDoor>());
        var proofs = new ProofFinder(ports.AuditAppend, ports.AuditBlobs, heads, sealIndex);
        AuditContent = new AuditContentDoor(access, proofs, subjects);
        Audit = new AuditDoor(
            access, new AuditSearch(ports.AuditAppend, heads, sealIndex), proofs,
            new LedgerStanding(ports.AuditAppend, heads, streams, settings.Audit.Origin, time), ports.AuditKey, time);
        AuditFiles = new AuditFilesDoor(access, new AuditFiles(ports.AuditAppend, ports.AuditBlobs, ports.Rows));
        Schemas = new SchemasDoor(access, Kinds.Registry);
        Health = new HealthDoor(config, ring, _records);

        var sweep = new ConfigSweep(log, ports.Rows, ports.Blobs, time);
        var statusSweep = new StatusSweep(log, ports.Rows);
        var usageSweep = new UsageSweep(ports.Rows, time);
        Timers =
        [
            new("config-sweep", "0 7 * * * *", TimeSpan.FromHours(1), async ct => _ = await sweep.RunAsync(ct) + await statusSweep.RunAsync(ct)),
            new("quota-sweep", "0 37 * * * *", TimeSpan.FromHours(1), async ct =>
            {
                await ledger.SweepAsync(ct);
                await usageSweep.RunAsync(ct);
            }),
            new("key-rotation", "0 23 3 * * *", TimeSpan.FromDays(1), async ct =>
            {
                if (await ring.RotateIfDueAsync(ct))
                {
                    await changes.ChangedAsync("key-rotation", new Change("created", "KeyRing", "key-ring"));
                }
            }),
            new("audit-seal", "0 17 * * * *", TimeSpan.FromHours(1), async ct => await ledgerSealer.RunAsync(isWide: true, ct)),
            new("audit-drain", "0 47 * * * *", TimeSpan.FromHours(1), async ct => await _auditUpkeep.DrainOthersAsync(ct)),
        ];
    }

    public Entrance Entrance { get; }

    public McpDoor Mcp { get; }

    public ToolsDoor Tools { get; }

    public ModelCallDoor ModelCalls { get; }

    public ModelListDoor ModelList { get; }

    public ApplyDoor Apply { get; }

    public ManageDoor Manage { get; }

    public ToolTrialDoor ToolTrial { get; }

    public ToolStatusDoor ToolStatus { get; }

    public KeysDoor Keys { get; }

    public SubscriptionDoor Subscriptions { get; }

    public UsageDoor Usage { get; }

    public LlmDoor Llm { get; }

    public AuditSubjectsDoor AuditSubjects { get; }

    public AuditDoor Audit { get; }

    public AuditContentDoor AuditContent { get; }

    public AuditFilesDoor AuditFiles { get; }

    public SchemasDoor Schemas { get; }

    public HealthDoor Health { get; }

    /// <summary>Work without a caller. Each wakes an idle instance, so there are few and they are rare.</summary>
    public IReadOnlyList<TimedWork> Timers { get; }

    /// <summary>
    /// Before the process ends, when no call is under way any more: gives back what the instance holds of quotas, writes what it has noted, and
    /// closes its records.
    /// </summary>
    public async Task DrainAsync(CancellationToken ct)
    {
        _tally.Flush();
        await Task.WhenAll(_upkeep.DrainAsync(ct), _usage.DrainAsync(ct), _warnings.DrainAsync(ct), _records.DrainAsync(ct));
        await _auditUpkeep.DrainAsync(ct);
    }

    public void Dispose()
    {
        _auditUpkeep.Dispose();
        _tally.Dispose();
        _records.Dispose();
        _upkeep.Dispose();
        _usage.Dispose();
        _warnings.Dispose();
        _statuses.Dispose();
        _certificates.Dispose();
        _egress.Dispose();
    }

    private IEnumerable<AuditStream> StreamsOf(SendRecords? hub, AuditSettings settings, TimeProvider time)
    {
        if (hub is not null)
        {
            yield return new(AuditStream.EventHub, hub);
        }

        if (settings.Otlp is { } otlp)
        {
            yield return new(AuditStream.Otlp, new OtlpSender(otlp, _egress, time).SendAsync);
        }

        if (settings.Webhook is { } webhook)
        {
            yield return new(AuditStream.Webhook, new WebhookSender(webhook, _egress, time).SendAsync);
        }
    }
}

/// <summary>What the gateway needs from the world.</summary>
/// <param name="ReadVaultSecret">Null when there is no Key Vault.</param>
/// <param name="AuditAppend">Where the audit ledger grows; its containers may be under an immutability policy.</param>
/// <param name="AuditBlobs">The same place for blobs that are written whole.</param>
/// <param name="AuditKey">Signs the ledger's checkpoints.</param>
/// <param name="ReadIdentityToken">Null when the gateway has no identity at Azure.</param>
/// <param name="SendRecords">To an event hub; null when there is none.</param>
/// <param name="AuditAnchor">Another account, for copies of checkpoints; null when there is none.</param>
internal sealed record GatewayPorts(
    IRowStore Rows, IBlobStore Blobs, IKeyWrap KeyWrap, ReadVaultSecret? ReadVaultSecret, IAppendStore AuditAppend, IBlobStore AuditBlobs,
    ICheckpointKey AuditKey, ReadIdentityToken? ReadIdentityToken = null, SendRecords? SendRecords = null, IBlobStore? AuditAnchor = null);

/// <summary>Settings by slice, read and checked at start-up.</summary>
internal sealed record GatewayAppSettings(AdminKey Admin, ConfigSettings Config, EgressSettings Egress, RequestGateSettings Requests, EntranceSettings Entrance, AuditSettings Audit);

/// <summary>A piece of timed work: safe to run twice at once, safe to die in.</summary>
/// <param name="Function">The name of its function in the Functions app.</param>
/// <param name="Schedule">Six-field NCRONTAB, UTC.</param>
/// <param name="Every">The same as an interval, for the process that runs by itself.</param>
internal sealed record TimedWork(string Function, string Schedule, TimeSpan Every, Func<CancellationToken, ValueTask> RunAsync);
