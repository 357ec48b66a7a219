using System.Runtime.InteropServices;
using System.Text.Json;
using Stoa.Gateway.Audit.Records;
using Stoa.Gateway.Audit.Subjects;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Tenants;
using Stoa.Ledger.Merkle;

namespace Stoa.Gateway.Audit;

/// <summary>
/// What records say of a call's contents: sizes and keyed hashes, and sealed beginnings where the tenant wants them. They are what the caller
/// sent and what it got, so nothing that the gateway adds on the way to an upstream is ever in them.
/// </summary>
/// <param name="key">The subject's; null when it has none, and then there are sizes only.</param>
internal sealed class CallContents(Call call, SubjectKey? key)
{
    private readonly IReadOnlyList<Capture>? _captured = key is not null && call.Caller.Revision is { } revision ? TenantView.Of(revision).Tenant.Audit?.Capture : null;

    /// <summary>For whom the caller calls, as it says.</summary>
    public Sha256Hash? User { get; } = call.EndUser is { } user ? key?.Of(user) : null;

    public Fingerprint? Arguments() =>
        HasArguments ? key?.Of(call.Arguments) ?? new Fingerprint(null, JsonMarshal.GetRawUtf8Value(call.Arguments).Length)
        : call.Content.IsEmpty ? null
        : key?.Of(call.Content.Span) ?? new Fingerprint(null, call.Content.Length);

    public CapturedContent? KeptArguments() =>
        !Keeps(Capture.Arguments) ? null
        : HasArguments ? CapturedContent.Take(key!, "args", JsonMarshal.GetRawUtf8Value(call.Arguments))
        : call.Content.IsEmpty ? null
        : CapturedContent.Take(key!, "args", call.Content.Span);

    /// <summary>What takes note of a stream.</summary>
    public GivenContent Begin()
    {
        var keeps = Keeps(Capture.Results) ? CapturedContent.Most : 0;
        return key?.Begin(keeps) ?? new(null, keeps);
    }

    /// <summary>What the caller got, or of a stream what it was given, which ends with this; null when it got nothing or a local answer.</summary>
    public Fingerprint? Result() =>
        call.Given is { Bytes: > 0 } given ? Of(given)
        : Whole is not { } answer ? null
        : key?.Of(answer.Body.Span) ?? new Fingerprint(null, answer.Body.Length);

    public CapturedContent? KeptResult() =>
        !Keeps(Capture.Results) ? null
        : call.Given is { Bytes: > 0 } given ? new(key!, "result", given.Beginning, given.Bytes > given.Beginning.Length)
        : Whole is { } answer ? CapturedContent.Take(key!, "result", answer.Body.Span)
        : null;

    private bool Keeps(Capture what) => _captured is not null && _captured.Contains(what);

    private bool HasArguments => call.Arguments.ValueKind is not JsonValueKind.Undefined;

    private Answer? Whole => call.Answer is { } answer && !ReferenceEquals(answer, Answer.Local) && (call.Given is null || !answer.Body.IsEmpty) ? answer : null;

    private static Fingerprint Of(GivenContent given)
    {
        Span<byte> hash = stackalloc byte[Sha256Hash.Size];
        return new(given.TryEnd(hash) ? new(hash) : null, given.Bytes);
    }
}
