using System.Text.Json;

namespace Stoa.Gateway.Models.Translation.Neutral;

/// <summary>What an error object of any wire says, in one line.</summary>
internal static class AnswerErrors
{
    public static string Complain(JsonElement error)
    {
        var type = error.Get("type"u8).AsString() ?? error.Get("code"u8).AsString() ?? error.Get("status"u8).AsString() ?? "error";
        return $"the provider reported {type}: {error.Get("message"u8).AsString() ?? "no message"}";
    }
}
