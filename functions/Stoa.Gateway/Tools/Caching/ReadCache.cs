using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Tools.Caching;

/// <summary>
/// Answers of tools that only read, given again until their time is over. One per instance, in memory, bounded in bytes: the answer that
/// was wanted longest ago goes first. Losing it loses nothing.
/// </summary>
/// <param name="capacity">Bytes in all, bookkeeping included; one answer may take a thirty-second of it.</param>
internal sealed class ReadCache(TimeProvider time, long capacity = 32 * 1024 * 1024)
{
    private const int LargestShare = 32;

    // What an entry takes beside its body.
    private const int Overhead = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<CacheKey, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = [];
    private long _bytes;

    /// <summary>Bytes held now.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes;
            }
        }
    }

    /// <summary>Whether answers of the tool may be kept at all.</summary>
    public static bool Serves(Tool tool) => tool.Spec.Cache is not null && tool.Hints.ReadOnly;

    /// <summary>The answer, or null. It owns nothing, so it may be disposed or not.</summary>
    public Answer? Find(CacheKey key)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out var node))
            {
                return null;
            }

            if (time.GetElapsedTime(node.Value.At) >= node.Value.Ttl)
            {
                Remove(node);
                return null;
            }

            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value.Answer;
        }
    }

    /// <summary>Keeps a copy, unless the answer is an error or too large. Its age counts from <paramref name="askedAt"/>, a timestamp.</summary>
    public void Keep(CacheKey key, Answer answer, TimeSpan ttl, long askedAt)
    {
        var size = answer.Body.Length + Overhead;
        if (answer.IsError || size > capacity / LargestShare)
        {
            return;
        }

        var entry = new Entry(key, answer.Copy(), size, ttl, askedAt);
        lock (_gate)
        {
            if (_entries.TryGetValue(key, out var old))
            {
                Remove(old);
            }

            while (_bytes + size > capacity)
            {
                Remove(_byUse.Last!);
            }

            _entries[key] = _byUse.AddFirst(entry);
            _bytes += size;
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _byUse.Remove(node);
        _entries.Remove(node.Value.Key);
        _bytes -= node.Value.Size;
    }

    private sealed record Entry(CacheKey Key, Answer Answer, int Size, TimeSpan Ttl, long At);
}
