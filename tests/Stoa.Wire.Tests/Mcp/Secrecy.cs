using System.Collections.Concurrent;
using System.Text.Json;

namespace Stoa.Wire.Tests.Mcp;

/// <summary>What no answer may tell. Every reply that a test receives goes through here.</summary>
internal sealed class Secrecy
{
    private readonly ConcurrentBag<string> _always = [];
    private readonly ConcurrentBag<string> _inErrors = ["   at ", "Exception", "System."];

    /// <summary>Keys and secret values: in no answer at all.</summary>
    public string Never(string secret)
    {
        _always.Add(secret);
        return secret;
    }

    /// <summary>Where upstreams are: in no error. A success holds what the upstream wrote, and that is its own affair.</summary>
    public void NeverInErrors(string text) => _inErrors.Add(text);

    public void Check(Reply reply)
    {
        var all = $"{string.Join('\n', reply.Headers)}\n{reply.Text}";
        Assert.All(_always, secret => Assert.DoesNotContain(secret, all, StringComparison.Ordinal));
        if (IsError(reply))
        {
            Assert.All(_inErrors, text => Assert.DoesNotContain(text, all, StringComparison.Ordinal));
        }
    }

    private static bool IsError(Reply reply)
    {
        if (reply.Status >= 400)
        {
            return true;
        }

        return reply.Text.StartsWith('{') && (reply.Json.TryGetProperty("error", out _)
            || (reply.Json.TryGetProperty("result", out var result) && result.ValueKind is JsonValueKind.Object
                && result.TryGetProperty("isError", out var flag) && flag.ValueKind is JsonValueKind.True));
    }
}
