using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Stoa.Gateway.Egress;

namespace Stoa.Gateway.Tests.Egress;

/// <summary>Keeps what the egress client logs, at every level.</summary>
internal sealed class EgressLogLines : ILogger<EgressClient>
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _lines = new();

    public IEnumerable<(LogLevel Level, string Text)> Lines => _lines;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue((logLevel, formatter(state, exception)));
}
