using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Quotas.Ledger;

/// <summary>
/// The books of all scopes in a row store. A tenant's scopes share a partition, so one write changes several or none of them. Writes are
/// conditional and never repeated blindly: the row is read again, and the number of the write is looked for in the instance's lease.
/// </summary>
internal sealed class QuotaLedger(IRowStore rows, TimeProvider time, LeaseTerms terms)
{
    public const string Table = "StoaQuotas";

    /// <summary>Scopes in one write. The most that 16 rows may hold stays within a batch.</summary>
    public const int MostTurns = 16;

    // Every failed try but a lost answer means that another writer got through.
    private const int MaxAttempts = 30;
    private const int LongestPause = 256;
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromDays(2);

    /// <summary>
    /// Takes each turn once, however often it is called with it, and admits what claims there is room for. Throws
    /// <see cref="StorageUnavailableException"/> when the outcome is not known; the same turns must then be taken again before others of
    /// the same owner and scope.
    /// </summary>
    public async ValueTask<ExchangeResult> ExchangeAsync(
        string partition, ulong owner, IReadOnlyList<Turn> turns, IReadOnlyList<Claim> claims, CancellationToken ct)
    {
        Exchange? sent = null;
        var books = turns.All(t => t.Known is not null) ? turns.Select(t => t.Known!).ToArray() : null;
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var isRead = books is null;
            books ??= await ReadAsync(partition, turns, ct);
            var at = time.GetTimestamp();
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            if (isRead && turns.Where((turn, i) => IsTaken(books[i], owner, turn)).Any())
            {
                return Recall(books, owner, turns, sent, now, at);
            }

            var exchange = Exchange.Of(now, owner, [.. books.Select(b => b.Entity)], turns, claims, terms);
            if (!isRead && exchange.Shortages.Any(s => s is not null))
            {
                // Somebody may have returned something since: nobody is refused by what is remembered.
                books = null;
                continue;
            }

            sent = exchange;
            if (await WriteAsync(partition, turns, books, exchange, ct) is { } written)
            {
                var granted = turns.Select((turn, i) => Result(written[i], owner, turn, exchange.Changed[i], isFresh: true, now));
                return new(at, now, [.. granted], exchange.Shortages) { Marks = exchange.Marks };
            }

            books = null;
            await PauseAsync(attempt, ct);
        }

        throw Contended(partition);
    }

    /// <summary>The books of a scope as they would be if written now; a new one's when there is no row.</summary>
    public async ValueTask<QuotaEntity> LoadAsync(string partition, string key, CancellationToken ct) =>
        (await ReadAsync(partition, key, ct)).Entity.Advance(time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>All books of a partition by key, as they were last written. A row that cannot be read throws.</summary>
    public async ValueTask<IReadOnlyDictionary<string, QuotaEntity>> LoadAllAsync(string partition, CancellationToken ct)
    {
        var books = new Dictionary<string, QuotaEntity>(StringComparer.Ordinal);
        string? continuation = null;
        do
        {
            var page = await rows.ListAsync(Table, new(partition), 200, continuation, ct);
            page.Rows.ToList().ForEach(row => books[row.Key] = EntityCodec.Read(row));
            continuation = page.Continuation;
        }
        while (continuation is not null);
        return books;
    }

    /// <summary>Forgets what is settled, as <see cref="Transitions.Reset"/> says. False when nothing is known of the scope.</summary>
    public async ValueTask<bool> ResetAsync(string partition, string key, TimeSpan mostSkew, CancellationToken ct)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (await rows.GetAsync(Table, partition, key, ct) is not { } row)
            {
                return false;
            }

            // Also the way out for a row that cannot be read.
            var entity = (EntityCodec.TryRead(row) ?? QuotaEntity.New).Reset(time.GetUtcNow().ToUnixTimeMilliseconds(), mostSkew);
            var change = RowChange.Replace(partition, key, EntityCodec.Write(entity), row.ETag);
            if ((await rows.WriteAsync(Table, change, ct)).IsDone)
            {
                return true;
            }

            await PauseAsync(attempt, ct);
        }

        throw Contended(partition);
    }

    /// <summary>
    /// Reaps one page of rows: ends expired leases, rolls windows, deletes what has been empty for two days (its clock may go with it
    /// then). Any number may do so at once. Returns where to go on, or null at the end.
    /// </summary>
    public async ValueTask<string?> SweepAsync(string? continuation, CancellationToken ct)
    {
        var page = await rows.ListAsync(Table, default, 200, continuation, ct);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var row in page.Rows)
        {
            // A row that cannot be read is told of by the calls that it refuses.
            if (EntityCodec.TryRead(row) is not { } before)
            {
                continue;
            }

            var after = before.Advance(now);
            var isForgotten = after.IsEmpty && now - before.Time > ForgetAfter.TotalMilliseconds;
            RowChange? change = isForgotten ? RowChange.Delete(row.Partition, row.Key, row.ETag)
                : after.Leases.Length < before.Leases.Length ? RowChange.Replace(row.Partition, row.Key, EntityCodec.Write(after), row.ETag)
                : null;
            if (change is { } reaped)
            {
                // Whoever was faster has done the same: every write reaps.
                await rows.WriteAsync(Table, reaped, ct);
            }
        }

        return page.Continuation;
    }

    /// <summary>Reaps all rows.</summary>
    public async ValueTask SweepAsync(CancellationToken ct)
    {
        string? continuation = null;
        do
        {
            continuation = await SweepAsync(continuation, ct);
        }
        while (continuation is not null);
    }

    private static bool IsTaken(Books books, ulong owner, Turn turn) =>
        books.Entity.LeaseOf(owner) is { } lease && lease.Fence >= turn.Number;

    /// <summary>An earlier try got through after all. What it leased is in the row; turns that are not there were not part of it.</summary>
    private static ExchangeResult Recall(Books[] books, ulong owner, IReadOnlyList<Turn> turns, Exchange? sent, long now, long at) => new(
        at,
        now,
        [.. turns.Select((t, i) => IsTaken(books[i], owner, t) ? Result(books[i], owner, t, isTaken: true, sent is not null, now) : null)],
        sent?.Shortages ?? []) { Marks = sent?.Marks ?? [] };

    private static Granted Result(Books books, ulong owner, Turn turn, bool isTaken, bool isFresh, long now)
    {
        var lease = isTaken ? books.Entity.LeaseOf(owner) : null;
        var block = lease?.Blocks.LastOrDefault(b => b.Number == turn.Number) ?? default;
        var usable = TimeSpan.FromMilliseconds(block.ChargedAt - Math.Max(now, books.Entity.Time));
        return new(books, block, lease?.Slots ?? default, usable, isFresh);
    }

    private async ValueTask<Books[]?> WriteAsync(
        string partition, IReadOnlyList<Turn> turns, Books[] books, Exchange exchange, CancellationToken ct)
    {
        var changes = new List<RowChange>(turns.Count);
        for (var i = 0; i < turns.Count; i++)
        {
            if (exchange.Changed[i])
            {
                var value = EntityCodec.Write(exchange.Entities[i]);
                changes.Add(books[i].ETag is { } etag
                    ? RowChange.Replace(partition, turns[i].Key, value, etag)
                    : RowChange.Insert(partition, turns[i].Key, value));
            }
        }

        if (changes.Count is 0)
        {
            return books;
        }

        // Exists, missing, stale, unknown: the rows decide what is so.
        var result = await rows.WriteAsync(Table, changes, ct);
        if (!result.IsDone)
        {
            return null;
        }

        var written = 0;
        return [.. books.Select((b, i) => exchange.Changed[i] ? new Books(exchange.Entities[i], result.ETags[written++]) : b)];
    }

    private async ValueTask<Books[]> ReadAsync(string partition, IReadOnlyList<Turn> turns, CancellationToken ct) =>
        await Task.WhenAll(turns.Select(turn => ReadAsync(partition, turn.Key, ct).AsTask()));

    private async ValueTask<Books> ReadAsync(string partition, string key, CancellationToken ct) =>
        await rows.GetAsync(Table, partition, key, ct) is { } row ? new(EntityCodec.Read(row), row.ETag) : new(QuotaEntity.New, null);

    private static StorageUnavailableException Contended(string partition) =>
        new($"The quota of '{partition}' is being written by too many at once; try again.");

    // Full jitter: racers that collided once must not collide again in step.
    private Task PauseAsync(int attempt, CancellationToken ct) =>
        Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(Math.Min(4 << Math.Min(attempt, 8), LongestPause) + 1)), time, ct);
}

/// <summary>What a write brought, in the order of its turns and claims.</summary>
/// <param name="At">The timestamp at which the books were judged; what is granted is usable for so long from then.</param>
/// <param name="LocalTime">This instance's time then, in milliseconds since 1970 UTC; the scopes' clocks may be ahead of it.</param>
/// <param name="Turns">Null for a turn that has not been taken yet and must be again.</param>
/// <param name="Shortages">Null for a claim that was admitted, and none at all when it is not known which were.</param>
internal sealed record ExchangeResult(long At, long LocalTime, IReadOnlyList<Granted?> Turns, IReadOnlyList<Shortage?> Shortages)
{
    /// <summary>Limits to warn of, by the index of their turn. None when the answer to an earlier write was lost: that warning is lost, too.</summary>
    public IReadOnlyList<(int Turn, LimitMark Mark)> Marks { get; init; } = [];
}
