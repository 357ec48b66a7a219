using Microsoft.Extensions.Logging.Abstractions;
using Stoa.Gateway.Audit;
using Stoa.Gateway.Audit.Ledger;
using Stoa.Gateway.Audit.Records;
using Stoa.Gateway.Audit.Sealing;
using Stoa.Gateway.Audit.Trail;
using Stoa.Gateway.Storage;
using Stoa.Ledger.Records;
using Stoa.Ledger.Verification;

namespace Stoa.Testing;

/// <summary>A ledger over memory with any number of instances that write to it and seal it, and the verifier that a customer would use.</summary>
internal sealed class SealedLedger : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stoa-sealed-").FullName;
    private readonly IAppendStore _appends;
    private readonly Dictionary<int, LedgerWriter> _writers = [];

    /// <summary>Over memory.</summary>
    public SealedLedger()
        : this(new FakeTime())
    {
    }

    /// <summary>Over stores that are shared, or not of this process; their own clocks may be others.</summary>
    public SealedLedger(IRowStore rows, IBlobStore blobs, IAppendStore appends)
        : this(new FakeTime(), rows, blobs, appends)
    {
    }

    private SealedLedger(FakeTime time)
        : this(time, new MemoryRowStore(), new MemoryBlobStore(time), new MemoryAppendStore(time))
    {
    }

    private SealedLedger(FakeTime time, IRowStore rows, IBlobStore blobs, IAppendStore appends)
    {
        (Time, Rows, Blobs, _appends) = (time, rows, blobs, appends);
        Store = new(rows, blobs);
        Key = new LocalCheckpointKey(Path.Combine(_folder, "audit-key.pem"));
    }

    public FakeTime Time { get; }

    /// <summary>What sealers see; everything else sees the stores behind it.</summary>
    public FailingStore Store { get; }

    public IAppendStore Appends => _appends;

    public IBlobStore Blobs { get; }

    public IRowStore Rows { get; }

    public ICheckpointKey Key { get; }

    public HeadBlob Heads => new(Blobs);

    public SealIndex Index => new(Rows);

    /// <summary>Makes so many records durable, beside the <c>open</c> that comes with an instance's first.</summary>
    public async Task WriteAsync(int instance, int records, CancellationToken ct)
    {
        var writer = WriterOf(instance);
        var tickets = Enumerable.Range(0, records).Select(i => writer.Append(new AuditRecord(RecordType.Event) { Target = $"t{i}", Tenant = $"tenant{instance}" })).ToArray();
        Assert(await Task.WhenAll(tickets.Select(t => t.Durable)).WaitAsync(TimeSpan.FromSeconds(30), ct));
    }

    public LedgerWriter Writer(int instance) => WriterOf(instance);

    public Task CloseAsync(int instance, CancellationToken ct) => WriterOf(instance).DrainAsync(ct);

    /// <param name="time">Its own clock, when that is wrong.</param>
    public LedgerSealer SealerOf(int instance, int maxLeaves = SealPlanner.MaxLeaves, TimeProvider? time = null)
    {
        time ??= Time;
        var appends = Store.Over(_appends);
        var index = new SealIndex(Store);
        var planner = new SealPlanner(new LedgerScan(appends), appends, time, maxLeaves);
        return new(
            Store, new HeadBlob(Store), new HeadRestore(Store, planner, index), planner, index, Key, new InstanceId((UInt128)instance), "test.example/audit", anchors: null, time, NullLogger<LedgerSealer>.Instance);
    }

    /// <summary>What the offline verifier finds in all files, given the public key.</summary>
    public async Task<IReadOnlyList<Finding>> VerifyAsync(CancellationToken ct)
    {
        var root = Directory.CreateDirectory(Path.Combine(_folder, Guid.NewGuid().ToString("N"))).FullName;
        await SaveAsync(root, new AuditFiles(_appends, Blobs, Rows), ct);
        var findings = new List<Finding>();
        new LedgerVerifier(new FolderSource(root), new VerifyOptions { Keys = [await Key.PublicAsync(ct)], Running = TimeSpan.FromDays(9) }, findings.Add).Run(progress: null, ct);
        return findings;
    }

    public void Dispose()
    {
        _writers.Values.ToList().ForEach(w => w.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    private LedgerWriter WriterOf(int instance)
    {
        if (!_writers.TryGetValue(instance, out var writer))
        {
            writer = new(_appends, new InstanceRegistry(Rows), new InstanceId((UInt128)instance), new AuditSettings(TimeSpan.FromMinutes(1)), Time, NullLogger<LedgerWriter>.Instance);
            _writers.Add(instance, writer);
        }

        return writer;
    }

    private static async Task SaveAsync(string root, AuditFiles files, CancellationToken ct)
    {
        foreach (var folder in AuditFiles.Folders)
        {
            string? next = null;
            do
            {
                var page = await files.ListAsync(folder, next, ct);
                foreach (var file in page.Entries)
                {
                    await SaveAsync(root, file.Name, files, ct);
                }

                next = page.Continuation;
            }
            while (next is not null);
        }

        await SaveAsync(root, Registration.FileName, files, ct);
    }

    private static async Task SaveAsync(string root, string name, AuditFiles files, CancellationToken ct)
    {
        var path = Path.Combine(root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var file = File.Create(path);
        while (await files.ReadAsync(name, file.Position, ct) is { IsEmpty: false } bytes)
        {
            await file.WriteAsync(bytes, ct);
        }
    }

    private static void Assert(bool[] durable)
    {
        if (durable.Contains(false))
        {
            throw new InvalidOperationException("A record is not durable.");
        }
    }
}
