using System.Collections.Frozen;

namespace Stoa.Gateway.Keys;

/// <summary>The ring as one instance knows it: which key is in use at a time, and what older ones may still do.</summary>
internal sealed class Ring(RingFile file, long loadedAt)
{
    private readonly FrozenDictionary<uint, int> _index =
        file.Keys.Select((key, at) => (key.Id, at)).ToFrozenDictionary(k => k.Id, k => k.at);

    public long LoadedAt => loadedAt;

    public int Count => file.Keys.Count;

    private ReadOnlySpan<byte> Origin => file.Keys[0].Wrapped.Span;

    /// <summary>Rings only grow, so two states of one ring begin with the same key.</summary>
    public bool IsSameRingAs(Ring other) => Origin.SequenceEqual(other.Origin);

    public RingFile.Entry? Find(uint id) => _index.TryGetValue(id, out var at) ? file.Keys[at] : null;

    /// <summary>The newest key that has settled, else the oldest: the very first is used at once, there being no other.</summary>
    public RingFile.Entry CurrentAt(DateTimeOffset now)
    {
        for (var at = file.Keys.Count - 1; at > 0; at--)
        {
            if (now - file.Keys[at].CreatedAt >= KeyRing.SettlingTime)
            {
                return file.Keys[at];
            }
        }

        return file.Keys[0];
    }

    /// <summary>Counted from the key's replacement, not its creation: an app that slept through its rotations must not refuse its own tokens.</summary>
    public bool May(uint id, KeyUse use, DateTimeOffset now)
    {
        if (!_index.TryGetValue(id, out var at))
        {
            return false;
        }

        return use is KeyUse.Open
            || at == file.Keys.Count - 1
            || now - (file.Keys[at + 1].CreatedAt + KeyRing.SettlingTime) < KeyRing.VerifiesFor;
    }
}
