using Microsoft.Extensions.Logging;
using Stoa.Gateway.Audit;
using Stoa.Gateway.Guardrails;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models;
using Stoa.Gateway.Policy;
using Stoa.Gateway.Quotas;
using Stoa.Gateway.Quotas.Usage;
using Stoa.Gateway.Skills;
using Stoa.Gateway.Storage;
using Stoa.Gateway.Tenants;
using Stoa.Gateway.Tools;

namespace Stoa.Gateway;

/// <summary>
/// The corridor: the life of every call on every door, in the order of these lines. Who are you, may you, is there room, what is it for
/// and is it well-formed, is it clean, is it allowed, can you afford it, is it on record; then the work; then the books, always.
/// </summary>
internal sealed class CallPipeline(
    CallerGate callers, SenderGate senders, TenantGate tenants, ScopeGate scopes, SubscriptionGate subscriptions, RequestGate requests, ToolGate tools,
    ModelGate models, SkillGate skills, GuardrailGate guardrails, PolicyGate policy, QuotaGate quotas, UsageBook usage, AuditGate audit,
    ILogger<CallPipeline> log)
{
    /// <summary>Once per HTTP request, from its head alone: nobody's body is read before we know whose it is.</summary>
    private readonly EntryStage[] _entry =
    [
        callers.IdentifyAsync,
        senders.ProveAsync,
        tenants.AdmitAsync,
    ];

    /// <summary>Once per call; a batch makes one call per item. Quotas come after policy, which may yet lower what is reserved.</summary>
    private readonly (CallStage Name, Stage Run)[] _admission =
    [
        (CallStage.Scope, scopes.CheckAsync),
        (CallStage.Subscription, subscriptions.CheckAsync),
        (CallStage.Room, requests.EnterAsync),
        (CallStage.Target, tools.ResolveAsync),
        (CallStage.Arguments, tools.ValidateAsync),
        (CallStage.Target, models.ResolveAsync),
        (CallStage.Skills, skills.AttachAsync),
        (CallStage.Input, guardrails.ScreenInputAsync),
        (CallStage.Policy, policy.DecideAsync),
        (CallStage.Quota, quotas.ReserveAsync),
        (CallStage.Audit, audit.IntendAsync),
    ];

    /// <summary>Identifies the caller. Null and <see cref="Entry.Caller"/> set, or why not.</summary>
    public async ValueTask<Refusal?> EnterAsync(Entry entry, CancellationToken ct)
    {
        try
        {
            foreach (var stage in _entry)
            {
                if (await stage(entry, ct) is { } refusal)
                {
                    return refusal;
                }
            }

            return null;
        }
        catch (Exception e) when (e is StorageUnavailableException or InvalidDataException)
        {
            return Unavailable(e);
        }
    }

    /// <summary>A refusal before there is a call, on record; the answer is that refusal, or that it cannot be recorded.</summary>
    public ValueTask<Refusal> RefuseAsync(Entry entry, Refusal refusal) => audit.RecordAsync(entry, refusal);

    /// <summary>
    /// Runs the call to its end. Afterwards it holds a refusal or an answer; it holds neither when the caller left, which throws
    /// <see cref="OperationCanceledException"/> after settlement.
    /// </summary>
    public async ValueTask RunAsync(Call call, Terminal terminal, CancellationToken ct)
    {
        call.Span = CallTrace.Start(call);
        try
        {
            call.Refusal = await AdmitAsync(call, ct);
            if (call.Refusal is null)
            {
                call.Stage = CallStage.Work;
                call.Answer = await terminal(call, ct);
            }
        }
        catch (Exception e) when (e is StorageUnavailableException or InvalidDataException)
        {
            call.Refusal = Unavailable(e);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The edge answers for it; the books and the record must not take it for a caller who left.
            call.Refusal = new(RefusalKind.Fault, "The gateway failed.");
            throw;
        }
        finally
        {
            await SettleAsync(call);
        }
    }

    private async ValueTask<Refusal?> AdmitAsync(Call call, CancellationToken ct)
    {
        foreach (var (name, run) in _admission)
        {
            call.Stage = name;
            if (await run(call, ct) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    // No token: the books are closed even when the caller has left.
    private async ValueTask SettleAsync(Call call)
    {
        requests.Leave(call);
        await guardrails.ScreenOutputAsync(call);
        await quotas.SettleAsync(call);
        usage.Note(call);
        await audit.RecordAsync(call);
    }

    // Unreadable configuration is as good as none: fail closed, and say so where operators look.
    private Refusal Unavailable(Exception e)
    {
        PipelineLog.Undecided(log, e);
        return new(RefusalKind.StorageUnavailable, "Storage does not answer, so the gateway cannot decide. Nothing was done; try again.") { RetryAfter = TimeSpan.FromSeconds(2) };
    }
}

internal static partial class PipelineLog
{
    [LoggerMessage(1001, LogLevel.Error, "A call was refused because state of record could not be read.")]
    public static partial void Undecided(ILogger logger, Exception exception);
}
