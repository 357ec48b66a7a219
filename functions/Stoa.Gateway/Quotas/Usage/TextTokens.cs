using System.Runtime.InteropServices;
using System.Text.Json;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Quotas.Usage;

/// <summary>Tokens of a call that has no model to count them: a quarter of the bytes of its text, rounded up. What is limited and what is reported are counted here.</summary>
internal static class TextTokens
{
    public static long Of(int bytes) => (bytes + 3L) / 4;

    /// <summary>At least one.</summary>
    public static long OfArguments(Call call) =>
        call.Arguments.ValueKind is JsonValueKind.Undefined ? 1 : Math.Max(1, Of(JsonMarshal.GetRawUtf8Value(call.Arguments).Length));

    /// <summary>Zero before there is an answer.</summary>
    public static long OfAnswer(Call call) => Of(call.Answer?.Body.Length ?? 0);
}
