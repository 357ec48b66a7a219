using Stoa.Gateway.Audit.Ledger;
using Stoa.Gateway.Audit.Records;
using Stoa.Gateway.Kernel;
using Stoa.Ledger.Records;

namespace Stoa.Gateway.Audit;

/// <summary>
/// Puts on record what the management API does. A change twice: that it is intended, durable before it is made, and what became of it. What is
/// read or refused once.
/// </summary>
internal sealed class ChangeAudit(LedgerWriter ledger, RefusalTally tally, TimeProvider time)
{
    public bool IsOpen => ledger.IsOpen;

    /// <summary>Null when the intent cannot be made durable in time: then nothing may be changed.</summary>
    /// <param name="operation">Method and route.</param>
    public async ValueTask<AuditedChange?> BeginAsync(Caller caller, string? tenant, string operation, string? target, string trace, CancellationToken ct)
    {
        if (!ledger.IsOpen)
        {
            return null;
        }

        var record = new AuditRecord(RecordType.Intent)
        {
            Caller = caller,
            Revision = caller.Revision,
            Tenant = tenant,
            Door = "manage",
            Operation = operation,
            Target = target,
            Trace = trace,
            Mode = AuditMode.Closed,
        };
        var ticket = ledger.Append(record);
        return await ticket.Durable.WaitAsync(ct) ? new(ledger, time, record, ticket.Sequence) : null;
    }

    /// <summary>
    /// A refusal of the management API to a known caller. The answer is that refusal, or that it cannot be recorded; while the ledger cannot be
    /// written it is counted, as what waits there must not grow with every request.
    /// </summary>
    public async ValueTask<Refusal> RefusedAsync(Caller caller, string? tenant, string operation, string trace, Refusal refusal)
    {
        if (!ledger.IsOpen)
        {
            tally.Count(refusal.Kind);
            return refusal;
        }

        var ticket = ledger.Append(Event(caller, tenant, operation, trace) with
        {
            Stage = CallStage.Scope,
            IsDenied = true,
            Outcome = RefusalMap.Of(refusal.Kind).Name,
        });
        return await ticket.Durable ? refusal : AuditGate.NothingDone();
    }

    /// <summary>Something that was read, or was not there. False when it is not on record in time.</summary>
    public Task<bool> AnsweredAsync(Caller caller, string? tenant, string operation, string? target, string trace, int status) => ledger.Append(Event(caller, tenant, operation, trace) with
    {
        Target = target,
        Outcome = status < 300 ? "ok" : $"http_{status}",
    }).Durable;

    /// <summary>Something that the gateway changed by itself.</summary>
    public async ValueTask ChangedAsync(string operation, Change change) => await ledger.Append(new AuditRecord(RecordType.Event)
    {
        Door = "timer",
        Operation = operation,
        Outcome = "ok",
        Changes = [change],
    }).Durable;

    private static AuditRecord Event(Caller caller, string? tenant, string operation, string trace) => new(RecordType.Event)
    {
        Caller = caller,
        Revision = caller.Revision,
        Tenant = tenant,
        Door = "manage",
        Operation = operation,
        Trace = trace,
    };
}
