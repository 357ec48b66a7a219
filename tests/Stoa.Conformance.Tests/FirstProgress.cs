using System.Collections.Concurrent;
using ModelContextProtocol;

namespace Stoa.Conformance.Tests;

/// <summary>Keeps the progress that a client reports, at once and in order, and acts on the first.</summary>
internal sealed class FirstProgress(Action? onFirst = null) : IProgress<ProgressNotificationValue>
{
    private readonly ConcurrentQueue<double> _values = new();

    public IReadOnlyList<double> Values => [.. _values];

    public void Report(ProgressNotificationValue value)
    {
        _values.Enqueue(value.Progress);
        if (_values.Count == 1)
        {
            onFirst?.Invoke();
        }
    }
}
