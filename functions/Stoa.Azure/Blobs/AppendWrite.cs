using System.Globalization;
using Stoa.Azure.Rest;
using Stoa.Gateway.Storage;

namespace Stoa.Azure.Blobs;

/// <summary>
/// One block at one position. A blob only grows, so what stands at the position tells for ever whether the block was appended, and a
/// sending that comes late finds the end elsewhere and does nothing.
/// </summary>
internal sealed class AppendWrite(BlobRequests requests, string container, string name, ReadOnlyMemory<byte> block, long position)
{
    public async ValueTask<Attempt<WriteStatus>> SendAsync(CancellationToken ct)
    {
        using var append = requests.Append(container, name, block, position);
        var sent = await requests.Rest.WriteAsync(append, ct);
        return sent.Answer switch
        {
            null => new(AttemptEnd.Lost, default, sent.RetryAfter),
            { Status: 201 } => new(AttemptEnd.Applied, WriteStatus.Done, default),
            { Status: 404 } => new(AttemptEnd.Refused, WriteStatus.Missing, default),

            // An earlier operation on this block may have been given up without an answer. Where it was not, the blob takes no more, and
            // waiting for it would be in vain.
            { Status: 412 } => new(AttemptEnd.Applied, (await ExamineAsync(ct)).Outcome, default),
            { Status: 409 } answer when StorageFault.Code(answer) is "BlobIsSealed" or "BlockCountExceedsLimit" or "InvalidBlobType" =>
                new(AttemptEnd.Applied, (await ExamineAsync(ct)).Outcome, default),
            _ => throw StorageFault.Of(append),
        };
    }

    public async ValueTask<Evidence<WriteStatus>> ExamineAsync(CancellationToken ct)
    {
        using var get = requests.GetRange(container, name, position, block.Length);
        var answer = await requests.Rest.ReadAsync(get, ct);
        return answer.Status switch
        {
            404 => new(Trace.Certain, WriteStatus.Missing),

            // Azurite answers a range that begins at the end with nothing instead.
            416 => await AtEndAsync(ct),
            _ when answer.Content.ToMemory().IsEmpty => await AtEndAsync(ct),
            _ => new(Trace.Certain, answer.Content.ToMemory().Span.SequenceEqual(block.Span) ? WriteStatus.Done : WriteStatus.Stale),
        };
    }

    // Nothing stands at the position: either it is the end (or has been until just now, so that sending again will tell), or the end is
    // before it.
    private async ValueTask<Evidence<WriteStatus>> AtEndAsync(CancellationToken ct)
    {
        using var head = requests.Head(container, name);
        var answer = await requests.Rest.ReadAsync(head, ct);
        var length = answer.Status is 404 ? -1 : long.Parse(StorageRest.Header(answer, "Content-Length") ?? "", CultureInfo.InvariantCulture);
        return new(length >= position ? Trace.Untouched : Trace.Certain, WriteStatus.Stale);
    }
}
