namespace Stoa.Gateway.Models;

/// <summary>The wire formats of calls to models: what doors take and what providers speak.</summary>
internal enum Wire
{
    /// <summary>OpenAI chat completions: <c>POST .../chat/completions</c>. Mistral, Azure and most servers of open models speak it too.</summary>
    Chat,

    /// <summary>Anthropic messages: <c>POST /v1/messages</c>.</summary>
    Messages,

    /// <summary>OpenAI responses: <c>POST .../responses</c>.</summary>
    Responses,

    /// <summary>Gemini: <c>:generateContent</c> and <c>:streamGenerateContent?alt=sse</c>. No door takes it.</summary>
    Gemini,

    /// <summary>OpenAI embeddings: <c>POST .../embeddings</c>.</summary>
    Embeddings,
}
