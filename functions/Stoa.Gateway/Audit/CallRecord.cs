using System.Buffers;
using Stoa.Gateway.Audit.Records;
using Stoa.Gateway.Kernel;
using Stoa.Ledger.Merkle;
using Stoa.Ledger.Records;

namespace Stoa.Gateway.Audit;

/// <summary>What the records of a call say. Whatever a caller typed is named only when it resolved or can be nothing but a name.</summary>
internal static class CallRecord
{
    private const int MaxText = 128;

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("-./:0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");
    private static readonly SearchValues<char> AgentCharacters = SearchValues.Create(" ()+,-./0123456789:;ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");

    public static AuditRecord Intent(Call call, AuditMode mode, Fingerprint? arguments, Sha256Hash? user = null, CapturedContent? content = null) => Of(call, RecordType.Intent) with
    {
        Mode = mode,
        User = user,
        Content = content,
        Stage = CallStage.Work,
        Arguments = arguments,
        Quota = call.Allowances,
    };

    /// <param name="isWithheld">The answer is there and is not given, or its end is not.</param>
    public static AuditRecord Outcome(Call call, long intent, Fingerprint? result, TimeSpan elapsed, bool isWithheld, Sha256Hash? user = null, CapturedContent? content = null) => Of(call, RecordType.Outcome) with
    {
        User = user,
        Content = content,
        Intent = intent,
        Outcome = OutcomeOf(call),
        IsWithheld = isWithheld,
        Milliseconds = (long)elapsed.TotalMilliseconds,
        Spent = call.Spent,
        Upstream = call.Answer is { } answer ? new(answer.IsReached, answer.UpstreamStatus) : null,
        Result = result,
    };

    /// <summary>Of a call that reaches no upstream, because it was refused or is answered here.</summary>
    public static AuditRecord Event(Call call, Fingerprint? arguments, TimeSpan elapsed, Sha256Hash? user = null, CapturedContent? content = null) => Of(call, RecordType.Event) with
    {
        User = user,
        Content = content,
        Stage = call.Stage,
        IsDenied = call.Refusal is not null && call.Stage is not CallStage.Work,
        Outcome = OutcomeOf(call),
        Milliseconds = (long)elapsed.TotalMilliseconds,
        Arguments = arguments,
        Quota = call.Allowances,
    };

    /// <summary>Of an answer that was kept back after all, although its outcome is on its way and says otherwise.</summary>
    public static AuditRecord Withheld(Call call) => Of(call, RecordType.Event) with
    {
        Outcome = RefusalMap.Of(RefusalKind.AuditUnavailable).Name,
        IsWithheld = true,
    };

    /// <summary>Of a request whose caller is known and which became no call.</summary>
    public static AuditRecord Refused(Caller caller, Entry entry, Refusal refusal) => new(RecordType.Event)
    {
        Caller = caller,
        Revision = caller.Revision,
        Agent = Named(entry.Agent, AgentCharacters),
        Door = entry.Door,
        Trace = entry.TraceId,
        Stage = CallStage.Entry,
        IsDenied = true,
        Outcome = RefusalMap.Of(refusal.Kind).Name,
    };

    public static string OutcomeOf(Call call) => call.Refusal is { } refusal ? RefusalMap.Of(refusal.Kind).Name
        : call.Answer is null ? "cancelled"
        : call.Answer.IsError ? "tool_error" : "ok";

    /// <summary>What is called, for records, logs and traces; null when it is not known and can be no name.</summary>
    public static string? TargetOf(Call call) => call.Target?.Name ?? NameOf(call.TargetName);

    /// <summary>What somebody typed where a name belongs, when it can be one; else null, since it may be anything.</summary>
    public static string? NameOf(string? text) => Named(text, NameCharacters);

    private static AuditRecord Of(Call call, RecordType type) => new(type)
    {
        Caller = call.Caller,
        Revision = call.Caller.Revision,
        Agent = Named(call.Agent, AgentCharacters),
        Door = call.Door,
        Protocol = call.Protocol,
        Operation = CallMetrics.MethodOf(call.Operation),
        Target = TargetOf(call),
        Trace = call.TraceId,
    };

    private static string? Named(string? text, SearchValues<char> allowed) =>
        text is { Length: > 0 and <= MaxText } && !text.AsSpan().ContainsAnyExcept(allowed) ? text : null;
}
