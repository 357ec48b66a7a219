using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Manage;

/// <summary>The revision that an apply is about to make: the one in force, and what was decided so far.</summary>
internal sealed class Draft(Revision? current)
{
    private readonly Dictionary<(string Kind, string Name), Resource> _puts = [];
    private readonly HashSet<(string Kind, string Name)> _deletes = [];

    /// <summary>Null when there is no such tenant yet.</summary>
    public Revision? Current => current;

    public IReadOnlyDictionary<(string Kind, string Name), Resource> Puts => _puts;

    public IReadOnlyCollection<(string Kind, string Name)> Deletes => _deletes;

    public bool IsEmpty => _puts.Count + _deletes.Count == 0;

    /// <summary>All that would be in force.</summary>
    public IEnumerable<Resource> Resources =>
        (current?.Resources ?? []).Where(r => !_puts.ContainsKey((r.Kind, r.Name)) && !_deletes.Contains((r.Kind, r.Name))).Concat(_puts.Values);

    public Resource? Find(string kind, string name) =>
        _puts.TryGetValue((kind, name), out var put) ? put : _deletes.Contains((kind, name)) ? null : current?.Find(kind, name);

    public void Put(Resource resource) => _puts[(resource.Kind, resource.Name)] = resource;

    public void Delete(string kind, string name) => _deletes.Add((kind, name));
}
