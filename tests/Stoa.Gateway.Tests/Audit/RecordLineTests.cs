using System.Buffers;
using System.Text;
using System.Text.Json;
using Stoa.Gateway.Audit.Records;
using Stoa.Gateway.Audit.Subjects;
using Stoa.Gateway.Kernel;
using Stoa.Ledger.Merkle;
using Stoa.Ledger.Records;

namespace Stoa.Gateway.Tests.Audit;

/// <summary>Members are written in canonical order by hand; the format's own reader is the judge.</summary>
public sealed class RecordLineTests
{
    private static readonly string Instance = new InstanceId(1).ToString();
    private static readonly Sha256Hash Hash = MerkleHash.Leaf("x"u8);

    private static readonly SubjectKey Key = new(new byte[SubjectKey.Size]);

    private static AuditRecord Full => new(RecordType.Event)
    {
        Revision = new Revision(Id("acme"), 7, "uid-1", []),
        Caller = new Caller
        {
            Revision = null, Name = "agent", CredentialId = "key_1", AuthMethod = "api_key", Scopes = Scopes.Read, Role = Role.None, Tools = NameFilter.All, Confirmation = "thumb",
        },
        Agent = "claude/1 \"quoted\" \\ \u0001 \u00e9 \ud83d\ude00",
        Door = "mcp",
        Protocol = "2026-07-28",
        Operation = "tools/call",
        Target = "hello",
        Trace = "abc",
        Stage = CallStage.Quota,
        IsDenied = true,
        Mode = AuditMode.Closed,
        Quota = [new("b", "requests", 5, 4, null, default, default), new("a", "tokens", 6, 5, null, default, default)],
        Spent = new(new(1, 2) { CacheRead = 3, CacheWrite = 4, Reasoning = 5, IsEstimate = true }, 99),
        Upstream = new(true, 200),
        Milliseconds = 12,
        Outcome = "quota_exceeded",
        IsWithheld = true,
        Arguments = new(Hash, 10),
        Result = new(null, 20),
        User = Hash,
        Content = new(Key, "args", "the beginning"u8.ToArray(), IsTruncated: true),
        Changes = [new("created", "Tool", "hello", "acme", "v1"), new("deleted", "Tool", "bye")],
        Counts = [new("invalid_credential", 3)],
    };

    [Fact]
    public void A_record_with_everything_in_it_is_canonical_and_of_the_format()
    {
        var line = Line(Full);

        Assert.True(LedgerRecord.TryParse(line, out var record, out var fault), fault);
        Assert.Equal((5, RecordType.Event, Hash), (record.Sequence, record.Type, record.Previous));
        Assert.Equal(Instance + "-5", Encoding.ASCII.GetString(record.Id));
        using var json = JsonDocument.Parse(line);
        var names = json.RootElement.EnumerateObject().Select(m => m.Name).ToArray();
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
        Assert.Equal(Full.Agent, json.RootElement.GetProperty("agent").GetString());
        var content = json.RootElement.GetProperty("content").GetProperty("data").GetBytesFromBase64();
        Assert.Equal("the beginning"u8, Key.Open(content, record.Id)!);
    }

    [Fact]
    public void A_record_with_a_content_as_long_as_may_be_is_well_under_the_limit() =>
        Assert.InRange(Line(Full with { Content = CapturedContent.Take(Key, "result", new byte[1_000_000]) }).Length, CapturedContent.Most, LedgerRecord.MaxBytes / 2);

    [Fact]
    public void A_record_with_nothing_in_it_is_canonical_and_of_the_format() =>
        Assert.True(LedgerRecord.TryParse(Line(new AuditRecord(RecordType.Note)), out _, out var fault), fault);

    [Fact]
    public void An_outcome_names_its_intent_by_the_id_that_the_intent_has()
    {
        Assert.True(LedgerRecord.TryParse(Line(Full with { Type = RecordType.Outcome, Intent = 3 }), out var outcome, out var fault), fault);
        Assert.True(LedgerRecord.TryParse(Line(Full with { Type = RecordType.Intent }, sequence: 3), out var intent, out fault), fault);

        Assert.Equal(intent.Id, outcome.Intent);
    }

    [Fact]
    public void Every_stage_decides_in_canonical_order_and_those_behind_a_refusal_do_not()
    {
        foreach (var stage in Enum.GetValues<CallStage>())
        {
            foreach (var isDenied in new[] { false, true })
            {
                var line = Line(Full with { Stage = stage, IsDenied = isDenied });

                Assert.True(LedgerRecord.TryParse(line, out _, out var fault), fault);
                using var json = JsonDocument.Parse(line);
                var words = json.RootElement.GetProperty("decisions").EnumerateObject().Select(d => d.Value.GetString()).ToArray();
                Assert.Equal(isDenied ? 1 : 0, words.Count(w => w == "deny"));
                Assert.Equal(Enum.GetValues<CallStage>().Count(s => s < stage && s is not CallStage.Entry), words.Count(w => w == "allow"));
            }
        }
    }

    [Fact]
    public void Amounts_beyond_what_a_double_holds_are_cut_and_stay_canonical() =>
        Assert.True(LedgerRecord.TryParse(Line(Full with { Milliseconds = long.MaxValue }), out _, out var fault), fault);

    private static byte[] Line(AuditRecord record, long sequence = 5)
    {
        using var output = new LineBuffer();
        RecordLine.Write(record, new(Instance, sequence, Hash, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)), output);
        return output.Written.ToArray();
    }

    private static TenantId Id(string slug) => TenantId.TryParse(slug, out var id) ? id : throw new InvalidOperationException();
}
