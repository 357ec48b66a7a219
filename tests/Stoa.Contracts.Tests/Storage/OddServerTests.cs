using System.Net;
using System.Net.Sockets;
using System.Text;
using Azure.Core.Pipeline;
using Stoa.Azure.Blobs;
using Stoa.Azure.Rest;
using Stoa.Azure.Tables;
using Stoa.Gateway.Storage;

namespace Stoa.Contracts.Tests.Storage;

/// <summary>The stores against bare sockets, for what no well-behaved server does.</summary>
public sealed class OddServerTests : IDisposable
{
    private const string NotFound = "HTTP/1.1 404 Not Found\r\nx-ms-request-id: 1\r\nContent-Length: 0\r\n\r\n";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly StorageConnection _connection;

    public OddServerTests()
    {
        _listener.Start();
        var url = $"http://{_listener.LocalEndpoint}/a";
        _connection = StorageConnection.Parse($"AccountName=a;AccountKey=a2V5;TableEndpoint={url};BlobEndpoint={url}", TimeProvider.System);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private HttpPipelineTransport Transport => new HttpClientTransport(_http);

    public void Dispose()
    {
        _listener.Dispose();
        _http.Dispose();
    }

    /// <summary>
    /// SocketsHttpHandler by itself repeats a request without a body when a kept-alive connection closes on it. Here the first deletion was
    /// carried out, and the 404 to a second one would make us deny it.
    /// </summary>
    [Fact]
    public async Task A_deletion_is_not_repeated_behind_our_back()
    {
        var deletions = 0;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var serving = ServeAsync(
            request => request.StartsWith("DELETE ", StringComparison.Ordinal) && ++deletions is 1 ? null : NotFound, end.Token);
        var store = new AzureRowStore(_connection.Tables with { Transport = Transport }, SharedAzurite.Patient, TimeProvider.System);
        Assert.Null(await store.GetAsync("rows", "p", "k", Ct));

        var deleted = await store.WriteAsync("rows", RowChange.Delete("p", "k", new("W/\"1\"")), Ct);

        Assert.Equal((WriteStatus.Unknown, 1), (deleted.Status, deletions));
        await StopAsync(end, serving);
    }

    [Theory]
    [InlineData("<html>Welcome to the hotel's network</html>")]
    [InlineData("{\"value\":[{\"odata.etag\":\"1\",\"Value\":\"not base64\"}]}")]
    [InlineData("{\"value\":[{\"PartitionKey\":\"p\"}]}")]
    [InlineData("{\"value\":[")]
    [InlineData("")]
    public async Task An_answer_that_cannot_be_read_is_no_answer(string nonsense)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var serving = ServeAsync(
            _ => $"HTTP/1.1 200 OK\r\nx-ms-request-id: 1\r\nContent-Length: {nonsense.Length}\r\n\r\n{nonsense}", end.Token);
        var rows = new AzureRowStore(_connection.Tables with { Transport = Transport }, SharedAzurite.Patient, TimeProvider.System);
        var blobs = new AzureBlobStore(_connection.Blobs with { Transport = Transport }, SharedAzurite.Patient, TimeProvider.System);

        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await rows.ListAsync("rows", new(), 10, null, Ct));
        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await blobs.ListAsync("blobs", "", 10, null, Ct));
        await StopAsync(end, serving);
    }

    [Fact]
    public async Task What_another_than_storage_does_not_find_may_still_be_there()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var serving = ServeAsync(_ => "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", end.Token);
        var rows = new AzureRowStore(_connection.Tables with { Transport = Transport }, SharedAzurite.Patient, TimeProvider.System);

        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await rows.GetAsync("rows", "p", "k", Ct));
        await Assert.ThrowsAsync<StorageUnavailableException>(
            async () => await rows.WriteAsync("rows", RowChange.Delete("p", "k", new("W/\"1\"")), Ct));
        await StopAsync(end, serving);
    }

    /// <summary>What waits for a blob that somebody sealed would wait for ever; there is another blob.</summary>
    [Theory]
    [InlineData("BlobIsSealed", "", WriteStatus.Stale)]
    [InlineData("BlobIsSealed", "two", WriteStatus.Done)]
    [InlineData("BlobIsSealed", "her", WriteStatus.Stale)]
    [InlineData("BlockCountExceedsLimit", "", WriteStatus.Stale)]
    [InlineData("InvalidBlobType", "her", WriteStatus.Stale)]
    public async Task A_blob_that_takes_no_more_is_told_from_a_store_that_is_down(string code, string there, WriteStatus expected)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var serving = ServeAsync(
            request => request.StartsWith("PUT ", StringComparison.Ordinal) ? $"HTTP/1.1 409 Conflict\r\nx-ms-request-id: 1\r\nx-ms-error-code: {code}\r\nContent-Length: 0\r\n\r\n"
                : request.StartsWith("HEAD ", StringComparison.Ordinal) ? "HTTP/1.1 200 OK\r\nx-ms-request-id: 1\r\nContent-Length: 3\r\n\r\n"
                : there.Length > 0 ? $"HTTP/1.1 206 Partial Content\r\nx-ms-request-id: 1\r\nContent-Length: {there.Length}\r\n\r\n{there}"
                : "HTTP/1.1 416 Range Not Satisfiable\r\nx-ms-request-id: 1\r\nContent-Length: 0\r\n\r\n",
            end.Token);
        var store = new AzureAppendStore(_connection.Blobs with { Transport = Transport }, SharedAzurite.Patient, TimeProvider.System);

        Assert.Equal(expected, await store.AppendAsync("blobs", "b", "two"u8.ToArray(), 3, Ct));
        await StopAsync(end, serving);
    }

    private static async Task StopAsync(CancellationTokenSource end, Task serving)
    {
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
    }

    /// <summary>One connection at a time; no answer means to hang up.</summary>
    private async Task ServeAsync(Func<string, string?> answer, CancellationToken ct)
    {
        while (true)
        {
            using var client = await _listener.AcceptTcpClientAsync(ct);
            var buffer = new byte[8192];
            while (await client.GetStream().ReadAsync(buffer, ct) is > 0 and var length
                && answer(Encoding.ASCII.GetString(buffer, 0, length)) is { } text)
            {
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), ct);
            }
        }
    }
}
