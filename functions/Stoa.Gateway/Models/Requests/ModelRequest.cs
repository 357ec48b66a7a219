namespace Stoa.Gateway.Models.Requests;

/// <summary>
/// A request to a model as its caller wrote it: the bytes, and what the gateway has to know of them, found in one pass. The bytes belong to
/// the door and live as long as the call.
/// </summary>
internal sealed class ModelRequest
{
    public required Wire Wire { get; init; }

    /// <summary>UTF-8, one JSON object, already checked to be well-formed.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    public required string Model { get; init; }

    public bool IsStream { get; init; }

    /// <summary>What the caller set, whatever its wire calls it; null when it set none.</summary>
    public long? MaxOutputTokens { get; init; }

    /// <summary>Chat: the caller asked for a last chunk with usage (<c>stream_options.include_usage</c>).</summary>
    public bool WantsUsage { get; init; }

    /// <summary>Bytes of everything that is text to the model: what an estimate of tokens starts from. Images and audio are not in it.</summary>
    public long TextBytes { get; init; }

    /// <summary>Images, audio clips and files, each of which costs about as much as a long text.</summary>
    public int MediaParts { get; init; }

    /// <summary>How many answers the caller asked for (chat <c>n</c>): the whole output is up to so many times the bound.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>Responses: the request names what an earlier one left at the provider.</summary>
    public bool NeedsState { get; init; }

    /// <summary>String members of <c>metadata</c>, for the conditions of routes.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = System.Collections.Frozen.FrozenDictionary<string, string>.Empty;
}
