using System.Text;
using Stoa.Gateway.Storage;

namespace Stoa.Contracts.Tests.Storage;

/// <summary>What the local files keep when a process dies: each acknowledged batch, and of the last one all or nothing.</summary>
public sealed class JournalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string JournalFile => Path.Combine(_folder.Path, "rows.journal");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_journal_cut_at_any_byte_opens_with_whole_batches_only()
    {
        await WriteAsync(rounds: 3);
        var whole = await File.ReadAllBytesAsync(JournalFile, Ct);
        var seen = new HashSet<int>();

        for (var length = 0; length <= whole.Length; length++)
        {
            await File.WriteAllBytesAsync(JournalFile, whole[..length], Ct);
            var complete = whole.AsSpan(..length).Count((byte)'\n') - 1;

            Assert.Equal(Math.Max(0, complete), await RoundsAsync());
            seen.Add(complete);
        }

        Assert.Equal(5, seen.Count);
    }

    [Fact]
    public async Task A_store_opened_after_a_torn_write_goes_on()
    {
        await WriteAsync(rounds: 2);
        await File.AppendAllTextAsync(JournalFile, "0123456789abcdef {\"vers", Ct);
        await WriteAsync(rounds: 1);

        Assert.Equal(3, await RoundsAsync());
    }

    [Fact]
    public async Task A_damaged_line_before_the_last_refuses_to_open_and_is_named()
    {
        await WriteAsync(rounds: 3);
        var bytes = await File.ReadAllBytesAsync(JournalFile, Ct);
        var damaged = bytes.AsSpan().IndexOf("\n"u8) + 30;
        bytes[damaged] ^= 1;
        await File.WriteAllBytesAsync(JournalFile, bytes, Ct);

        var refusal = await Assert.ThrowsAsync<InvalidDataException>(RoundsAsync);

        Assert.Contains("Line 2 ", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(JournalFile, Ct));
    }

    [Fact]
    public async Task Opening_drops_what_is_obsolete_and_never_gives_a_version_twice()
    {
        ETag last;
        using (var data = DataFolder.Open(_folder.Path))
        using (var rows = new FileRowStore(data))
        {
            var etag = (await rows.WriteAsync("rows", RowChange.Insert("p", "kept", "0"u8.ToArray()), Ct)).ETag;
            for (var i = 1; i <= 50; i++)
            {
                etag = (await rows.WriteAsync("rows", RowChange.Replace("p", "kept", Encoding.UTF8.GetBytes($"{i}"), etag), Ct)).ETag;
            }

            last = (await rows.WriteAsync("rows", RowChange.Insert("p", "gone", default), Ct)).ETag;
            await rows.WriteAsync("rows", RowChange.Delete("p", "gone", last), Ct);
        }

        using (var data = DataFolder.Open(_folder.Path))
        using (var rows = new FileRowStore(data))
        {
            Assert.Equal(2, (await File.ReadAllLinesAsync(JournalFile, Ct)).Length);
            Assert.Equal("50", Encoding.UTF8.GetString((await rows.GetAsync("rows", "p", "kept", Ct))!.Value.Span));
            await rows.WriteAsync("rows", RowChange.Insert("p", "gone", default), Ct);
            Assert.Equal(WriteStatus.Stale, (await rows.WriteAsync("rows", RowChange.Delete("p", "gone", last), Ct)).Status);
        }
    }

    [Fact]
    public void A_folder_in_use_is_refused_with_its_name()
    {
        using var first = DataFolder.Open(_folder.Path);

        var refusal = Assert.Throws<StorageUnavailableException>(() => DataFolder.Open(_folder.Path));

        Assert.Contains(_folder.Path, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_can_be_opened_again_after_it_was_let_go()
    {
        await WriteAsync(rounds: 1);
        await WriteAsync(rounds: 1);

        Assert.Equal(2, await RoundsAsync());
    }

    [Fact]
    public async Task What_an_interrupted_blob_write_left_behind_is_not_a_blob()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "blobs.new"));
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "blobs.new", "blob"), "half", Ct);

        using var data = DataFolder.Open(_folder.Path);
        using var blobs = new FileBlobStore(data);

        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder.Path, "blobs.new")));
        Assert.Empty((await blobs.ListAsync("container", "", 10, null, Ct)).Entries);
    }

    private async Task WriteAsync(int rounds)
    {
        using var data = DataFolder.Open(_folder.Path);
        using var rows = new FileRowStore(data);
        for (var i = 0; i < rounds; i++)
        {
            await TwinRows.StepAsync(rows, Ct);
        }
    }

    private async Task<int> RoundsAsync()
    {
        using var data = DataFolder.Open(_folder.Path);
        using var rows = new FileRowStore(data);
        return await TwinRows.CountAsync(rows, Ct);
    }
}
