using Azure;
using Stoa.Azure.Rest;
using Stoa.Gateway.Storage;

namespace Stoa.Azure.Tables;

/// <summary>Rows in Table Storage, shared by every instance of the app.</summary>
internal sealed class AzureRowStore(StorageEndpoint endpoint, StorageSettings settings, TimeProvider time) : IRowStore
{
    private readonly TableRequests _requests = new(new(endpoint, settings, time));

    public ValueTask<Row?> GetAsync(string table, string partition, string key, CancellationToken ct)
    {
        RowLimits.CheckTable(table);
        RowLimits.CheckRow(partition, key);
        return _requests.Rest.WithinTimeAsync(
            async end => (await _requests.FindAsync(table, partition, key, end))?.Row, ct);
    }

    public ValueTask<RowPage> ListAsync(string table, RowRange range, int take, string? continuation, CancellationToken ct)
    {
        RowLimits.CheckTable(table);
        RowLimits.CheckList(range, take);
        return _requests.Rest.WithinTimeAsync(
            async end =>
            {
                using var query = _requests.Query(table, range, take, continuation);
                var answer = await _requests.Rest.ReadAsync(query, end);
                return answer.Status is 404
                    ? new([], null)
                    : new RowPage(TableEntity.ReadMany(answer.Content.ToMemory().Span), ContinuationOf(answer));
            },
            ct);
    }

    public async ValueTask<WriteResult> WriteAsync(string table, RowChange change, CancellationToken ct) =>
        (await WriteAsync(table, [change], ct)).Single();

    public ValueTask<BatchResult> WriteAsync(string table, IReadOnlyList<RowChange> changes, CancellationToken ct)
    {
        RowLimits.CheckTable(table);
        RowLimits.Check(changes);
        var write = new TableWrite(_requests, table, changes);
        var unknown = TableWrite.Refusal(WriteStatus.Unknown, -1);
        return _requests.Rest.WithinTimeAsync(
            new CertainWrite<BatchResult>(write.SendAsync, write.ExamineAsync, unknown, time).RunAsync, ct);
    }

    private static string? ContinuationOf(Response answer)
    {
        var partition = StorageRest.Header(answer, "x-ms-continuation-NextPartitionKey");
        var row = StorageRest.Header(answer, "x-ms-continuation-NextRowKey");
        return partition is null ? null
            : row is null ? Uri.EscapeDataString(partition)
            : $"{Uri.EscapeDataString(partition)}/{Uri.EscapeDataString(row)}";
    }
}
