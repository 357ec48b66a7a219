namespace Stoa.Gateway.Models.Translation.Neutral;

/// <summary>One piece of what somebody said.</summary>
internal abstract record Part;

internal sealed record TextPart(Text Text) : Part;

/// <summary>The model declined; shown to people in place of text.</summary>
internal sealed record RefusalPart(Text Text) : Part;

/// <summary>
/// Reasoning. What a provider needs to believe its own reasoning later is opaque and named after the wire that made it, so that no other
/// provider is ever shown it.
/// </summary>
internal sealed record ThinkingPart(Text Text, Seal? Seal) : Part;

/// <param name="Arguments">A JSON object, or a string that should hold one.</param>
/// <param name="Seal">Gemini signs its calls.</param>
internal sealed record ToolCallPart(Text Id, Text Name, ToolArguments Arguments, Seal? Seal) : Part;

/// <param name="Name">Of the function, where the wire or the conversation tells it.</param>
/// <param name="Content">Text and media.</param>
internal sealed record ToolResultPart(Text CallId, Text Name, IReadOnlyList<Part> Content, bool IsError) : Part;

internal enum MediaKind
{
    Image,
    Audio,

    /// <summary>A document such as a PDF.</summary>
    File,
}

/// <summary>Media inside the request.</summary>
/// <param name="Name">A file's name, where it has one.</param>
internal sealed record InlineMedia(MediaKind Kind, string MediaType, Base64Text Data, Text Name) : Part;

/// <summary>Media that the provider shall fetch.</summary>
/// <param name="MediaType">Null when nobody said.</param>
internal sealed record LinkedMedia(MediaKind Kind, string? MediaType, Text Url, Text Name) : Part;

/// <summary>A document of plain text.</summary>
internal sealed record TextDocument(Text Text, Text Title) : Part;
