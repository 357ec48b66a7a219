namespace Stoa.Gateway.Kernel;

/// <summary>Who served a call of a model, for the books and for measurements; names of the configuration and of the provider, never contents.</summary>
/// <param name="Operation">As the OpenTelemetry conventions for GenAI call it: <c>chat</c> or <c>embeddings</c>.</param>
/// <param name="Provider">The LlmProvider that answered or was asked last; null before the first attempt.</param>
/// <param name="System">The provider's kind as those conventions name it, for example <c>azure.ai.openai</c>.</param>
/// <param name="Model">As the provider calls it.</param>
/// <param name="IsFallback">Another target than the first was asked.</param>
public readonly record struct ModelUse(string Operation, string? Provider, string? System, string? Model, bool IsFallback, bool IsStream);
