using Stoa.Azure.Rest;
using Stoa.Gateway.Storage;

namespace Stoa.Azure.Blobs;

/// <summary>The creation of one append blob, and of its container when that is missing; the blob's metadata says whose it is.</summary>
internal sealed class AppendCreation(BlobRequests requests, string container, string name)
{
    private readonly string _w = Guid.NewGuid().ToString();

    public async ValueTask<Attempt<WriteStatus>> SendAsync(CancellationToken ct)
    {
        if (await SendOnceAsync(ct) is { } attempt)
        {
            return attempt;
        }

        using var create = requests.CreateContainer(container);
        var created = await requests.Rest.WriteAsync(create, ct);
        return created.Answer switch
        {
            null => new(AttemptEnd.Lost, default, created.RetryAfter),
            { Status: 201 } or { Status: 409 } => await SendOnceAsync(ct) ?? new(AttemptEnd.Lost, default, default),
            _ => throw StorageFault.Of(create),
        };
    }

    public async ValueTask<Evidence<WriteStatus>> ExamineAsync(CancellationToken ct)
    {
        using var head = requests.Head(container, name);
        var answer = await requests.Rest.ReadAsync(head, ct);
        return answer.Status is 404 ? new(Trace.Untouched, default)
            : new(Trace.Certain, BlobMark.Of(answer).BornAs == _w ? WriteStatus.Done : WriteStatus.Exists);
    }

    /// <summary>Null when the container has to be created first.</summary>
    private async ValueTask<Attempt<WriteStatus>?> SendOnceAsync(CancellationToken ct)
    {
        using var put = requests.PutAppend(container, name, _w);
        var sent = await requests.Rest.WriteAsync(put, ct);
        if (sent.Answer is not { } answer)
        {
            return new(AttemptEnd.Lost, default, sent.RetryAfter);
        }

        return (answer.Status, answer.Status < 300 ? null : StorageFault.Code(answer)) switch
        {
            (201, _) => new(AttemptEnd.Applied, WriteStatus.Done, default),
            (404, "ContainerNotFound") => null,
            (409, "BlobAlreadyExists" or "BlobImmutableDueToPolicy") or (412, _) => new(AttemptEnd.Refused, WriteStatus.Exists, default),
            _ => throw StorageFault.Of(put),
        };
    }
}
