using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace Stoa.Gateway.Kernel;

/// <summary>
/// Everything configured for one tenant at one moment: immutable, numbered, swapped whole. A call takes one revision at its start and
/// sees no other.
/// </summary>
/// <param name="tenant">Whose.</param>
/// <param name="number">1 for the first, growing by 1 with each change, rollbacks included.</param>
/// <param name="uid">Names this incarnation of the tenant; a deleted and re-created one has another.</param>
/// <param name="resources">All resources, of every kind, at most one per (kind, name).</param>
public sealed class Revision(TenantId tenant, long number, string uid, IReadOnlyList<Resource> resources)
{
    private readonly FrozenDictionary<(string Kind, string Name), Resource> _byName = resources.ToFrozenDictionary(r => (r.Kind, r.Name));
    private readonly ConcurrentDictionary<object, object> _views = new(ReferenceEqualityComparer.Instance);

    public TenantId Tenant => tenant;

    public long Number => number;

    public string Uid => uid;

    public IReadOnlyList<Resource> Resources => resources;

    public Resource? Find(string kind, string name) => _byName.GetValueOrDefault((kind, name));

    /// <summary>A slice's own reading of the revision, built on first use and kept with it: what is never asked for is never compiled.</summary>
    public T View<T>(RevisionView<T> view)
        where T : class => (T)_views.GetOrAdd(view, static (key, revision) => ((RevisionView<T>)key).Build(revision), this);
}

/// <summary>How a slice reads a revision; one static instance per slice is the key under which the result is kept.</summary>
public sealed class RevisionView<T>(Func<Revision, T> build)
    where T : class
{
    public T Build(Revision revision) => build(revision);
}
