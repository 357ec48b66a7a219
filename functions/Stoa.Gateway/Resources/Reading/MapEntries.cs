namespace Stoa.Gateway.Resources.Reading;

/// <summary>Collects the entries of one map; a key given twice is a fault that names both places, and the first one stands.</summary>
internal sealed class MapEntries(Place place)
{
    private readonly List<MapEntry> _entries = [];
    private readonly Dictionary<string, Position> _seen = [];

    public void Add(string key, Position at, Node value)
    {
        if (_seen.TryAdd(key, at))
        {
            _entries.Add(new(key, at, value));
            return;
        }

        var first = _seen[key];
        place.Field(key).Fault(at, $"The key {Wording.Quoted(key)} was already given at line {first.Line}, column {first.Column}; keep one of them.");
    }

    public MapNode ToNode(Position at) => new(at, _entries);
}
