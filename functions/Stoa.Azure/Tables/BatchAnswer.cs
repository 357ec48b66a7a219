using System.Globalization;
using System.Text;
using Azure;
using Stoa.Azure.Rest;
using ETag = Stoa.Gateway.Storage.ETag;

namespace Stoa.Azure.Tables;

/// <summary>
/// The multipart answer to a batch: a status line and an ETag per change when all were applied, else one status line and an error whose
/// text begins with the index of the change at fault, as in <c>1:The update condition ..</c>.
/// </summary>
internal sealed record BatchAnswer(int Status, IReadOnlyList<ETag> ETags, string? Code, int FailedIndex)
{
    /// <summary>The plain answer to a single change, or to a batch that was refused before it was looked into.</summary>
    public static BatchAnswer OfWhole(Response answer, int failedIndex) => new(
        answer.Status,
        [new(StorageRest.Header(answer, "ETag") ?? "")],
        answer.Status < 300 ? null : StorageFault.Code(answer),
        failedIndex);

    public static BatchAnswer Read(ReadOnlySpan<byte> body)
    {
        var status = 0;
        var etags = new List<ETag>();
        var (code, failed) = ((string?)null, -1);
        foreach (var line in Encoding.UTF8.GetString(body).EnumerateLines())
        {
            if (line.StartsWith("HTTP/1.1 ") && line.Length >= 12)
            {
                status = int.Parse(line[9..12], NumberStyles.None, CultureInfo.InvariantCulture);
                etags.Add(default);
            }
            else if (line.StartsWith("ETag:", StringComparison.OrdinalIgnoreCase) && etags.Count > 0)
            {
                etags[^1] = new(line[5..].Trim().ToString());
            }
            else if (line is ['{', ..] && status >= 400)
            {
                (code, var text) = StorageFault.FromJson(Encoding.UTF8.GetBytes(line.ToString()));
                var index = text?.Split(':')[0];
                failed = int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var i) ? i : -1;
            }
        }

        return new(status, etags, code, failed);
    }
}
