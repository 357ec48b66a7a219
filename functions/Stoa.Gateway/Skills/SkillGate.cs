using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Skills;

/// <summary>Attaches the skills that apply to a call. No kind of this version declares one, so none applies.</summary>
internal sealed class SkillGate
{
    public ValueTask<Refusal?> AttachAsync(Call call, CancellationToken ct) => default;
}
