using System.Text.Json;
using Microsoft.Extensions.Logging;
using Stoa.Gateway.Audit.Ledger;
using Stoa.Gateway.Audit.Records;
using Stoa.Gateway.Audit.Subjects;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Audit;

/// <summary>
/// Puts every call on record, refused ones included, so that no answer is given without. What reaches an upstream has two records: that it is
/// intended, before, and how it ended, after; the rest has one. Also tells logs, metrics and traces how the call ended.
/// </summary>
internal sealed class AuditGate(LedgerWriter ledger, SubjectKeys subjects, RefusalTally tally, CallMetrics metrics, TimeProvider time, ILogger<AuditGate> log)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The last stage before the work. <see cref="AuditMode.Closed"/>: returns once the intent is durable. Otherwise the work begins while
    /// it is on its way, and settlement waits for it.
    /// </summary>
    public async ValueTask<Refusal?> IntendAsync(Call call, CancellationToken ct)
    {
        if (!ledger.IsOpen)
        {
            return NothingDone();
        }

        if (call.Operation is not (Operation.CallTool or Operation.CallModel or Operation.CountTokens))
        {
            return null;
        }

        // No key, no record; no record, no call: storage that cannot tell the key ends the call here.
        var contents = new CallContents(call, await subjects.OfAsync(call.Caller, ct));
        var mode = call.Target?.Audit ?? AuditMode.Buffered;
        var ticket = ledger.Append(CallRecord.Intent(call, mode, contents.Arguments(), contents.User, contents.KeptArguments()));
        var intent = new Intent(ticket, mode, contents);
        call.Intended = intent;
        if (call.IsStreamed)
        {
            call.Given = contents.Begin();
            call.MayEnd = (answer, last) => MayEndAsync(call, intent, answer, last);
        }

        return mode is AuditMode.Buffered || await ticket.Durable.WaitAsync(ct) ? null : NothingDone();
    }

    /// <summary>Settlement: the record of how it ended. An answer whose record is not durable in time is kept back.</summary>
    public async ValueTask RecordAsync(Call call)
    {
        var elapsed = time.GetElapsedTime(call.StartedAt);
        if (await WriteAsync(call, elapsed) is { } unrecorded)
        {
            call.Answer?.Dispose();
            (call.Answer, call.Refusal) = (null, unrecorded);
        }

        var outcome = CallRecord.OutcomeOf(call);
        metrics.Record(call, outcome, elapsed);
        CallTrace.End(call.Span, call, outcome);
        Log(call, outcome, elapsed);
    }

    /// <summary>A refusal before there was a call: on record when it is known whose, else counted.</summary>
    public async ValueTask<Refusal> RecordAsync(Entry entry, Refusal refusal)
    {
        if (entry.Caller is not { } caller || !ledger.IsOpen)
        {
            tally.Count(refusal.Kind);
            return refusal;
        }

        var ticket = ledger.Append(CallRecord.Refused(caller, entry, refusal));
        return await ticket.Durable ? refusal : NothingDone();
    }

    /// <summary>What is said where the ledger cannot be written and so no work was begun.</summary>
    public static Refusal NothingDone() => Unavailable("Nothing was done; try again.");

    /// <summary>Null when all that must be durable is.</summary>
    private async ValueTask<Refusal?> WriteAsync(Call call, TimeSpan elapsed)
    {
        if (call.Intended is Intent intent)
        {
            return await WriteOutcomeAsync(call, intent, elapsed);
        }

        if (!ledger.IsOpen)
        {
            tally.Count(call.Refusal?.Kind ?? RefusalKind.AuditUnavailable);
            return call.Refusal is null ? NothingDone() : null;
        }

        var contents = new CallContents(call, await TryKeyAsync(call));
        var ticket = ledger.Append(CallRecord.Event(call, contents.Arguments(), elapsed, contents.User, contents.KeptArguments()));
        return await ticket.Durable ? null : NothingDone();
    }

    private async ValueTask<Refusal?> WriteOutcomeAsync(Call call, Intent intent, TimeSpan elapsed)
    {
        if (intent.IsOver)
        {
            return intent.IsWithheld ? KeptBack() : null;
        }

        // The work may be done while its intent still waits. Then the answer stays here, and the outcome says so when it gets through.
        var isAwaited = call.Answer is not null || call.Refusal is { Kind: not RefusalKind.AuditUnavailable };
        var isIntentDurable = !isAwaited || intent.Mode is AuditMode.Closed || await intent.Ticket.Durable;
        var outcome = OutcomeOf(call, intent, elapsed, isWithheld: !isIntentDurable);
        if (isIntentDurable && isAwaited && intent.Mode is AuditMode.Closed)
        {
            return await IsInTimeAsync(call, outcome) ? null : KeptBack();
        }

        // Nobody waits for it: in buffered mode, when the caller left, and for a refusal that says just this.
        ledger.Post(outcome);
        return isIntentDurable ? null : KeptBack();
    }

    /// <summary>
    /// Whether a stream may be given its end. <see cref="AuditMode.Buffered"/>: once its intent is durable. <see cref="AuditMode.Closed"/>:
    /// once its outcome is, which is why that is written here, as if the end had been given.
    /// </summary>
    private async ValueTask<bool> MayEndAsync(Call call, Intent intent, Answer answer, ReadOnlyMemory<byte> last)
    {
        if (intent.Mode is AuditMode.Buffered)
        {
            return await intent.Ticket.Durable;
        }

        call.Answer = answer;
        call.Given!.Add(last.Span);
        intent.IsOver = true;
        intent.IsWithheld = !await IsInTimeAsync(call, OutcomeOf(call, intent, time.GetElapsedTime(call.StartedAt), isWithheld: false));
        return !intent.IsWithheld;
    }

    private static AuditRecord OutcomeOf(Call call, Intent intent, TimeSpan elapsed, bool isWithheld)
    {
        var contents = intent.Contents;
        var outcome = CallRecord.Outcome(call, intent.Ticket.Sequence, contents.Result(), elapsed, isWithheld, contents.User, contents.KeptResult());
        call.Given?.Dispose();
        return outcome;
    }

    // An outcome that is only on its way says that the answer was given, so another record says that it was not.
    private async ValueTask<bool> IsInTimeAsync(Call call, AuditRecord outcome)
    {
        if (await ledger.Append(outcome).Durable)
        {
            return true;
        }

        ledger.Post(CallRecord.Withheld(call));
        return false;
    }

    private static Refusal KeptBack() => Unavailable("The work was done, but its answer is kept back: do not simply repeat a call that changes something.");

    // The call is refused or local, so a key that cannot be had costs its record a hash and no more.
    private async ValueTask<SubjectKey?> TryKeyAsync(Call call)
    {
        try
        {
            return call.Content.IsEmpty && call.Arguments.ValueKind is JsonValueKind.Undefined ? null : await subjects.OfAsync(call.Caller, CancellationToken.None);
        }
        catch (Exception e) when (e is StorageUnavailableException or InvalidDataException)
        {
            return null;
        }
    }

    private static Refusal Unavailable(string consequence) =>
        new(RefusalKind.AuditUnavailable, $"The audit ledger cannot be written, and without a record there is no answer. {consequence}") { RetryAfter = RetryAfter };

    // What went well is a line at Debug, since metrics count it and a line per call has its price; the rest is at Information.
    private void Log(Call call, string outcome, TimeSpan elapsed)
    {
        var level = outcome == "ok" ? LogLevel.Debug : LogLevel.Information;
        if (!log.IsEnabled(level))
        {
            return;
        }

        var caller = call.Caller;
        var tenant = caller.Revision?.Tenant.ToString() ?? "-";
        var revision = caller.Revision?.Number ?? 0;
        var upstream = call.Answer?.UpstreamStatus ?? 0;
        var milliseconds = elapsed.TotalMilliseconds;
        var target = CallRecord.TargetOf(call) ?? "-";
        AuditLog.Ended(log, level, call.Door, call.Operation, target, tenant, caller.Name, revision, outcome, upstream, milliseconds, call.TraceId);
    }

    private sealed class Intent(LedgerTicket ticket, AuditMode mode, CallContents contents)
    {
        public LedgerTicket Ticket => ticket;

        public AuditMode Mode => mode;

        public CallContents Contents => contents;

        /// <summary>Its outcome has been written: a stream of a closed target asks for its end before settlement.</summary>
        public bool IsOver { get; set; }

        public bool IsWithheld { get; set; }
    }
}

internal static partial class AuditLog
{
    [LoggerMessage(EventId = 5001, Message = "{Door} {Operation} {Target} by {Tenant}/{Consumer} at revision {Revision}: {Outcome} (upstream {UpstreamStatus}) in {Milliseconds:0.0} ms, trace {TraceId}.")]
    public static partial void Ended(
        ILogger logger, LogLevel level, string door, Operation operation, string target, string tenant, string consumer, long revision, string outcome, int upstreamStatus, double milliseconds, string traceId);
}
