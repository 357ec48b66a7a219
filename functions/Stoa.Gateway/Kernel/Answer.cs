namespace Stoa.Gateway.Kernel;

/// <summary>
/// What a terminal brings back, before any protocol's shape: bytes and what they are. Owns its buffer; the door disposes it after the
/// last byte is written.
/// </summary>
public sealed class Answer(AnswerForm form, ReadOnlyMemory<byte> body, IDisposable? owner) : IDisposable
{
    /// <summary>The answer of a terminal whose door writes the reply itself, as for lists.</summary>
    public static Answer Local { get; } = new(AnswerForm.JsonObject, "{}"u8.ToArray(), null);

    public AnswerForm Form => form;

    /// <summary>UTF-8 for JSON and text, raw bytes for media.</summary>
    public ReadOnlyMemory<byte> Body => body;

    /// <summary>The media type of <see cref="AnswerForm.Image"/> and <see cref="AnswerForm.Audio"/>.</summary>
    public string? MediaType { get; init; }

    /// <summary>HTTP status of the upstream, 0 when it gave none.</summary>
    public int UpstreamStatus { get; init; }

    /// <summary>Whether the upstream could be reached: null when it was not tried.</summary>
    public bool? IsReached
    {
        get => UpstreamStatus > 0 ? true : field;
        init;
    }

    /// <summary>One sentence that the agent must hear beside the body, for example that a list was cut; null for none.</summary>
    public string? Remark { get; init; }

    public bool IsError => form is AnswerForm.Error;

    public static Answer Error(string text, int upstreamStatus = 0, bool? isReached = null) =>
        new(AnswerForm.Error, System.Text.Encoding.UTF8.GetBytes(text), null) { UpstreamStatus = upstreamStatus, IsReached = isReached };

    /// <summary>The same with a buffer of its own, which nobody has to give back.</summary>
    public Answer Copy() => new(form, body.ToArray(), null) { MediaType = MediaType, UpstreamStatus = UpstreamStatus, Remark = Remark };

    public void Dispose() => owner?.Dispose();
}

public enum AnswerForm
{
    /// <summary>A JSON object, already checked to be well-formed.</summary>
    JsonObject,

    /// <summary>Any other JSON value, already checked to be well-formed.</summary>
    JsonValue,

    Text,
    Image,
    Audio,

    /// <summary>The work failed upstream; the body says how, in text fit for an agent.</summary>
    Error,
}
