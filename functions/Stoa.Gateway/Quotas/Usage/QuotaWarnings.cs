using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Secrets;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Quotas.Usage;

/// <summary>
/// Tells of warnings: a log event, a count, and a webhook where one is named. No call waits for any of it. A webhook is tried four times
/// within half a minute by this instance and by no other, so an instance that dies in between takes the message along.
/// </summary>
internal sealed class QuotaWarnings(EgressClient egress, SecretVault vault, QuotaMetrics metrics, TimeProvider time, ILogger<QuotaWarnings> log) : IDisposable
{
    // A limit in each of a thousand scopes may be reached at the same moment; the log has them all.
    private const int MostUnderWay = 64;

    private static readonly EgressLimits Limits = new(TimeSpan.FromSeconds(10), 64 * 1024, MaxRedirects: 0);
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(25)];

    private readonly ConcurrentDictionary<string, Task> _underWay = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Returns at once.</summary>
    public void Raise(QuotaWarning warning, QuotaWebhook? webhook)
    {
        WarningLog.Raised(log, warning.Tenant, warning.Scope, warning.Name ?? "-", warning.Limit, warning.Percent, warning.Used, warning.Allowed);
        metrics.Warned(warning);
        if (webhook is null || _stopping.IsCancellationRequested)
        {
            return;
        }

        if (_underWay.Count >= MostUnderWay)
        {
            WarningLog.Dropped(log, warning.Tenant, webhook.Url.Host, "too many webhooks are under way");
            return;
        }

        var id = "msg_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

        // On a thread of its own and without the call's context: the webhook must not show up in the call's trace.
        using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
        {
            var sending = new Task<Task>(() => DeliverAsync(id, warning, webhook));
            _underWay[id] = sending.Unwrap();
            sending.Start(TaskScheduler.Default);
        }
    }

    /// <summary>Lets attempts that are under way end, as long as the host has patience; none is repeated.</summary>
    public async Task DrainAsync(CancellationToken ct)
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_underWay.Values).WaitAsync(ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stopping.Cancel();

    private async Task DeliverAsync(string id, QuotaWarning warning, QuotaWebhook webhook)
    {
        try
        {
            var body = WarningBody.Of(warning);
            for (var attempt = 0; ; attempt++)
            {
                var outcome = await SendAsync(id, body, webhook);
                metrics.Delivered(outcome.IsDone ? "ok" : "error");
                if (outcome.IsDone)
                {
                    return;
                }

                if (!outcome.IsWorthAnother || attempt == Pauses.Length)
                {
                    WarningLog.Dropped(log, warning.Tenant, webhook.Url.Host, outcome.Fault);
                    return;
                }

                await Task.Delay(Pauses[attempt], time, _stopping.Token);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            WarningLog.Dropped(log, warning.Tenant, webhook.Url.Host, "the instance stops");
        }
        finally
        {
            _underWay.TryRemove(id, out _);
        }
    }

    private async Task<Outcome> SendAsync(string id, byte[] body, QuotaWebhook webhook)
    {
        Secret? secret = null;
        try
        {
            if (webhook.SecretRef is { } reference)
            {
                secret = await vault.OpenAsync(webhook.Revision, reference.Name, reference.Key, CancellationToken.None);
                if (secret is null)
                {
                    return new(false, false, $"there is no key '{reference.Key}' in a Secret '{reference.Name}' to sign with");
                }
            }
        }
        catch (StorageUnavailableException)
        {
            return new(false, true, "the secret to sign with cannot be read now");
        }
        catch (CryptographicException)
        {
            return new(false, false, "the secret to sign with does not open; apply it again");
        }

        using var request = WebhookRequest.Post(webhook.Url, id, time.GetUtcNow(), body, secret);
        var sent = await egress.SendAsync(request, Limits, CancellationToken.None);
        using var reply = sent.Value;
        return reply is null
            ? new(false, sent.Failure!.Fault is not (EgressFault.AddressForbidden or EgressFault.RedirectForbidden), sent.Failure.Text)
            : new(reply.IsSuccess, reply.Status is 408 or 429 or >= 500, $"it answered with status {reply.Status}");
    }

    private readonly record struct Outcome(bool IsDone, bool IsWorthAnother, string Fault);
}

internal static partial class WarningLog
{
    [LoggerMessage(5101, LogLevel.Warning, "{Tenant}: {Scope} {Name} has used {Percent} % or more of its limit {Limit}: {Used} of {Allowed}.")]
    public static partial void Raised(ILogger logger, TenantId tenant, string scope, string name, string limit, int percent, long used, long allowed);

    [LoggerMessage(5102, LogLevel.Warning, "A quota warning of {Tenant} did not reach its webhook at {Host}: {Fault}.")]
    public static partial void Dropped(ILogger logger, TenantId tenant, string host, string fault);
}
