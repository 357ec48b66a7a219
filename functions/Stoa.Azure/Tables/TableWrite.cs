using Stoa.Azure.Rest;
using Stoa.Gateway.Storage;

namespace Stoa.Azure.Tables;

/// <summary>One conditional write of one or more rows: how it is sent, and how its traces are found.</summary>
internal sealed class TableWrite(TableRequests requests, string table, IReadOnlyList<RowChange> changes)
{
    // Well formed, and no row has it.
    private static readonly ETag Outdated = new("W/\"datetime'2000-01-01T00%3A00%3A00.0000000Z'\"");

    private readonly string _w = Guid.NewGuid().ToString();

    public static BatchResult Refusal(WriteStatus status, int index) => new(status, [], index);

    public async ValueTask<Attempt<BatchResult>> SendAsync(CancellationToken ct)
    {
        var attempt = await SendOnceAsync(ct);
        if (attempt is not null)
        {
            return attempt.Value;
        }

        using var create = requests.CreateTable(table);
        var created = await requests.Rest.WriteAsync(create, ct);
        return created.Answer switch
        {
            null => Lost(created.RetryAfter),
            { Status: 201 or 204 } => await SendOnceAsync(ct) ?? Lost(default),
            { Status: 409 } answer when StorageFault.Code(answer) is "TableAlreadyExists" => await SendOnceAsync(ct) ?? Lost(default),
            _ => throw StorageFault.Of(create),
        };
    }

    /// <summary>Looks at inserts first: their mark of birth outlives later changes, so they always tell.</summary>
    public async ValueTask<Evidence<BatchResult>> ExamineAsync(CancellationToken ct)
    {
        foreach (var (index, change) in changes.Index().OrderBy(item => item.Item.Kind is not ChangeKind.Insert))
        {
            var found = await requests.FindAsync(table, change.Partition, change.Key, ct);
            switch (change.Kind)
            {
                case ChangeKind.Insert when found is null:
                    return new(Trace.Untouched, default);
                case ChangeKind.Insert when found.Born != _w:
                    return new(Trace.Certain, Refusal(WriteStatus.Exists, index));
                case ChangeKind.Insert:
                case ChangeKind.Replace when found?.W == _w:
                    return new(Trace.Certain, await AppliedAsync(ct));
                case ChangeKind.Replace or ChangeKind.Delete when found?.Row.ETag == change.Expected:
                    return new(Trace.Untouched, default);
            }
        }

        return new(Trace.Gone, default);
    }

    private static Attempt<BatchResult> Lost(TimeSpan retryAfter) => new(AttemptEnd.Lost, default, retryAfter);

    /// <summary>Null when the table has to be created first.</summary>
    private async ValueTask<Attempt<BatchResult>?> SendOnceAsync(CancellationToken ct)
    {
        using var message = changes.Count is 1 ? requests.Write(table, changes[0], _w) : requests.Batch(table, changes, _w);
        var sent = await requests.Rest.WriteAsync(message, ct);
        if (sent.Answer is not { } answer)
        {
            return Lost(sent.RetryAfter);
        }

        var judged = answer.Status is 202
            ? BatchAnswer.Read(answer.Content.ToMemory().Span)
            : BatchAnswer.OfWhole(answer, changes.Count is 1 ? 0 : -1);
        return Judge(message.Request.Method.Method, judged);
    }

    private Attempt<BatchResult>? Judge(string method, BatchAnswer answer) => (answer.Status, answer.Code) switch
    {
        ( >= 200 and < 300, _) when answer.ETags.Count == changes.Count => new(AttemptEnd.Applied, Done(answer.ETags), default),
        (404, "TableNotFound") when changes.Any(change => change.Kind is ChangeKind.Insert) => null,
        (404, _) => Refused(WriteStatus.Missing, answer.FailedIndex),
        (409, "EntityAlreadyExists") => Refused(WriteStatus.Exists, answer.FailedIndex),
        (412, _) => Refused(WriteStatus.Stale, answer.FailedIndex),
        (var status, _) when status < 300 || StorageFault.IsTransient(status) => Lost(default),
        _ => throw StorageFault.Of(answer.Status, answer.Code, method),
    };

    private static Attempt<BatchResult> Refused(WriteStatus status, int index) => new(AttemptEnd.Refused, Refusal(status, index), default);

    private BatchResult Done(IEnumerable<ETag> etags) => new(
        WriteStatus.Done, [.. changes.Zip(etags, (change, etag) => change.Kind is ChangeKind.Delete ? default : etag)], -1);

    private async ValueTask<BatchResult> AppliedAsync(CancellationToken ct)
    {
        var etags = new List<ETag>();
        foreach (var change in changes)
        {
            var found = change.Kind is ChangeKind.Delete ? null : await requests.FindAsync(table, change.Partition, change.Key, ct);
            etags.Add(found?.W == _w ? found.Row.ETag : Outdated);
        }

        return Done(etags);
    }
}
