using System.Text;
using Stoa.Gateway.Storage;

namespace Stoa.Contracts.Tests.Storage;

/// <summary>What <see cref="IRowStore"/> promises, of every implementation.</summary>
public abstract class RowStoreContract : IAsyncLifetime
{
    private readonly string _table = $"T{Guid.NewGuid():N}";
    private IRowStore _store = null!;

    protected abstract ValueTask<IRowStore> OpenAsync();

    public async ValueTask InitializeAsync() => _store = await OpenAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private async Task<ETag> InsertedAsync(string partition, string key, string value)
    {
        var result = await _store.WriteAsync(_table, RowChange.Insert(partition, key, Bytes(value)), Ct);
        Assert.Equal(WriteStatus.Done, result.Status);
        return result.ETag;
    }

    private async Task<WriteStatus> StatusAsync(RowChange change) => (await _store.WriteAsync(_table, change, Ct)).Status;

    private async Task<string?> ValueAsync(string partition, string key) =>
        await _store.GetAsync(_table, partition, key, Ct) is { } row ? Encoding.UTF8.GetString(row.Value.Span) : null;

    private async Task<List<Row>> AllAsync(RowRange range, int take)
    {
        var rows = new List<Row>();
        string? next = null;
        do
        {
            var page = await _store.ListAsync(_table, range, take, next, Ct);
            Assert.True(page.Rows.Count <= take);
            rows.AddRange(page.Rows);
            next = page.Continuation;
        }
        while (next is not null);
        return rows;
    }

    [Fact]
    public async Task A_table_that_nobody_wrote_to_is_empty()
    {
        Assert.Null(await _store.GetAsync(_table, "p", "k", Ct));
        Assert.Empty(await AllAsync(new(), 10));
        Assert.Equal(WriteStatus.Missing, await StatusAsync(RowChange.Replace("p", "k", Bytes("v"), await AnEtagAsync())));
        Assert.Equal(WriteStatus.Missing, await StatusAsync(RowChange.Delete("p", "k", await AnEtagAsync())));
    }

    [Fact]
    public async Task An_inserted_row_comes_back_with_its_version()
    {
        var etag = await InsertedAsync("p", "k", "v");

        var row = await _store.GetAsync(_table, "p", "k", Ct);

        Assert.Equal(("p", "k", etag), (row!.Partition, row.Key, row.ETag));
        Assert.Equal("v", await ValueAsync("p", "k"));
    }

    [Fact]
    public async Task A_second_insert_is_refused_and_changes_nothing()
    {
        await InsertedAsync("p", "k", "first");

        var second = await _store.WriteAsync(_table, RowChange.Insert("p", "k", Bytes("second")), Ct);

        Assert.Equal(WriteStatus.Exists, second.Status);
        Assert.Equal("first", await ValueAsync("p", "k"));
    }

    [Fact]
    public async Task A_replacement_gives_a_new_version_and_the_old_one_is_stale()
    {
        var first = await InsertedAsync("p", "k", "1");
        var second = await _store.WriteAsync(_table, RowChange.Replace("p", "k", Bytes("2"), first), Ct);
        Assert.Equal(WriteStatus.Done, second.Status);
        Assert.NotEqual(first, second.ETag);

        Assert.Equal(WriteStatus.Stale, await StatusAsync(RowChange.Replace("p", "k", Bytes("3"), first)));
        Assert.Equal(WriteStatus.Stale, await StatusAsync(RowChange.Delete("p", "k", first)));
        Assert.Equal("2", await ValueAsync("p", "k"));
    }

    [Fact]
    public async Task A_deleted_row_is_missing_and_its_version_never_comes_back()
    {
        var first = await InsertedAsync("p", "k", "1");
        Assert.Equal(WriteStatus.Done, await StatusAsync(RowChange.Delete("p", "k", first)));

        Assert.Null(await ValueAsync("p", "k"));
        Assert.Equal(WriteStatus.Missing, await StatusAsync(RowChange.Delete("p", "k", first)));
        Assert.Equal(WriteStatus.Missing, await StatusAsync(RowChange.Replace("p", "k", Bytes("2"), first)));

        await InsertedAsync("p", "k", "3");
        Assert.Equal(WriteStatus.Stale, await StatusAsync(RowChange.Replace("p", "k", Bytes("4"), first)));
    }

    [Fact]
    public async Task A_batch_applies_inserts_replacements_and_deletions_together()
    {
        var replaced = await InsertedAsync("p", "replaced", "old");
        var deleted = await InsertedAsync("p", "deleted", "old");

        var batch = await _store.WriteAsync(_table,
        [
            RowChange.Insert("p", "inserted", Bytes("new")),
            RowChange.Replace("p", "replaced", Bytes("new"), replaced),
            RowChange.Delete("p", "deleted", deleted),
        ], Ct);

        Assert.Equal((WriteStatus.Done, 3), (batch.Status, batch.ETags.Count));
        Assert.Equal((await _store.GetAsync(_table, "p", "inserted", Ct))!.ETag, batch.ETags[0]);
        Assert.Equal((await _store.GetAsync(_table, "p", "replaced", Ct))!.ETag, batch.ETags[1]);
        Assert.Equal(("new", "new"), (await ValueAsync("p", "inserted"), await ValueAsync("p", "replaced")));
        Assert.Null(await ValueAsync("p", "deleted"));
    }

    [Theory]
    [InlineData(WriteStatus.Exists)]
    [InlineData(WriteStatus.Stale)]
    [InlineData(WriteStatus.Missing)]
    public async Task A_batch_with_one_change_that_does_not_fit_changes_nothing_and_names_it(WriteStatus expected)
    {
        var first = await InsertedAsync("p", "there", "1");
        await _store.WriteAsync(_table, RowChange.Replace("p", "there", Bytes("2"), first), Ct);
        var misfit = expected switch
        {
            WriteStatus.Exists => RowChange.Insert("p", "there", Bytes("3")),
            WriteStatus.Stale => RowChange.Replace("p", "there", Bytes("3"), first),
            _ => RowChange.Replace("p", "nowhere", Bytes("3"), first),
        };

        var batch = await _store.WriteAsync(_table, [RowChange.Insert("p", "new", Bytes("1")), misfit], Ct);

        Assert.Equal((expected, 1), (batch.Status, batch.FailedIndex));
        Assert.Null(await ValueAsync("p", "new"));
        Assert.Equal("2", await ValueAsync("p", "there"));
    }

    [Fact]
    public async Task A_batch_into_a_table_that_nobody_wrote_to_applies()
    {
        var batch = await _store.WriteAsync(_table, [RowChange.Insert("p", "a", Bytes("1")), RowChange.Insert("p", "b", Bytes("2"))], Ct);

        Assert.True(batch.IsDone);
        Assert.Equal("2", await ValueAsync("p", "b"));
    }

    [Fact]
    public async Task A_listing_goes_on_over_more_rows_than_fit_a_page_and_in_order()
    {
        var keys = Enumerable.Range(0, 1130).Select(i => $"k{i:0000}").ToArray();
        foreach (var part in keys.Reverse().Chunk(100))
        {
            Assert.True((await _store.WriteAsync(_table, [.. part.Select(key => RowChange.Insert("p", key, Bytes(key)))], Ct)).IsDone);
        }

        Assert.Equal(keys, (await AllAsync(new("p"), 1000)).Select(row => row.Key));
        Assert.Equal(keys, (await AllAsync(new(), 300)).Select(row => row.Key));
        Assert.Equal(keys[100..200], (await AllAsync(RowRange.Prefix("p", "k01"), 7)).Select(row => row.Key));
        Assert.Equal(keys[5..1100], (await AllAsync(new("p", "k0005", "k1100"), 999)).Select(row => row.Key));
    }

    [Fact]
    public async Task A_listing_is_ordinal_by_partition_then_key_and_carries_versions()
    {
        foreach (var (partition, key) in new[] { ("b", "a"), ("a", "b"), ("a", "B"), ("a", "a1"), ("A", "z"), ("a", "a") })
        {
            await InsertedAsync(partition, key, key);
        }

        var rows = await AllAsync(new(), 2);

        Assert.Equal(["A z", "a B", "a a", "a a1", "a b", "b a"], rows.Select(row => $"{row.Partition} {row.Key}"));
        Assert.True((await _store.WriteAsync(_table, RowChange.Replace("A", "z", Bytes("new"), rows[0].ETag), Ct)).IsDone);
        Assert.Equal(["a", "a1"], (await AllAsync(RowRange.Prefix("a", "a"), 10)).Select(row => row.Key));
    }

    [Fact]
    public async Task Racing_increments_are_all_counted()
    {
        await InsertedAsync("p", "counter", "0");

        await Task.WhenAll(Enumerable.Range(0, 32).Select(async _ =>
        {
            while (true)
            {
                var row = (await _store.GetAsync(_table, "p", "counter", Ct))!;
                var next = int.Parse(Encoding.UTF8.GetString(row.Value.Span)) + 1;
                if ((await _store.WriteAsync(_table, RowChange.Replace("p", "counter", Bytes($"{next}"), row.ETag), Ct)).IsDone)
                {
                    return;
                }
            }
        }));

        Assert.Equal("32", await ValueAsync("p", "counter"));
    }

    [Fact]
    public async Task Of_racing_inserts_and_of_racing_deletions_one_is_done()
    {
        var inserts = await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
            await _store.WriteAsync(_table, RowChange.Insert("p", "k", Bytes($"{i}")), Ct)));
        var winner = Assert.Single(inserts, insert => insert.IsDone);
        Assert.All(inserts, insert => Assert.True(insert.Status is WriteStatus.Done or WriteStatus.Exists));

        var deletions = await Task.WhenAll(Enumerable.Range(0, 16).Select(async _ =>
            await _store.WriteAsync(_table, RowChange.Delete("p", "k", winner.ETag), Ct)));
        Assert.Single(deletions, deletion => deletion.IsDone);
    }

    [Theory]
    [InlineData("O'Brien's")]
    [InlineData("100%25 %2F %")]
    [InlineData(" leading and trailing ")]
    [InlineData("größe-日本-🎈")]
    [InlineData("a+b&c=d;e:f,g(h)'i@j$k!l*m~n`o^p|q{r}s[t]<u>\"v\"")]
    [InlineData("..")]
    public async Task Odd_keys_are_kept_as_they_are(string odd)
    {
        var etag = await InsertedAsync(odd, odd, "1");
        Assert.True((await _store.WriteAsync(_table, RowChange.Replace(odd, odd, Bytes("2"), etag), Ct)).IsDone);
        var batch = await _store.WriteAsync(
            _table, [RowChange.Insert(odd, odd + "1", Bytes("3")), RowChange.Insert(odd, odd + "2", Bytes("4"))], Ct);
        Assert.True(batch.IsDone);

        Assert.Equal("2", await ValueAsync(odd, odd));
        Assert.Equal([odd, odd + "1", odd + "2"], (await AllAsync(new(odd, odd), 1)).Select(row => row.Key));
        Assert.True((await _store.WriteAsync(_table, RowChange.Delete(odd, odd + "1", batch.ETags[0]), Ct)).IsDone);
    }

    [Fact]
    public async Task The_largest_keys_values_and_batches_are_kept()
    {
        var key = new string('é', RowLimits.MaxKeyLength);
        var value = new byte[RowLimits.MaxValueBytes];
        Random.Shared.NextBytes(value);
        Assert.True((await _store.WriteAsync(_table, RowChange.Insert("p", key, value), Ct)).IsDone);
        Assert.Equal(value, (await _store.GetAsync(_table, "p", key, Ct))!.Value.ToArray());

        var batch = Enumerable.Range(0, RowLimits.MaxBatch).Select(i => RowChange.Insert("q", $"{i}", value.AsMemory(..20_000))).ToArray();
        Assert.True((await _store.WriteAsync(_table, batch, Ct)).IsDone);
        Assert.Equal(100, (await AllAsync(new("q"), 50)).Count);
    }

    [Fact]
    public async Task An_empty_value_is_a_value()
    {
        await InsertedAsync("p", "k", "");

        Assert.Equal("", await ValueAsync("p", "k"));
    }

    [Fact]
    public async Task Changing_the_callers_buffer_afterwards_changes_nothing()
    {
        var value = "before"u8.ToArray();
        await _store.WriteAsync(_table, RowChange.Insert("p", "k", value), Ct);

        value[0] = (byte)'X';

        Assert.Equal("before", await ValueAsync("p", "k"));
    }

    public static TheoryData<RowChange[]> OutsideTheLimits
    {
        get
        {
            var v = Bytes("v");
            return new(
                [],
                [RowChange.Insert("", "k", v)],
                [RowChange.Insert("p", "", v)],
                [RowChange.Insert("p", new('k', 513), v)],
                [RowChange.Insert("p", "a/b", v)],
                [RowChange.Insert("p", "a\\b", v)],
                [RowChange.Insert("p#", "k", v)],
                [RowChange.Insert("p", "k?", v)],
                [RowChange.Insert("p", "a\u0007", v)],
                [RowChange.Insert("p", "a\u0085", v)],
                [RowChange.Insert("p", "\ud83c", v)],
                [RowChange.Insert("p", "k", new byte[60_001])],
                [RowChange.Replace("p", "k", v, default)],
                [RowChange.Delete("p", "k", new("*"))],
                [default],
                [RowChange.Insert("p", "k", v), RowChange.Insert("q", "k", v)],
                [RowChange.Insert("p", "k", v), RowChange.Insert("p", "k", v)],
                [.. Enumerable.Range(0, 101).Select(i => RowChange.Insert("p", $"{i}", v))],
                [.. Enumerable.Range(0, 34).Select(i => RowChange.Insert("p", $"{i}", new byte[60_000]))]);
        }
    }

    [Theory]
    [MemberData(nameof(OutsideTheLimits), DisableDiscoveryEnumeration = true)]
    public async Task A_change_outside_the_limits_is_a_programming_error(RowChange[] changes) =>
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await _store.WriteAsync(_table, changes, Ct));

    [Theory]
    [InlineData("ab")]
    [InlineData("1abc")]
    [InlineData("with-hyphen")]
    [InlineData("tables(PartitionKey='x')")]
    public async Task A_table_name_outside_the_limits_is_a_programming_error(string table)
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await _store.GetAsync(table, "p", "k", Ct));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await _store.ListAsync(table, new(), 1, null, Ct));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await _store.WriteAsync(table, RowChange.Insert("p", "k", default), Ct));
    }

    [Fact]
    public async Task A_cancelled_call_says_so()
    {
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _store.GetAsync(_table, "p", "k", cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await _store.WriteAsync(_table, RowChange.Insert("p", "k", default), cancelled));
        Assert.Null(await ValueAsync("p", "k"));
    }

    private async Task<ETag> AnEtagAsync()
    {
        var other = $"T{Guid.NewGuid():N}";
        return (await _store.WriteAsync(other, RowChange.Insert("p", "k", default), Ct)).ETag;
    }
}
