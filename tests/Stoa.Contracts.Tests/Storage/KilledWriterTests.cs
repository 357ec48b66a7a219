using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Stoa.Gateway.Storage;

namespace Stoa.Contracts.Tests.Storage;

/// <summary>A real process, killed while it writes; STOA_TEST_KILLS says how often (3 by default).</summary>
public sealed class KilledWriterTests
{
    private const string FolderVariable = "STOA_TEST_WRITER_FOLDER";
    private const string PortVariable = "STOA_TEST_WRITER_PORT";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killing_the_writer_at_any_moment_loses_no_acknowledged_write_and_leaves_none_in_part()
    {
        using var folder = new TemporaryFolder();
        var kills = int.TryParse(Environment.GetEnvironmentVariable("STOA_TEST_KILLS"), out var wanted) ? wanted : 3;
        for (var kill = 0; kill < kills; kill++)
        {
            var acknowledged = await WriteUntilKilledAsync(folder.Path, afterAcknowledgements: Random.Shared.Next(1, 200));

            using var data = DataFolder.Open(folder.Path);
            using var rows = new FileRowStore(data);
            using var blobs = new FileBlobStore(data);
            var count = await TwinRows.CountAsync(rows, Ct);
            Assert.InRange(count, acknowledged, acknowledged + 1);
            // Each kill may come between a row and its blob.
            Assert.InRange(await BlobCountAsync(blobs), acknowledged - 1 - kill, count);
        }
    }

    /// <summary>Not a test: what the process to be killed runs.</summary>
    [Fact(Explicit = true)]
    public async Task Write_until_killed()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable(FolderVariable) is not null, "Runs as a child process only.");
        using var parent = new TcpClient();
        await parent.ConnectAsync(IPAddress.Loopback, int.Parse(Environment.GetEnvironmentVariable(PortVariable)!), Ct);
        using var data = DataFolder.Open(Environment.GetEnvironmentVariable(FolderVariable)!);
        using var rows = new FileRowStore(data);
        using var blobs = new FileBlobStore(data);
        while (true)
        {
            var count = await TwinRows.StepAsync(rows, Ct);
            await parent.GetStream().WriteAsync(BitConverter.GetBytes(count), Ct);
            await WriteBlobAsync(blobs, count);
        }
    }

    private static async Task<int> WriteUntilKilledAsync(string folder, int afterAcknowledgements)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var writer = Process.Start(new ProcessStartInfo("dotnet",
        [
            typeof(KilledWriterTests).Assembly.Location, "--explicit", "only",
            "--filter-method", $"{typeof(KilledWriterTests).FullName}.{nameof(Write_until_killed)}",
        ])
        {
            RedirectStandardOutput = true,
            Environment =
            {
                [FolderVariable] = folder,
                [PortVariable] = $"{((IPEndPoint)listener.LocalEndpoint).Port}",
            },
        })!;
        var accepting = listener.AcceptTcpClientAsync(Ct).AsTask();
        if (await Task.WhenAny(accepting, writer.WaitForExitAsync(Ct)) != accepting)
        {
            Assert.Fail($"The writer ended before it wrote: {await writer.StandardOutput.ReadToEndAsync(Ct)}");
        }

        using var connection = await accepting;
        var acknowledgement = new byte[sizeof(int)];
        for (var i = 0; i < afterAcknowledgements; i++)
        {
            await connection.GetStream().ReadExactlyAsync(acknowledgement, Ct);
        }

        writer.Kill();
        await writer.WaitForExitAsync(Ct);

        // What it had acknowledged by the time it died counts too.
        var rest = new MemoryStream();
        try
        {
            await connection.GetStream().CopyToAsync(rest, Ct);
        }
        catch (IOException)
        {
            Assert.Equal(0, rest.Length % sizeof(int));
        }

        return rest.Length is 0 ? BitConverter.ToInt32(acknowledgement) : BitConverter.ToInt32(rest.ToArray().AsSpan()[^sizeof(int)..]);
    }

    // Long enough to be caught half written, and wrong in every byte if it is.
    private static async Task WriteBlobAsync(FileBlobStore blobs, int count)
    {
        var content = Enumerable.Repeat(count, 25_000).SelectMany(BitConverter.GetBytes).ToArray();
        var old = await blobs.GetAsync("twins", "blob", Ct);
        var written = old is null
            ? await blobs.InsertAsync("twins", "blob", content, Ct)
            : await blobs.ReplaceAsync("twins", "blob", content, old.ETag, Ct);
        Assert.True(written.IsDone);
    }

    private static async Task<int> BlobCountAsync(FileBlobStore blobs)
    {
        if (await blobs.GetAsync("twins", "blob", Ct) is not { } blob)
        {
            return 0;
        }

        var counts = blob.Content.ToArray().Chunk(sizeof(int)).Select(bytes => BitConverter.ToInt32(bytes)).ToArray();
        Assert.Equal(25_000, counts.Length);
        return Assert.Single(counts.Distinct());
    }
}
