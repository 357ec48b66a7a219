using System.Text;
using Stoa.Gateway.Config;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Storage;
using Stoa.Testing;

namespace Stoa.Gateway.Tests.Config;

/// <summary>One store, and any number of instances on it, each with a reader of its own.</summary>
internal sealed class ConfigBench
{
    public ConfigBench()
    {
        Blobs = new MemoryBlobStore(Time);
        Store = new FailingStore(Rows, Blobs);
        First = Join();
    }

    public FakeTime Time { get; } = new();

    public MemoryRowStore Rows { get; } = new();

    public MemoryBlobStore Blobs { get; }

    public FailingStore Store { get; }

    public Instance First { get; }

    public static TenantId Acme { get; } = Tenant("acme");

    public static TenantId Tenant(string slug) => TenantId.TryParse(slug, out var id) ? id : throw new ArgumentException(slug);

    public static Resource Resource(string kind, string name, string spec = "{}", string uid = "u1") =>
        new(kind, name, uid, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(spec)))[..32],
            DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, Encoding.UTF8.GetBytes(spec));

    public static ChangeSet Put(params Resource[] resources) => new("put", resources, []);

    public Instance Join(ConfigSettings? settings = null, TimeProvider? time = null)
    {
        var log = new RevisionLog(Store, Store);
        var reader = new ConfigReader(log, settings ?? new ConfigSettings(), time ?? Time);
        return new Instance(log, reader, new ConfigStore(log, reader, time ?? Time));
    }

    public ConfigSweep Sweep() => new(new RevisionLog(Store, Store), Store, Store, Time);

    public ValueTask<Revision?> CommitAsync(params Resource[] resources) =>
        First.Config.CommitAsync(Acme, _ => Put(resources), "ann", CancellationToken.None);

    public async Task<List<string>> BlobNamesAsync() =>
        [.. (await Blobs.ListAsync(RevisionLog.Container, "", 5000, null, CancellationToken.None)).Entries.Select(e => e.Name)];
}

internal sealed record Instance(RevisionLog Log, ConfigReader Reader, ConfigStore Config)
{
    public ValueTask<Revision?> GetAsync(TenantId? tenant = null) => Reader.GetAsync(tenant ?? ConfigBench.Acme, CancellationToken.None);
}
