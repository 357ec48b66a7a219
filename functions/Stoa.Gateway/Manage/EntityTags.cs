using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Stoa.Gateway.Manage;

/// <summary>The value of <c>If-Match</c> or <c>If-None-Match</c> (RFC 9110 §13.1): a list of entity tags, or <c>*</c> for any version.</summary>
internal sealed class EntityTags
{
    private readonly IList<EntityTagHeaderValue> _tags;

    private EntityTags(IList<EntityTagHeaderValue> tags) => _tags = tags;

    /// <summary>Null when the header is absent. One that cannot be read names no version, so a change that it guards is refused.</summary>
    public static EntityTags? Of(StringValues header) => header.Count == 0
        ? null
        : new(EntityTagHeaderValue.TryParseList([.. header.OfType<string>()], out var tags) ? tags : []);

    /// <summary>The tag of a stored version.</summary>
    public static string TagOf(string version) => $"\"{version}\"";

    /// <summary>Strong comparison, as If-Match asks.</summary>
    public bool Name(string version) => Contains(version, strongly: true);

    /// <summary>Weak comparison, as If-None-Match asks: caches on the way may have made the tag a weak one.</summary>
    public bool NameWeakly(string version) => Contains(version, strongly: false);

    private bool Contains(string version, bool strongly)
    {
        var ours = new EntityTagHeaderValue(TagOf(version));
        return _tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(ours, strongly));
    }
}
