using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Guardrails;

/// <summary>Screens what goes in and what comes out. No kind of this version declares a screen, so nothing is screened and nothing is claimed.</summary>
internal sealed class GuardrailGate
{
    public ValueTask<Refusal?> ScreenInputAsync(Call call, CancellationToken ct) => default;

    /// <summary>May replace the answer; runs before its first byte leaves.</summary>
    public ValueTask ScreenOutputAsync(Call call) => default;
}
