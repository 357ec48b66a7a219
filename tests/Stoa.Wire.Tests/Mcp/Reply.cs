using System.Text.Json;

namespace Stoa.Wire.Tests.Mcp;

/// <summary>One HTTP answer of the gateway, read to its end.</summary>
internal sealed record Reply(int Status, IReadOnlyDictionary<string, string> Headers, string Text)
{
    private readonly Lazy<JsonElement> _json = new(() => JsonElement.Parse(Text));

    public JsonElement Json => _json.Value;

    public JsonElement Result => Json.TryGetProperty("result", out var result) ? result : throw new Xunit.Sdk.XunitException($"No result in {Status} {Text}");

    public JsonElement Error => Json.TryGetProperty("error", out var error) ? error : throw new Xunit.Sdk.XunitException($"No error in {Status} {Text}");

    public int Code => Error.GetProperty("code").GetInt32();

    public string Message => Error.GetProperty("message").GetString()!;

    /// <summary>The id as raw JSON, null when there is none.</summary>
    public string? Id => Json.TryGetProperty("id", out var id) ? id.GetRawText() : null;

    /// <summary>The text of a tool result's only content block.</summary>
    public string ToolText => Assert.Single(Result.GetProperty("content").EnumerateArray()).GetProperty("text").GetString()!;

    public bool IsToolError => Result.GetProperty("isError").GetBoolean();

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>Fails unless this is that status with that JSON-RPC error.</summary>
    public Reply Is(int status, int code)
    {
        Assert.Equal((status, code), (Status, Status == 202 ? 0 : Json.TryGetProperty("error", out _) ? Code : 0));
        return this;
    }

    /// <summary>Fails unless this is a JSON-RPC result on 200.</summary>
    public Reply IsResult()
    {
        Assert.True(Status == 200 && Json.TryGetProperty("result", out _), $"Expected a result, got {Status} {Text}");
        return this;
    }

    /// <summary>Fails unless a tool ran and failed, in words that hold this.</summary>
    public Reply IsToolErrorSaying(string part)
    {
        Assert.True(IsResult().IsToolError, Text);
        Assert.Contains(part, ToolText, StringComparison.Ordinal);
        Assert.False(Result.TryGetProperty("structuredContent", out _));
        return this;
    }
}
