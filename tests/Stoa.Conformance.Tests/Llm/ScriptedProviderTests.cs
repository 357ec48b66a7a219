using Stoa.Testing.Llm;

namespace Stoa.Conformance.Tests.Llm;

/// <summary>The scripted providers, judged by the real clients of the real ones, without a gateway in between.</summary>
public sealed class ScriptedProviderTests
{
    [Theory]
    [InlineData(LlmShape.OpenAI, "openai", "openai-chat")]
    [InlineData(LlmShape.OpenAI, "openai", "openai-responses")]
    [InlineData(LlmShape.OpenAI, "ai", "ai-openai")]
    [InlineData(LlmShape.Azure, "openai", "azure-chat")]
    [InlineData(LlmShape.Azure, "openai", "azure-responses")]
    [InlineData(LlmShape.Anthropic, "anthropic", "anthropic")]
    [InlineData(LlmShape.Anthropic, "ai", "ai-anthropic")]
    [InlineData(LlmShape.Mistral, "mistral", "mistral")]
    [InlineData(LlmShape.Gemini, "google", "google")]
    public async Task A_real_client_understands_the_scripted_provider(LlmShape shape, string program, string surface)
    {
        await using var provider = await LlmUpstream.StartAsync(shape);
        await LlmClients.WalkAsync(program, surface, provider.Url, LlmUpstream.Key, throughGateway: false, $"{provider.Name}-model");
    }
}
