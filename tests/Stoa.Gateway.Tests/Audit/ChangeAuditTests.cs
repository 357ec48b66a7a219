using Microsoft.Extensions.Logging.Abstractions;
using Stoa.Gateway.Audit;
using Stoa.Gateway.Audit.Ledger;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Storage;
using Stoa.Ledger.Records;
using Stoa.Testing;

namespace Stoa.Gateway.Tests.Audit;

public sealed class ChangeAuditTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly Caller Viewer = new() { Revision = null, Name = "app", CredentialId = "key_1", AuthMethod = "api_key", Scopes = default, Role = Role.None, Tools = NameFilter.All };
    private readonly FakeTime _time = new();
    private readonly ScriptedAppendStore _store = new(new MemoryAppendStore(TimeProvider.System));
    private readonly LedgerWriter _writer;
    private readonly RefusalTally _tally;
    private readonly ChangeAudit _audit;

    public ChangeAuditTests()
    {
        _writer = new(_store, new InstanceRegistry(new MemoryRowStore()), new InstanceId(5), new AuditSettings(Patience), _time, NullLogger<LedgerWriter>.Instance);
        _tally = new(_writer, _time);
        _audit = new(_writer, _tally, _time);
    }

    public void Dispose()
    {
        _tally.Dispose();
        _writer.Dispose();
    }

    [Fact]
    public async Task Refusals_are_on_record_and_counted_while_the_ledger_cannot_be_written()
    {
        Assert.Equal(RefusalKind.RoleRequired, await RefusedAsync());
        Assert.Equal(2, _writer.Written);

        _store.Hold();
        var waiting = RefusedAsync();
        _time.Advance(Patience);
        Assert.Equal(RefusalKind.AuditUnavailable, await waiting.WaitAsync(Patience, TestContext.Current.CancellationToken));
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(RefusalKind.RoleRequired, await RefusedAsync());
        }

        Assert.Equal(3, _writer.Written);
        _store.Release();
    }

    private async Task<RefusalKind> RefusedAsync() => (await _audit.RefusedAsync(Viewer, "acme", "DELETE /x", "trace", new(RefusalKind.RoleRequired, "No."))).Kind;
}
