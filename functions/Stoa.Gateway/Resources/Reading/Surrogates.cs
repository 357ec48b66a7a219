namespace Stoa.Gateway.Resources.Reading;

/// <summary>Escapes such as <c>\ud800</c> can spell half a character, which has no UTF-8 form and would turn into another text when stored.</summary>
internal static class Surrogates
{
    public const string Broken = "The text holds half of a surrogate pair, which is no character; write both halves or none.";

    public static bool AreWhole(string text)
    {
        for (var i = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !(char.IsHighSurrogate(text[i]) && ++i < text.Length && char.IsLowSurrogate(text[i])))
            {
                return false;
            }
        }

        return true;
    }
}
