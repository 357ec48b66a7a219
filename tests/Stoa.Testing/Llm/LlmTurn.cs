namespace Stoa.Testing.Llm;

/// <summary>What the scripted model says to one request. Every piece of text, thinking and arguments is one event of a stream and one token.</summary>
public sealed record LlmTurn
{
    public IReadOnlyList<string> Text { get; init; } = [];

    public IReadOnlyList<string> Thinking { get; init; } = [];

    public IReadOnlyList<LlmToolCall> Calls { get; init; } = [];

    /// <summary>Of the input tokens: told as read from the prompt cache.</summary>
    public long CacheRead { get; init; }

    /// <summary>Of the input tokens: told as written to the prompt cache. Anthropic only; the others do not tell.</summary>
    public long CacheWrite { get; init; }

    /// <summary>Instead of an answer.</summary>
    public LlmFault? Fault { get; init; }

    /// <summary>Leaves usage out of the answer, though it is counted in the books.</summary>
    public bool HidesUsage { get; init; }

    /// <summary>Says all of it, whatever the request allows.</summary>
    public bool IgnoresBound { get; init; }

    /// <summary>Ends a stream of chat completions with <c>[DONE]</c> twice.</summary>
    public bool IsDoneTwice { get; init; }

    /// <summary>In a stream: after this many pieces the connection is reset.</summary>
    public int? BreaksAfter { get; init; }

    /// <summary>In a stream: after this many pieces nothing more comes until the client has left.</summary>
    public int? HangsAfter { get; init; }

    /// <summary>In a stream: after this many pieces comes the error event of the shape, and the end.</summary>
    public int? FailsAfter { get; init; }

    /// <summary>Awaited before each piece of a stream, counted from 0.</summary>
    public Func<int, Task>? BeforePiece { get; init; }

    /// <summary>The whole body, whatever it is, with this media type; status 200 unless there is a fault.</summary>
    public (string MediaType, string Body)? Raw { get; init; }

    public static LlmTurn Say(params string[] pieces) => new() { Text = pieces };

    public static LlmTurn Fail(int status, params string[] headerLines) => new() { Fault = new(status, headerLines) };
}

/// <param name="Arguments">A JSON object; it is cut into pieces of eight characters.</param>
public sealed record LlmToolCall(string Name, string Arguments)
{
    public IReadOnlyList<string> Pieces { get; } = [.. Arguments.Chunk(8).Select(piece => new string(piece))];
}

/// <param name="HeaderLines">Such as <c>retry-after: 1</c>.</param>
public sealed record LlmFault(int Status, params string[] HeaderLines)
{
    public string? Message { get; init; }
}
