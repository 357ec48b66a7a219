using Stoa.Testing.Llm;

namespace Stoa.Conformance.Tests.Llm;

/// <summary>One gateway with every provider for all SDKs.</summary>
public sealed class LlmFixture : IAsyncLifetime
{
    internal LlmWorld World { get; private set; } = null!;

    public async ValueTask InitializeAsync() => World = await LlmWorld.StartAsync();

    public ValueTask DisposeAsync() => World.DisposeAsync();
}
