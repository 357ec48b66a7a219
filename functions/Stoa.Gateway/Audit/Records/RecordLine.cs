using System.Text;
using Stoa.Gateway.Kernel;
using Stoa.Ledger.Merkle;
using Stoa.Ledger.Records;

namespace Stoa.Gateway.Audit.Records;

/// <summary>
/// Writes a record as one line of canonical JSON. Members are written in the order that RFC 8785 wants, so nothing is sorted or written twice;
/// a test holds the order against the format's own check.
/// </summary>
internal static class RecordLine
{
    public static void Write(AuditRecord record, in RecordLink link, LineBuffer output)
    {
        var json = new MemberWriter(output);
        json.Begin();
        json.Text("agent"u8, record.Agent);
        WriteFingerprint(ref json, "args"u8, record.Arguments);
        WriteAuth(ref json, record.Caller);
        WriteChanges(ref json, record.Changes);
        json.Text("consumer"u8, record.Caller?.Name);
        WriteContent(ref json, record.Content, link);
        WriteCounts(ref json, record.Counts);
        json.Text("credential"u8, record.Caller?.CredentialId);
        if (record.Stage is { } stage)
        {
            json.Raw("decisions"u8, StageDecisions.Of(stage, record.IsDenied));
        }

        json.Text("door"u8, record.Door);
        json.Id("id"u8, link.Instance, link.Sequence);
        json.Text("inst"u8, link.Instance);
        if (record.Type is RecordType.Outcome)
        {
            json.Id("intent"u8, link.Instance, record.Intent);
        }

        if (record.Last is { } last)
        {
            json.Hash("lastHash"u8, last.Hash);
            json.Number("lastSeq"u8, last.Sequence);
        }

        json.Number("microUsd"u8, record.Spent?.MicroUsd);
        json.Text("mode"u8, record.Mode switch { AuditMode.Closed => "closed", AuditMode.Buffered => "buffered", _ => null });
        json.Number("ms"u8, record.Milliseconds);
        json.Text("op"u8, record.Operation);
        json.Text("outcome"u8, record.Outcome);
        json.Hash("prev"u8, link.Previous);
        json.Text("protocol"u8, record.Protocol);
        WriteQuota(ref json, record.Quota);
        WriteFingerprint(ref json, "result"u8, record.Result);
        json.Number("revision"u8, record.Revision?.Number);
        json.Number("seq"u8, link.Sequence);
        json.Text("target"u8, record.Target);
        json.Text("tenant"u8, record.Revision?.Tenant.ToString() ?? record.Tenant);
        json.Text("tenantUid"u8, record.Revision?.Uid);
        WriteTokens(ref json, record.Spent);
        json.Text("trace"u8, record.Trace);
        json.Time("ts"u8, link.Time);
        json.Text("type"u8, record.Type.Name());
        WriteUpstream(ref json, record.Upstream);
        if (record.User is { } user)
        {
            json.Hash("user"u8, user);
        }

        json.Number("v"u8, 1);
        json.Flag("withheld"u8, record.IsWithheld);
        json.End();
    }

    private static void WriteAuth(ref MemberWriter json, Caller? caller)
    {
        if (caller is null)
        {
            return;
        }

        json.Begin("auth"u8);
        json.Text("binding"u8, caller.Confirmation);
        json.Text("method"u8, caller.AuthMethod);
        json.End();
    }

    private static void WriteFingerprint(ref MemberWriter json, ReadOnlySpan<byte> name, Fingerprint? content)
    {
        if (content is not { } fingerprint)
        {
            return;
        }

        json.Begin(name);
        json.Number("bytes"u8, fingerprint.Bytes);
        if (fingerprint.Keyed is { } keyed)
        {
            json.Hash("hmac"u8, keyed);
        }

        json.End();
    }

    private static void WriteContent(ref MemberWriter json, CapturedContent? content, in RecordLink link)
    {
        if (content is null)
        {
            return;
        }

        json.Begin("content"u8);
        json.Base64("data"u8, content.Key.Seal(content.Beginning.Span, Encoding.ASCII.GetBytes($"{link.Instance}-{link.Sequence}")));
        json.Text("of"u8, content.Of);
        json.Flag("truncated"u8, content.IsTruncated);
        json.End();
    }

    private static void WriteChanges(ref MemberWriter json, IReadOnlyList<Change> changes)
    {
        if (changes.Count == 0)
        {
            return;
        }

        json.BeginArray("changes"u8);
        foreach (var change in changes)
        {
            json.Begin();
            json.Text("action"u8, change.Action);
            json.Text("kind"u8, change.Kind);
            json.Text("name"u8, change.Name);
            json.Text("tenant"u8, change.Tenant);
            json.Text("version"u8, change.Version);
            json.End();
        }

        json.EndArray();
    }

    // A list, so that reasons need no order.
    private static void WriteCounts(ref MemberWriter json, IReadOnlyList<Tally> counts)
    {
        if (counts.Count == 0)
        {
            return;
        }

        json.BeginArray("counts"u8);
        foreach (var tally in counts)
        {
            json.Begin();
            json.Number("count"u8, tally.Count);
            json.Text("reason"u8, tally.Reason);
            json.End();
        }

        json.EndArray();
    }

    private static void WriteQuota(ref MemberWriter json, IReadOnlyList<Allowance> quota)
    {
        if (quota.Count == 0)
        {
            return;
        }

        json.BeginArray("quota"u8);
        foreach (var allowance in quota)
        {
            json.Begin();
            json.Number("limit"u8, allowance.Limit);
            json.Text("name"u8, allowance.Name);
            json.Number("remaining"u8, allowance.Remaining);
            json.End();
        }

        json.EndArray();
    }

    private static void WriteTokens(ref MemberWriter json, Spent? spent)
    {
        if (spent is null)
        {
            return;
        }

        var usage = spent.Usage;
        json.Begin("tokens"u8);
        json.Number("cacheRead"u8, usage.CacheRead);
        json.Number("cacheWrite"u8, usage.CacheWrite);
        json.Flag("estimate"u8, usage.IsEstimate);
        json.Number("input"u8, usage.Input);
        json.Number("output"u8, usage.Output);
        json.Number("reasoning"u8, usage.Reasoning);
        json.End();
    }

    private static void WriteUpstream(ref MemberWriter json, UpstreamTrace? upstream)
    {
        if (upstream is not { } trace)
        {
            return;
        }

        json.Begin("upstream"u8);
        if (trace.IsReached is { } isReached)
        {
            json.Truth("reached"u8, isReached);
        }

        json.Number("status"u8, trace.Status == 0 ? null : trace.Status);
        json.End();
    }
}

/// <summary>A record's place in its instance's chain.</summary>
internal readonly record struct RecordLink(string Instance, long Sequence, Sha256Hash Previous, DateTimeOffset Time);
