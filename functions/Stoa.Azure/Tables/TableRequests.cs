using System.Globalization;
using System.Text;
using Azure.Core;
using Stoa.Azure.Rest;
using Stoa.Gateway.Storage;

namespace Stoa.Azure.Tables;

/// <summary>The requests of the Table service that a row store needs, and the one answer that reading and writing share.</summary>
internal sealed class TableRequests(StorageRest rest)
{
    private const string Json = "application/json;odata=minimalmetadata";

    public StorageRest Rest => rest;

    public async ValueTask<TableEntity?> FindAsync(string table, string partition, string key, CancellationToken ct)
    {
        using var get = Create("GET", Path(table, partition, key));
        var answer = await rest.ReadAsync(get, ct);
        return answer.Status is 404 ? null : TableEntity.Read(answer.Content.ToMemory().Span, StorageRest.Header(answer, "ETag"));
    }

    public HttpMessage Query(string table, RowRange range, int take, string? continuation)
    {
        var query = new StringBuilder($"/{table}()?$top={take.ToString(CultureInfo.InvariantCulture)}");
        if (Filter(range) is { Length: > 0 } filter)
        {
            query.Append("&$filter=").Append(Uri.EscapeDataString(filter));
        }

        if (continuation?.Split('/') is [var partition, .. var key])
        {
            // The second may be absent, and must then not be sent.
            query.Append("&NextPartitionKey=").Append(Escape(partition));
            query.Append(key is [var row] ? $"&NextRowKey={Escape(row)}" : "");
        }

        return Create("GET", query.ToString());
    }

    public HttpMessage CreateTable(string table) =>
        Create("POST", "/Tables", Encoding.UTF8.GetBytes($$"""{"TableName":"{{table}}"}"""));

    /// <summary>Merge rather than put for a replacement, so that what is not said stays: the mark of birth.</summary>
    public HttpMessage Write(string table, RowChange change, string w)
    {
        var (method, path, entity) = Line(table, change, w);
        var message = Create(method, path, entity);
        if (change.Kind is not ChangeKind.Insert)
        {
            message.Request.Headers.SetValue("If-Match", change.Expected.Value);
        }

        return message;
    }

    /// <summary>An entity group transaction: one changeset, whose parts are whole requests with absolute URLs.</summary>
    public HttpMessage Batch(string table, IReadOnlyList<RowChange> changes, string w)
    {
        using var body = new MemoryStream();
        body.Write(Encoding.UTF8.GetBytes($"--batch_{w}\r\nContent-Type: multipart/mixed; boundary=changeset_{w}\r\n\r\n"));
        foreach (var change in changes)
        {
            var (method, path, entity) = Line(table, change, w);
            var ifMatch = change.Kind is ChangeKind.Insert ? "" : $"If-Match: {change.Expected.Value}\r\n";
            var content = entity.IsEmpty ? "" : "Content-Type: application/json\r\nPrefer: return-no-content\r\n";
            body.Write(Encoding.UTF8.GetBytes(
                $"--changeset_{w}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
                + $"{method} {rest.Url(path)} HTTP/1.1\r\nAccept: {Json}\r\nDataServiceVersion: 3.0\r\n{content}{ifMatch}\r\n"));
            body.Write(entity.Span);
            body.Write("\r\n"u8);
        }

        body.Write(Encoding.UTF8.GetBytes($"--changeset_{w}--\r\n--batch_{w}--\r\n"));
        var message = Create("POST", "/$batch", body.ToArray());
        message.Request.Headers.SetValue("Content-Type", $"multipart/mixed; boundary=batch_{w}");
        return message;
    }

    private static (string Method, string Path, ReadOnlyMemory<byte> Entity) Line(string table, RowChange change, string w) =>
        change.Kind switch
        {
            ChangeKind.Insert => ("POST", $"/{table}", TableEntity.Write(change, w)),
            ChangeKind.Replace => ("MERGE", Path(table, change.Partition, change.Key), TableEntity.Write(change, w)),
            _ => ("DELETE", Path(table, change.Partition, change.Key), default),
        };

    private static string Path(string table, string partition, string key) =>
        $"/{table}(PartitionKey={Uri.EscapeDataString(Literal(partition))},RowKey={Uri.EscapeDataString(Literal(key))})";

    private static string Filter(RowRange range) => string.Join(" and ",
    [
        .. range.Partition is { } partition ? [$"PartitionKey eq {Literal(partition)}"] : Array.Empty<string>(),
        .. range.From is { Length: > 0 } from ? [$"RowKey ge {Literal(from)}"] : Array.Empty<string>(),
        .. range.To is { } to ? [$"RowKey lt {Literal(to)}"] : Array.Empty<string>(),
    ]);

    /// <summary>An OData string: in single quotes, with those inside doubled.</summary>
    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    // Once more, so that a continuation cannot add parameters of its own.
    private static string Escape(string part) => Uri.EscapeDataString(Uri.UnescapeDataString(part));

    private HttpMessage Create(string method, string pathAndQuery, ReadOnlyMemory<byte> content = default)
    {
        var message = rest.Create(method, pathAndQuery);
        var headers = message.Request.Headers;
        headers.SetValue("Accept", Json);
        headers.SetValue("DataServiceVersion", "3.0");
        headers.SetValue("x-ms-version", "2019-02-02");
        if (!content.IsEmpty)
        {
            headers.SetValue("Content-Type", "application/json");
            headers.SetValue("Prefer", "return-no-content");
            message.Request.Content = RequestContent.Create(content);
        }

        return message;
    }
}
