using Stoa.Azure.Rest;
using Stoa.Gateway.Storage;

namespace Stoa.Azure.Blobs;

/// <summary>Block blobs in Blob Storage, shared by every instance of the app.</summary>
internal sealed class AzureBlobStore(StorageEndpoint endpoint, StorageSettings settings, TimeProvider time) : IBlobStore
{
    private readonly BlobRequests _requests = new(new(endpoint, settings, time));

    public ValueTask<Blob?> GetAsync(string container, string name, CancellationToken ct)
    {
        BlobLimits.CheckContainer(container);
        BlobLimits.CheckName(name);
        return _requests.Rest.WithinTimeAsync(
            async end =>
            {
                using var get = _requests.Get(container, name);
                var answer = await _requests.Rest.ReadAsync(get, end);
                return answer.Status is 404 ? null : new Blob(answer.Content.ToMemory(), BlobMark.Of(answer).ETag);
            },
            ct);
    }

    public ValueTask<WriteResult> InsertAsync(string container, string name, ReadOnlyMemory<byte> content, CancellationToken ct) =>
        WriteAsync(container, name, content, null, ct);

    public ValueTask<WriteResult> ReplaceAsync(
        string container, string name, ReadOnlyMemory<byte> content, ETag expected, CancellationToken ct)
    {
        RowLimits.CheckExpected(expected);
        return WriteAsync(container, name, content, expected, ct);
    }

    public ValueTask<WriteStatus> DeleteAsync(string container, string name, CancellationToken ct)
    {
        BlobLimits.CheckContainer(container);
        BlobLimits.CheckName(name);
        return _requests.Rest.WithinTimeAsync(
            new CertainWrite<WriteStatus>(
                end => SendDeleteAsync(container, name, end),
                async end => new(await ExistsAsync(container, name, end) ? Trace.Untouched : Trace.Gone, default),
                WriteStatus.Unknown,
                time).RunAsync,
            ct);
    }

    public ValueTask<BlobPage> ListAsync(string container, string prefix, int take, string? continuation, CancellationToken ct)
    {
        BlobLimits.CheckContainer(container);
        BlobLimits.CheckList(prefix, take);
        return _requests.Rest.WithinTimeAsync(
            async end =>
            {
                using var list = _requests.List(container, prefix, take, continuation);
                var answer = await _requests.Rest.ReadAsync(list, end);
                return answer.Status is 404 ? new([], null) : BlobListing.Read(answer.Content.ToMemory());
            },
            ct);
    }

    private ValueTask<WriteResult> WriteAsync(
        string container, string name, ReadOnlyMemory<byte> content, ETag? expected, CancellationToken ct)
    {
        BlobLimits.CheckContainer(container);
        BlobLimits.CheckName(name);
        BlobLimits.CheckContent(content);
        var write = new BlobWrite(_requests, container, name, content, expected);
        return _requests.Rest.WithinTimeAsync(
            new CertainWrite<WriteResult>(write.SendAsync, write.ExamineAsync, new(WriteStatus.Unknown), time).RunAsync, ct);
    }

    private async ValueTask<Attempt<WriteStatus>> SendDeleteAsync(string container, string name, CancellationToken ct)
    {
        using var delete = _requests.Delete(container, name);
        var sent = await _requests.Rest.WriteAsync(delete, ct);
        return sent.Answer switch
        {
            null => new(AttemptEnd.Lost, default, sent.RetryAfter),
            { Status: 202 } => new(AttemptEnd.Applied, WriteStatus.Done, default),
            { Status: 404 } => new(AttemptEnd.Refused, WriteStatus.Missing, default),
            _ => throw StorageFault.Of(delete),
        };
    }

    private async ValueTask<bool> ExistsAsync(string container, string name, CancellationToken ct)
    {
        using var head = _requests.Head(container, name);
        return (await _requests.Rest.ReadAsync(head, ct)).Status is 200;
    }
}
