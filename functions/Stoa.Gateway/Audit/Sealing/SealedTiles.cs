using Stoa.Gateway.Audit.Ledger;
using Stoa.Gateway.Storage;
using Stoa.Ledger.Merkle;

namespace Stoa.Gateway.Audit.Sealing;

/// <summary>The tree under a checkpoint: full tiles from the ledger's container, fetched as they turn out to be needed, the others as given.</summary>
internal sealed class SealedTiles(IBlobStore blobs, long size, IReadOnlyDictionary<string, byte[]> partial)
{
    private readonly Dictionary<TilePath, ReadOnlyMemory<byte>> _fetched = [];

    /// <exception cref="InvalidDataException">A tile that must be there is not.</exception>
    public async ValueTask<T> UseAsync<T>(Func<TileReader, T> use, CancellationToken ct)
    {
        while (true)
        {
            TilePath missing;
            try
            {
                return use(new TileReader(size, Read));
            }
            catch (TileMissingException e)
            {
                missing = e.Path;
            }

            var tile = missing.IsFull && !_fetched.ContainsKey(missing) ? await blobs.GetAsync(LedgerWriter.Container, missing.ToString(), ct) : null;
            _fetched.Add(missing, tile?.Content ?? throw new InvalidDataException($"{missing} of the audit ledger is not there."));
        }
    }

    private ReadOnlyMemory<byte>? Read(TilePath path) =>
        _fetched.TryGetValue(path, out var tile) ? tile
        : partial.TryGetValue(path.ToString(), out var bytes) ? bytes
        : (ReadOnlyMemory<byte>?)null;
}
