using System.Collections.Concurrent;

namespace Stoa.Gateway.Audit;

/// <summary>Lets the first so many names through and calls all others <c>_OTHER</c>, so that no caller can multiply time series. Holds about as many, for the life of the process.</summary>
internal sealed class BoundedNames(int most)
{
    public const string Other = "_OTHER";

    private readonly ConcurrentDictionary<string, string> _known = new(StringComparer.Ordinal);

    public string Of(string name) =>
        _known.TryGetValue(name, out var known) ? known
        : _known.Count < most ? _known.GetOrAdd(name, name)
        : Other;
}
