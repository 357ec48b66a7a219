using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Stoa.Gateway.Audit.Subjects;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models;
using Stoa.Gateway.Models.Streaming;
using Stoa.Ledger.Merkle;

namespace Stoa.Gateway.Tests.Audit;

/// <summary>A stream has the hash that its bytes have as a whole, however they came; contents open under their own key and for their own record.</summary>
public sealed class SubjectKeyTests
{
    private static readonly SubjectKey Key = new(Enumerable.Range(0, SubjectKey.Size).Select(i => (byte)i).ToArray());

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public void Pieces_have_the_hash_of_the_whole(int piece)
    {
        var whole = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 2000)));
        using var given = Key.Begin(keeps: 100);
        foreach (var part in piece == 0 ? [whole] : whole.Chunk(piece))
        {
            given.Add(part);
        }

        Assert.Equal(whole[..100], given.Beginning.ToArray());
        Span<byte> hash = stackalloc byte[Sha256Hash.Size];
        Assert.True(given.TryEnd(hash));
        Assert.Equal((Key.Of(whole).Keyed!.Value, whole.Length), (new Sha256Hash(hash), given.Bytes));

        given.Add("what comes too late"u8);
        Assert.Equal(whole.Length, given.Bytes);
        Assert.False(given.TryEnd(hash));
    }

    [Fact]
    public async Task What_is_held_is_given_when_it_is_released_and_not_when_it_is_dropped()
    {
        foreach (var isReleased in new[] { true, false })
        {
            var pipe = new Pipe();
            using var given = Key.Begin(keeps: 0);
            using var watch = new RelayWatch(TimeProvider.System, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
            var output = new RelayOutput(pipe.Writer, watch, Wire.Chat, given);
            output.Write("first "u8.ToArray(), owesLineFeed: true);
            output.Hold();
            output.Write("held "u8.ToArray(), owesLineFeed: true);
            output.Writer.Write("as well"u8);
            Assert.Equal("held \nas well", Encoding.UTF8.GetString(output.Held.Span));
            Assert.True(await output.FlushAsync());
            Assert.Equal("first \n"u8.Length, given.Bytes);

            if (isReleased)
            {
                output.Release();
            }
            else
            {
                output.Drop();
                output.Writer.Write("other"u8);
            }

            Assert.True(await output.FlushAsync());
            await pipe.Writer.CompleteAsync();
            var read = (await pipe.Reader.ReadAsync(TestContext.Current.CancellationToken)).Buffer.ToArray();
            Assert.Equal(isReleased ? "first \nheld \nas well" : "first \nother", Encoding.UTF8.GetString(read));
            Assert.Equal(Key.Of(read), Ended(given));
        }
    }

    [Fact]
    public void A_content_opens_under_its_key_and_for_its_record_only()
    {
        var content = Key.Seal("secret"u8, "record-1"u8);

        Assert.Equal("secret"u8, Key.Open(content, "record-1"u8)!);
        Assert.Null(Key.Open(content, "record-2"u8));
        Assert.Null(new SubjectKey(new byte[SubjectKey.Size]).Open(content, "record-1"u8));
        Assert.Null(Key.Open(content.AsSpan(1), "record-1"u8));
        Assert.Null(Key.Open([], "record-1"u8));
        Assert.NotEqual(content, Key.Seal("secret"u8, "record-1"u8));
    }

    private static Gateway.Audit.Records.Fingerprint Ended(GivenContent given)
    {
        Span<byte> hash = stackalloc byte[Sha256Hash.Size];
        Assert.True(given.TryEnd(hash));
        return new(new Sha256Hash(hash), given.Bytes);
    }
}
