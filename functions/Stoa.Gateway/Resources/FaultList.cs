namespace Stoa.Gateway.Resources;

/// <summary>The faults of one document, bounded: a document made of mistakes must not cost more than it is worth.</summary>
internal sealed class FaultList
{
    public const int Limit = 100;

    private readonly List<ResourceFault> _faults = [];

    public int Count => _faults.Count;

    public bool IsFull => _faults.Count > Limit;

    public void Add(ResourceFault fault)
    {
        if (_faults.Count < Limit)
        {
            _faults.Add(fault);
        }
        else if (_faults.Count == Limit)
        {
            _faults.Add(fault with { Path = "", Reason = $"There are more than {Limit} faults; the rest is not listed. Correct these first." });
        }
    }

    /// <summary>Whether something at the path, or within it, was reported already.</summary>
    public bool Concern(string path) =>
        _faults.Exists(f => f.Path.StartsWith(path, StringComparison.Ordinal) && (f.Path.Length == path.Length || f.Path[path.Length] is '.' or '['));

    /// <summary>In the order of the text.</summary>
    public IReadOnlyList<ResourceFault> InOrder() => [.. _faults.OrderBy(f => f.Line).ThenBy(f => f.Column)];
}
