using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Storage;
using Stoa.Ledger.Checkpoints;

namespace Stoa.Gateway.Audit.Sealing;

/// <summary>
/// Takes a copy of every new checkpoint to places that the ledger's owner cannot change afterwards. Best effort: one that could not be told is
/// not told again, as the next checkpoint stands for it too.
/// </summary>
/// <param name="store">Another account, usually of somebody else; null for none.</param>
/// <param name="webhook">Gets the checkpoint's text as the body of a POST; null for none.</param>
internal sealed class CheckpointAnchors(IBlobStore? store, Uri? webhook, EgressClient egress, ILogger<CheckpointAnchors> log)
{
    public const string Container = "stoa-audit-anchor";

    private static readonly EgressLimits Limits = new(TimeSpan.FromSeconds(10), 64 * 1024, MaxRedirects: 0);

    public async ValueTask TellAsync(long size, ReadOnlyMemory<byte> checkpoint, CancellationToken ct)
    {
        if (store is not null)
        {
            await StoreAsync(store, size, checkpoint, ct);
        }

        if (webhook is not null)
        {
            await PostAsync(webhook, size, checkpoint, ct);
        }
    }

    private async ValueTask StoreAsync(IBlobStore blobs, long size, ReadOnlyMemory<byte> checkpoint, CancellationToken ct)
    {
        try
        {
            // There already is as good: the first copy is the one that counts.
            await blobs.InsertAsync(Container, Checkpoint.NameOf(size), checkpoint, ct);
        }
        catch (StorageUnavailableException e)
        {
            AnchorLog.NotStored(log, size, e);
        }
    }

    private async ValueTask PostAsync(Uri url, long size, ReadOnlyMemory<byte> checkpoint, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ReadOnlyMemoryContent(checkpoint) };
        request.Headers.UserAgent.ParseAdd(EgressClient.UserAgent);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("text/plain", "utf-8");
        var result = await egress.SendAsync(request, Limits, ct);
        using var reply = result.Value;
        if (reply is not { IsSuccess: true })
        {
            AnchorLog.NotTaken(log, size, reply?.Status ?? 0);
        }
    }
}

internal static partial class AnchorLog
{
    [LoggerMessage(5211, LogLevel.Warning, "The anchor's account did not take the audit checkpoint of {Size}.")]
    public static partial void NotStored(ILogger logger, long size, Exception exception);

    [LoggerMessage(5212, LogLevel.Warning, "The anchor's webhook did not take the audit checkpoint of {Size}: HTTP {Status} (0: no answer).")]
    public static partial void NotTaken(ILogger logger, long size, int status);
}
