using System.Collections.Frozen;

namespace Stoa.Gateway.Models.Requests;

/// <summary>
/// A request to a model as its caller wrote it: the bytes, and what the gateway has to know of them, found in one pass. The bytes belong to
/// the door and live as long as the call.
/// </summary>
internal sealed class ModelRequest
{
    public required Wire Wire { get; init; }

    /// <summary>UTF-8, one JSON object, already checked to be well-formed and to say nothing twice.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    public required string Model { get; init; }

    /// <summary>What the body names, which says nothing where the URL names the model; null when it names none.</summary>
    public string? WrittenModel { get; init; }

    public bool IsStream { get; init; }

    /// <summary>What the caller set, whatever its wire calls it, for one answer of <see cref="Choices"/>; null when it set none.</summary>
    public long? MaxOutputTokens { get; init; }

    /// <summary>How many answers the caller asked for (chat <c>n</c>): the whole output is up to so many times the bound.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>Chat: the caller asked for a last chunk with usage (<c>stream_options.include_usage</c>).</summary>
    public bool WantsUsage { get; init; }

    /// <summary>
    /// The member by which the request leans on what its provider has stored, or will store, for example <c>previous_response_id</c>; null
    /// when it stands alone. Such a request can be passed through and never translated.
    /// </summary>
    public string? StateMember { get; init; }

    /// <summary>Responses: the provider is to answer at once that it has begun, and to write the answer afterwards.</summary>
    public bool IsBackground { get; init; }

    /// <summary>
    /// For a service that costs more than the price of the model: OpenAI's <c>service_tier</c> <c>priority</c>, Anthropic's <c>speed</c>
    /// <c>fast</c>, a region for <c>inference_geo</c>, and whatever else is not known to cost the same or less.
    /// </summary>
    public bool AsksForMore { get; init; }

    public bool NeedsState => StateMember is not null;

    /// <summary>Bytes of everything that is text to the model, escapes as written: what an estimate of tokens starts from. Images and audio are not in it.</summary>
    public long TextBytes { get; init; }

    /// <summary>Images, audio clips and files, each of which costs about as much as a long text.</summary>
    public int MediaParts { get; init; }

    /// <summary>Of the media, base64 characters of those that are no images: their tokens grow with their length.</summary>
    public long FileBytes { get; init; }

    /// <summary>Messages, or items of input; each costs a few tokens beside its text.</summary>
    public int Messages { get; init; }

    public bool HasTools { get; init; }

    /// <summary>Embeddings of texts that the caller has cut into tokens itself: how many.</summary>
    public long TokenIds { get; init; }

    /// <summary>For whom the caller asks: OpenAI's <c>safety_identifier</c> or <c>user</c>, Anthropic's <c>metadata.user_id</c>; null when it says nothing.</summary>
    public string? EndUser { get; init; }

    /// <summary>String members of <c>metadata</c>, for the conditions of routes.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Where in <see cref="Body"/> the gateway may have to write something else.</summary>
    public RequestPlaces Places { get; init; }
}
