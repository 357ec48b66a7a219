using System.Globalization;
using Stoa.Azure.Rest;
using Stoa.Gateway.Storage;

namespace Stoa.Azure.Blobs;

/// <summary>
/// Append blobs in Blob Storage. Only Put Blob of new names and Append Block are sent, so a container under an immutability policy that
/// allows protected append writes takes all of it.
/// </summary>
internal sealed class AzureAppendStore(StorageEndpoint endpoint, StorageSettings settings, TimeProvider time) : IAppendStore
{
    private readonly BlobRequests _requests = new(new(endpoint, settings, time));
    private readonly AzureBlobStore _blobs = new(endpoint, settings, time);

    public ValueTask<WriteStatus> CreateAsync(string container, string name, CancellationToken ct)
    {
        AppendLimits.Check(container, name);
        var creation = new AppendCreation(_requests, container, name);
        return RunAsync(creation.SendAsync, creation.ExamineAsync, ct);
    }

    public ValueTask<WriteStatus> AppendAsync(string container, string name, ReadOnlyMemory<byte> block, long position, CancellationToken ct)
    {
        AppendLimits.CheckAppend(container, name, block, position);
        var write = new AppendWrite(_requests, container, name, block, position);
        return RunAsync(write.SendAsync, write.ExamineAsync, ct);
    }

    public ValueTask<ReadOnlyMemory<byte>?> ReadAsync(string container, string name, long from, int most, CancellationToken ct)
    {
        AppendLimits.CheckRead(container, name, from, most);
        return _requests.Rest.WithinTimeAsync<ReadOnlyMemory<byte>?>(
            async end =>
            {
                using var get = _requests.GetRange(container, name, from, most);
                var answer = await _requests.Rest.ReadAsync(get, end);
                return answer.Status switch
                {
                    404 => (ReadOnlyMemory<byte>?)null,
                    416 => ReadOnlyMemory<byte>.Empty,
                    _ => answer.Content.ToMemory(),
                };
            },
            ct);
    }

    public ValueTask<long?> LengthAsync(string container, string name, CancellationToken ct)
    {
        AppendLimits.Check(container, name);
        return _requests.Rest.WithinTimeAsync<long?>(
            async end =>
            {
                using var head = _requests.Head(container, name);
                var answer = await _requests.Rest.ReadAsync(head, end);
                return answer.Status is 404 ? null : long.Parse(StorageRest.Header(answer, "Content-Length") ?? "", CultureInfo.InvariantCulture);
            },
            ct);
    }

    public ValueTask<BlobPage> ListAsync(string container, string prefix, int take, string? continuation, CancellationToken ct) =>
        _blobs.ListAsync(container, prefix, take, continuation, ct);

    // The data always tell what became of a write here, so nothing stays unknown.
    private ValueTask<WriteStatus> RunAsync(
        Func<CancellationToken, ValueTask<Attempt<WriteStatus>>> send, Func<CancellationToken, ValueTask<Evidence<WriteStatus>>> examine, CancellationToken ct) =>
        _requests.Rest.WithinTimeAsync(new CertainWrite<WriteStatus>(send, examine, WriteStatus.Stale, time).RunAsync, ct);
}
