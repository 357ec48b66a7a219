using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Stoa.Gateway.Quotas.Usage;

/// <summary>
/// What one tenant's calls at this instance came to on one day. It owns its rows: nobody else writes them while it lives, and what it
/// writes are totals, so that writing again changes nothing. The sums of a row are so few that one always fits.
/// </summary>
internal sealed class UsageDay(string partition, DateOnly day)
{
    /// <summary>In one row: with every name at its longest and every character escaped they take 55,000 bytes.</summary>
    public const int SumsPerRow = 48;

    private const int MostSums = 2_000;
    private const int LongestName = 128;

    private readonly Lock _gate = new();
    private readonly Dictionary<UsageKey, Sum> _sums = [];
    private readonly List<UsageChunk> _chunks = [];
    private readonly string _owner = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8)).ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
    private long _usedAt;
    private bool _isClosed;

    public string Partition => partition;

    public DateOnly Day => day;

    /// <summary>False when the day has been closed meanwhile: begin another. The sums may only grow in number where there is room.</summary>
    public bool TryAdd(in UsageKey key, in UsageSums sums, long timestamp, bool hasRoom, out bool hasGrown)
    {
        hasGrown = false;
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            if (!_sums.TryGetValue(key, out var sum))
            {
                var told = hasRoom && _sums.Count < MostSums && IsTellable(key.Name) ? key : key.ToRest();
                sum = _sums.TryGetValue(told, out var known) ? known : Add(told);
                hasGrown = known is null;
            }

            sum.Sums += sums;
            sum.Chunk.IsDirty = true;
            _usedAt = timestamp;
            return true;
        }
    }

    /// <summary>The rows that changed since, with what is to be in them; they count as written until they are put back.</summary>
    public List<(UsageChunk Chunk, KeyValuePair<UsageKey, UsageSums>[] Sums)> TakeDirty()
    {
        var dirty = new List<(UsageChunk, KeyValuePair<UsageKey, UsageSums>[])>();
        lock (_gate)
        {
            foreach (var chunk in _chunks)
            {
                if (chunk.IsDirty)
                {
                    chunk.IsDirty = false;
                    dirty.Add((chunk, [.. chunk.Sums.Select(s => KeyValuePair.Create(s.Key, s.Sums))]));
                }
            }
        }

        return dirty;
    }

    public void PutBack(UsageChunk chunk)
    {
        lock (_gate)
        {
            chunk.IsDirty = true;
        }
    }

    /// <summary>Ends it, unless something is still to be written or it was used since. Returns how many sums go with it, or null.</summary>
    public int? TryClose(long notUsedSince)
    {
        lock (_gate)
        {
            if (_usedAt > notUsedSince || _chunks.Exists(c => c.IsDirty))
            {
                return null;
            }

            _isClosed = true;
            return _sums.Count;
        }
    }

    /// <summary>Ends it whatever is still to be written: how many sums go with it, and how many calls were in rows that were not written.</summary>
    public (int Sums, long Calls) Abandon()
    {
        lock (_gate)
        {
            _isClosed = true;
            return (_sums.Count, _chunks.Where(c => c.IsDirty).SelectMany(c => c.Sums).Sum(s => s.Sums.Calls));
        }
    }

    // What cannot be told apart for its length or its characters is counted all the same.
    private static bool IsTellable(string name) => name.Length <= LongestName && !name.AsSpan().ContainsAnyInRange('\0', '\u001f') && !name.Contains('\u007f', StringComparison.Ordinal);

    private Sum Add(in UsageKey key)
    {
        if (_chunks is not [.., var chunk] || chunk.Sums.Count >= SumsPerRow)
        {
            chunk = new UsageChunk(UsageRowKey.OfOwner(day, _owner, _chunks.Count));
            _chunks.Add(chunk);
        }

        var sum = new Sum(key, chunk);
        _sums.Add(key, sum);
        chunk.Sums.Add(sum);
        return sum;
    }

    /// <summary>A running total. Guarded by its day's lock.</summary>
    internal sealed class Sum(UsageKey key, UsageChunk chunk)
    {
        public UsageKey Key => key;

        public UsageChunk Chunk => chunk;

        public UsageSums Sums { get; set; }
    }
}
