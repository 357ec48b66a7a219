using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Config;

/// <summary>What one commit does to a tenant's resources. Deletes are applied first, so a put of the same name replaces.</summary>
/// <param name="Summary">One line for the history, for example <c>Tool crm.search updated</c>; never a value of a secret.</param>
/// <param name="Puts">New and changed resources, complete.</param>
/// <param name="Deletes">Kinds and names to remove; removing what is not there does nothing.</param>
internal sealed record ChangeSet(string Summary, IReadOnlyList<Resource> Puts, IReadOnlyList<(string Kind, string Name)> Deletes)
{
    /// <summary>Leaves the revision as it is: also what a change function returns after it has noted a refusal.</summary>
    public static ChangeSet None { get; } = new("", [], []);

    public bool IsEmpty => Puts.Count == 0 && Deletes.Count == 0;

    /// <summary>The resources after the change, in ordinal order of kind and name.</summary>
    public IReadOnlyList<Resource> ApplyTo(Revision? current)
    {
        var result = new SortedDictionary<(string Kind, string Name), Resource>(ResourceOrder.Instance);
        foreach (var resource in current?.Resources ?? [])
        {
            result[(resource.Kind, resource.Name)] = resource;
        }

        foreach (var key in Deletes)
        {
            result.Remove(key);
        }

        foreach (var resource in Puts)
        {
            result[(resource.Kind, resource.Name)] = resource;
        }

        return [.. result.Values];
    }

    private sealed class ResourceOrder : IComparer<(string Kind, string Name)>
    {
        public static readonly ResourceOrder Instance = new();

        public int Compare((string Kind, string Name) x, (string Kind, string Name) y)
        {
            var byKind = string.CompareOrdinal(x.Kind, y.Kind);
            return byKind != 0 ? byKind : string.CompareOrdinal(x.Name, y.Name);
        }
    }
}
