using System.Text.Json;

namespace Stoa.Wire.Tests.Mcp;

/// <summary>Reads server-sent events as a strict client does: field by field, one data line per event.</summary>
internal sealed class EventStream(HttpResponseMessage response) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly StreamReader _lines = new(response.Content.ReadAsStream());

    public static async Task<EventStream> OfAsync(Task<HttpResponseMessage> opening)
    {
        var response = await opening.WaitAsync(Patience);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("no", Assert.Single(response.Headers.GetValues("X-Accel-Buffering")));
        return new EventStream(response);
    }

    /// <summary>The next event's data, <c>:</c> for a comment, or null at the end.</summary>
    public async Task<string?> NextAsync()
    {
        string? data = null;
        var comment = false;
        while (await _lines.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (line.Length == 0)
            {
                return data ?? (comment ? ":" : throw new InvalidDataException("An empty event."));
            }

            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                Assert.Null(data);
                data = line["data: ".Length..];
            }
            else
            {
                comment |= line[0] == ':';
                Assert.True(line[0] == ':' || line == "event: message", line);
            }
        }

        return null;
    }

    /// <summary>The next event that is no comment.</summary>
    public async Task<JsonElement> MessageAsync()
    {
        var next = await NextAsync();
        while (next == ":")
        {
            next = await NextAsync();
        }

        return JsonElement.Parse(next ?? throw new InvalidDataException("The stream ended."));
    }

    public void Dispose()
    {
        _lines.Dispose();
        response.Dispose();
    }
}
