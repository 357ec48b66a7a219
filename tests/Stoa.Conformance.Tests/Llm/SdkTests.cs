using Stoa.Testing;
using Stoa.Testing.Llm;

namespace Stoa.Conformance.Tests.Llm;

/// <summary>
/// The SDKs as applications use them, through the gateway, each in front of every provider: where both speak one wire the bytes pass
/// through, elsewhere they are translated, and the SDK must not be able to tell.
/// </summary>
public sealed class SdkTests(LlmFixture fixture) : IClassFixture<LlmFixture>
{
    public static TheoryData<string, string, LlmShape> Pairs
    {
        get
        {
            (string Program, string Surface)[] clients =
            [
                ("openai", "openai-chat"), ("openai", "openai-responses"), ("openai", "azure-chat"), ("openai", "azure-responses"),
                ("anthropic", "anthropic"), ("anthropic", "anthropic-x-api-key"), ("mistral", "mistral"),
                ("ai", "ai-openai"), ("ai", "ai-openai-chat"), ("ai", "ai-azure"), ("ai", "ai-anthropic"),
            ];
            var pairs = new TheoryData<string, string, LlmShape>();
            foreach (var (program, surface) in clients)
            {
                foreach (var shape in LlmWorld.Shapes)
                {
                    pairs.Add(program, surface, shape);
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task An_SDK_cannot_tell_who_answers(string program, string surface, LlmShape shape)
    {
        var world = fixture.World;
        await LlmClients.WalkAsync(program, surface, world.Gateway.Url, world.Key, throughGateway: true, LlmWorld.ModelOf(shape));

        // Those that the client left were left upstream too.
        await Eventually.TrueAsync(
            () => Task.FromResult(world[shape].Books.All.Where(s => s.Turn.HangsAfter is not null).All(s => s.IsLeft)),
            TimeSpan.FromMinutes(1),
            "an abandoned stream was closed upstream");
    }
}
