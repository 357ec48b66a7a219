namespace Stoa.Testing.Llm;

/// <summary>The providers that an <see cref="LlmUpstream"/> can stand for; each knows its own paths, credential header and error body.</summary>
public enum LlmShape
{
    OpenAI,
    Azure,
    Anthropic,
    Mistral,
    Gemini,
}
