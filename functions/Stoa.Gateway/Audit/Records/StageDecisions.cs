using System.Text;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Audit.Records;

/// <summary>What every stage decided, as canonical JSON such as <c>{"room":"deny","scope":"allow"}</c>: there are few cases, so each is made once.</summary>
internal static class StageDecisions
{
    private static readonly CallStage[] Stages = Enum.GetValues<CallStage>();
    private static readonly byte[][] Admitted = [.. Stages.Select(stage => Make(stage, isDenied: false))];
    private static readonly byte[][] Denied = [.. Stages.Select(stage => Make(stage, isDenied: true))];

    /// <summary>Stages before this one allowed the call; this one did not when denied, and those after it were not asked.</summary>
    public static ReadOnlySpan<byte> Of(CallStage stage, bool isDenied) => (isDenied ? Denied : Admitted)[(int)stage];

    private static byte[] Make(CallStage reached, bool isDenied)
    {
        var decisions = Stages
            .Where(stage => stage < reached && stage is not (CallStage.Entry or CallStage.Work))
            .Select(stage => (Name: NameOf(stage), Word: "allow"));
        if (isDenied)
        {
            decisions = decisions.Append((NameOf(reached), "deny"));
        }

        return Encoding.UTF8.GetBytes($"{{{string.Join(',', decisions.OrderBy(d => d.Name, StringComparer.Ordinal).Select(d => $"\"{d.Name}\":\"{d.Word}\""))}}}");
    }

    private static string NameOf(CallStage stage) => stage switch
    {
        CallStage.Entry => "entry",
        CallStage.Scope => "scope",
        CallStage.Subscription => "subscription",
        CallStage.Room => "room",
        CallStage.Target => "target",
        CallStage.Arguments => "arguments",
        CallStage.Skills => "skills",
        CallStage.Input => "input",
        CallStage.Policy => "policy",
        CallStage.Quota => "quota",
        CallStage.Audit => "audit",
        CallStage.Work => "work",
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, null),
    };
}
