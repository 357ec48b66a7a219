using Stoa.Gateway.Audit.Ledger;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Audit.Trail;

/// <summary>Takes a line without its end, and the offset of its first byte; false when no further one is wanted.</summary>
internal delegate bool LineTaken(ReadOnlyMemory<byte> line, long offset);

/// <summary>Reads a ledger blob by whole lines. What comes after the last line end is being written, and left.</summary>
internal static class LedgerLines
{
    // Many times a line; one that does not end within is none.
    private const int Chunk = 1024 * 1024;

    // Some hundred microseconds of work. On one core, calls take turns with it ten times on their way, so its turns must be short.
    private const int Turn = 32 * 1024;

    public static async ValueTask ReadAsync(IAppendStore store, string blob, long from, LineTaken take, CancellationToken ct)
    {
        while (await store.ReadAsync(LedgerWriter.Container, blob, from, Chunk, ct) is { IsEmpty: false } bytes)
        {
            var (used, turnEnds) = (0, Turn);
            while (bytes.Span[used..].IndexOf((byte)'\n') is >= 0 and var length)
            {
                if (!take(bytes.Slice(used, length), from + used))
                {
                    return;
                }

                used += length + 1;
                if (used >= turnEnds)
                {
                    turnEnds = used + Turn;
                    await Task.Yield();
                }
            }

            if (used == 0 || bytes.Length < Chunk)
            {
                return;
            }

            from += used;
        }
    }
}
