namespace Stoa.Gateway.Models.Translation.Gemini;

/// <summary>Ids for calls that Gemini gave none: the same for the same answer and place.</summary>
internal static class GeminiIds
{
    public static string OfCall(string answerId, int index) => $"call_{answerId}_{index}";
}
