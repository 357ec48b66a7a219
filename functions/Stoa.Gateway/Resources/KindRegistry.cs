using System.Collections.Frozen;

namespace Stoa.Gateway.Resources;

/// <summary>The kinds this gateway knows, in the order in which the reference lists them.</summary>
internal sealed class KindRegistry(IReadOnlyList<KindSchema> kinds)
{
    private readonly FrozenDictionary<string, KindSchema> _byKind = kinds.ToFrozenDictionary(k => k.Kind);
    private readonly FrozenDictionary<string, KindSchema> _byPlural = kinds.ToFrozenDictionary(k => k.Plural);

    public IReadOnlyList<KindSchema> All => kinds;

    public KindSchema? Find(string kind) => _byKind.GetValueOrDefault(kind);

    public KindSchema? FindPlural(string plural) => _byPlural.GetValueOrDefault(plural);
}
