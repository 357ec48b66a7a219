using Stoa.Gateway.Models.Requests;

namespace Stoa.Gateway.Models.Usage;

/// <summary>
/// Tokens from bytes, without a tokenizer. Of a request rather too many, because they are reserved; of an answer about right, because they
/// are charged when its provider does not say.
/// </summary>
internal static class TokenEstimate
{
    // English has four to five bytes per token, code and most other scripts about three, hexadecimal and base64 about two.
    private const int InputBytes = 3;
    private const int OutputBytes = 4;
    private const int LeastOutputBytes = 6;

    /// <summary>Role, separators and what opens the answer.</summary>
    private const int PerMessage = 8;

    /// <summary>Providers put a text of their own before the first tool: Anthropic's has up to 350 tokens.</summary>
    private const int ForTools = 400;

    /// <summary>An image at full size; OpenAI and Anthropic charge up to about 1,600, Gemini by tiles of 258.</summary>
    private const int PerMedium = 1_600;

    /// <summary>A page of PDF has about 2,500 tokens in 20 to 100 KB, a second of compressed audio 10 to 32 in 4 to 16 KB.</summary>
    private const int FileBytes = 16;

    /// <summary>Meant as an upper bound; see <see cref="Calibration"/>.</summary>
    public static long Input(ModelRequest request) =>
        Ceiling(request.TextBytes, InputBytes)
        + ((long)PerMessage * (request.Messages + 1))
        + (request.HasTools ? ForTools : 0)
        + ((long)PerMedium * request.MediaParts)
        + Ceiling(request.FileBytes, FileBytes)
        + request.TokenIds;

    /// <summary>About how many tokens an answer has: every event with text brings at least one.</summary>
    public static long Output(long events, long bytes) => Math.Max(events, Ceiling(bytes, OutputBytes));

    /// <summary>How many it has in any case, for stopping it: long words have more bytes, and no answer may be cut for those.</summary>
    public static long LeastOutput(long events, long bytes) => Math.Max(events, bytes / LeastOutputBytes);

    private static long Ceiling(long bytes, int per) => (bytes + per - 1) / per;
}
