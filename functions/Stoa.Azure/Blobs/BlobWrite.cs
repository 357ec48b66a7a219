using Stoa.Azure.Rest;
using Stoa.Gateway.Storage;

namespace Stoa.Azure.Blobs;

/// <summary>One conditional write of a blob: how it is sent, and how its traces are found. An insert expects no version.</summary>
internal sealed class BlobWrite(
    BlobRequests requests, string container, string name, ReadOnlyMemory<byte> content, ETag? expected)
{
    private readonly string _w = Guid.NewGuid().ToString();

    public async ValueTask<Attempt<WriteResult>> SendAsync(CancellationToken ct)
    {
        var attempt = await SendOnceAsync(ct);
        if (attempt is not null)
        {
            return attempt.Value;
        }

        using var create = requests.CreateContainer(container);
        var created = await requests.Rest.WriteAsync(create, ct);
        return created.Answer switch
        {
            null => Lost(created.RetryAfter),
            { Status: 201 } => await SendOnceAsync(ct) ?? Lost(default),
            { Status: 409 } answer when StorageFault.Code(answer) is "ContainerAlreadyExists" => await SendOnceAsync(ct) ?? Lost(default),
            _ => throw StorageFault.Of(create),
        };
    }

    public async ValueTask<Evidence<WriteResult>> ExamineAsync(CancellationToken ct) => (await FindAsync(ct), expected) switch
    {
        (null, null) => new(Trace.Untouched, default),
        (null, _) => new(Trace.Gone, default),
        ({ } found, _) when found.W == _w => new(Trace.Certain, new(WriteStatus.Done, found.ETag)),

        // What another insert made has not been ours before; what a replacement made may have.
        ({ BornAs: not null }, null) => new(Trace.Certain, new(WriteStatus.Exists)),
        ({ } found, _) when found.ETag == expected => new(Trace.Untouched, default),
        _ => new(Trace.Gone, default),
    };

    private static Attempt<WriteResult> Lost(TimeSpan retryAfter) => new(AttemptEnd.Lost, default, retryAfter);

    private static Attempt<WriteResult> Refused(WriteStatus status) => new(AttemptEnd.Refused, new(status), default);

    /// <summary>Null when the container has to be created first.</summary>
    private async ValueTask<Attempt<WriteResult>?> SendOnceAsync(CancellationToken ct)
    {
        using var put = requests.Put(container, name, content, expected?.Value, _w);
        var sent = await requests.Rest.WriteAsync(put, ct);
        if (sent.Answer is not { } answer)
        {
            return Lost(sent.RetryAfter);
        }

        return (answer.Status, answer.Status < 300 ? null : StorageFault.Code(answer)) switch
        {
            (201, _) => new(AttemptEnd.Applied, new(WriteStatus.Done, BlobMark.Of(answer).ETag), default),
            (404, "ContainerNotFound") when expected is null => null,
            (404, _) => Refused(WriteStatus.Missing),
            (409, "BlobAlreadyExists") or (412, _) when expected is null => Refused(WriteStatus.Exists),

            // The service says 412 also when there is no blob at all.
            (412, _) => Refused(await FindAsync(ct) is null ? WriteStatus.Missing : WriteStatus.Stale),
            _ => throw StorageFault.Of(put),
        };
    }

    private async ValueTask<BlobMark?> FindAsync(CancellationToken ct)
    {
        using var head = requests.Head(container, name);
        var answer = await requests.Rest.ReadAsync(head, ct);
        return answer.Status is 404 ? null : BlobMark.Of(answer);
    }
}
