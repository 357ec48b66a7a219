using System.Text;
using Stoa.Ledger.Canonical;
using Stoa.Ledger.Records;

namespace Stoa.Ledger.Tests.Records;

/// <summary>A line is a record only in the one form that it can have, from its first byte to its last.</summary>
public sealed class RecordFormTests
{
    private const string Head = """{"id":"00000000000000000000000000","inst":"00000000000000000000000000000007","prev":"0000000000000000000000000000000000000000000000000000000000000000","seq":0,"ts":"2026-03-01T12:10:00.000000Z","type":"open","v":1""";

    [Theory]
    [InlineData("}")]
    [InlineData(""","w":-1.5}""")]
    [InlineData(""","w":{"a":1,"b":[]}}""")]
    public void A_line_in_canonical_form_is_a_record(string end) => Assert.True(IsRecord(Head + end));

    [Theory]
    [InlineData(",}")]
    [InlineData(""","w"}""")]
    [InlineData(""","a"}""")]
    [InlineData(""","v"}""")]
    [InlineData(""","w":}""")]
    [InlineData(""","w":01}""")]
    [InlineData(""","w":1.0}""")]
    [InlineData(""","w":-0}""")]
    [InlineData(""","w":1e5}""")]
    [InlineData(""","w":{"a":01}""")]
    [InlineData(""","w":{"a":1,"b"}""")]
    [InlineData(""","w":[1,}""")]
    [InlineData(""","w":[}""")]
    [InlineData("}\r")]
    [InlineData("} ")]
    [InlineData("}}")]
    [InlineData("")]
    public void A_line_in_any_other_form_is_none(string end)
    {
        Assert.False(CanonicalJson.IsCanonical(Encoding.UTF8.GetBytes(Head + end)));
        Assert.False(IsRecord(Head + end));
    }

    [Fact]
    public void A_byte_order_mark_makes_it_none() => Assert.False(IsRecord("\ufeff" + Head + "}"));

    private static bool IsRecord(string line) => LedgerRecord.TryParse(Encoding.UTF8.GetBytes(line), out _, out _);
}
