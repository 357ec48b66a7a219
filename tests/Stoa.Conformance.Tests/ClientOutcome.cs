using System.Text.Json;

namespace Stoa.Conformance.Tests;

/// <summary>What a client saw on its walk through the gateway, and what it ought to have seen.</summary>
internal sealed record ClientOutcome(
    string Negotiated,
    string Server,
    IReadOnlyList<string> Tools,
    string Text,
    JsonElement? Structured,
    string Mirrored,
    CallOutcome Invalid,
    CallOutcome Unknown,
    IReadOnlyList<double> Progress)
{
    public void Verify(string revision)
    {
        Assert.Equal(revision, Negotiated);
        Assert.Equal("stoa-serverless", Server);
        Assert.Equal(ConformanceGateway.ToolCount, Tools.Distinct().Count());
        Assert.Equal(ConformanceGateway.ToolCount, Tools.Count);

        // Structured content exists from 2025-06-18 on; the text is the same JSON for every client.
        Assert.Equal("Växjö", JsonElement.Parse(Text).GetProperty("city").GetString());
        if (string.CompareOrdinal(revision, "2025-06-18") >= 0)
        {
            Assert.Equal(21, Structured?.GetProperty("degrees").GetInt32());
        }
        else
        {
            Assert.Null(Structured);
        }

        Assert.Equal(" Örebro län", JsonElement.Parse(Mirrored).GetProperty("region").GetString());

        // From 2025-11-25 on the model is told of wrong arguments; before, the client is.
        var modelIsTold = string.CompareOrdinal(revision, "2025-11-25") >= 0;
        Assert.Equal((!modelIsTold, modelIsTold), (Invalid.Thrown, Invalid.IsError));
        Assert.Contains("city", modelIsTold ? Invalid.Text : "city", StringComparison.Ordinal);
        Assert.Equal(modelIsTold ? null : -32602, Invalid.Code);
        Assert.Equal((true, -32602), (Unknown.Thrown, Unknown.Code));

        Assert.NotEmpty(Progress);
        Assert.Equal(Progress.Distinct().Order(), Progress);
    }
}
