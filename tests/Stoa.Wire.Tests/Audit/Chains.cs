using System.Text.Json;
using Stoa.Testing;

namespace Stoa.Wire.Tests.Audit;

/// <summary>Reads what the ledger says of one request.</summary>
internal static class Chains
{
    /// <summary>The one chain of a request: an event, or an intent and its outcome. Fails when there is more or less.</summary>
    public static IReadOnlyList<JsonElement> ChainOf(this AuditTrail trail, string? trace)
    {
        var records = trail.OfTrace(trace!);
        Assert.True(records.Count is 1 or 2, $"{records.Count} records of {trace}.");
        if (records.Count == 1)
        {
            Assert.Equal("event", records[0].Text("type"));
            return records;
        }

        Assert.Equal(("intent", "outcome"), (records[0].Text("type"), records[1].Text("type")));
        Assert.Equal(records[0].Text("id"), records[1].Text("intent"));
        return records;
    }

    public static string? Text(this JsonElement record, string member) => record.TryGetProperty(member, out var value) ? value.ToString() : null;

    public static string? Decision(this JsonElement record, string stage) => record.GetProperty("decisions").Text(stage);
}
