using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Stoa.Gateway.Audit;
using Stoa.Gateway.Audit.Ledger;
using Stoa.Gateway.Audit.Subjects;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Storage;
using Stoa.Ledger.Records;
using Stoa.Testing;

namespace Stoa.Gateway.Tests.Audit;

public sealed class AuditGateTests : ILogger<AuditGate>, IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly MemoryAppendStore _store = new(TimeProvider.System);
    private readonly FakeTime _time = new();
    private readonly LedgerWriter _writer;
    private readonly RefusalTally _tally;
    private readonly AuditGate _gate;

    public AuditGateTests()
    {
        var rows = new MemoryRowStore();
        _writer = new(_store, new InstanceRegistry(rows), new InstanceId(6), new AuditSettings(TimeSpan.FromSeconds(10)), _time, NullLogger<LedgerWriter>.Instance);
        _tally = new(_writer, _time);

        // An administrator is nobody's subject, so no key is sealed.
        _gate = new(_writer, new SubjectKeys(rows, sealer: null!, TimeSpan.Zero, _time), _tally, new CallMetrics(_services.GetRequiredService<IMeterFactory>()), _time, this);
    }

    public void Dispose()
    {
        _tally.Dispose();
        _writer.Dispose();
        _services.Dispose();
    }

    [Theory]
    [InlineData("no-such-tool", "no-such-tool")]
    [InlineData("x\nforged: tools/call pay by acme/app: ok", "-")]
    [InlineData("my password is 'hunter2'", "-")]
    public async Task What_a_caller_types_for_a_name_is_logged_only_when_it_can_be_one(string typed, string logged)
    {
        var caller = new Caller { Revision = null, Name = "app", CredentialId = "key_1", AuthMethod = "api_key", Scopes = default, Role = Role.None, Tools = NameFilter.All };
        var call = new Call(caller, Operation.CallTool, "mcp") { TargetName = typed, Refusal = new(RefusalKind.UnknownTool, "No.") };

        await _gate.RecordAsync(call);

        Assert.StartsWith($"mcp CallTool {logged} by ", Assert.Single(_lines), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', _lines.Single());
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => _lines.Enqueue(formatter(state, exception));
}
