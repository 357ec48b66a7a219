using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Stoa.Gateway.Schemas.Patterns;

/// <summary>Names of Unicode general categories as ECMA-262 patterns may spell them, and as .NET does.</summary>
internal static class UnicodeCategories
{
    private static readonly FrozenDictionary<string, string> ShortNames =
        """
        L Letter|Lu Uppercase_Letter|Ll Lowercase_Letter|Lt Titlecase_Letter|Lm Modifier_Letter|Lo Other_Letter
        M Mark Combining_Mark|Mn Nonspacing_Mark|Mc Spacing_Mark|Me Enclosing_Mark
        N Number|Nd Decimal_Number digit|Nl Letter_Number|No Other_Number
        P Punctuation punct|Pc Connector_Punctuation|Pd Dash_Punctuation|Ps Open_Punctuation|Pe Close_Punctuation
        Pi Initial_Punctuation|Pf Final_Punctuation|Po Other_Punctuation
        S Symbol|Sm Math_Symbol|Sc Currency_Symbol|Sk Modifier_Symbol|So Other_Symbol
        Z Separator|Zs Space_Separator|Zl Line_Separator|Zp Paragraph_Separator
        C Other|Cc Control cntrl|Cf Format|Cs Surrogate|Co Private_Use|Cn Unassigned
        """
        .Split(['|', '\n'])
        .Select(line => line.Split(' '))
        .SelectMany(names => names.Select(name => (Name: name, Short: names[0])))
        .ToFrozenDictionary(n => n.Name, n => n.Short, StringComparer.Ordinal);

    public static bool TryGetShortName(string name, [NotNullWhen(true)] out string? shortName)
    {
        var value = name.StartsWith("gc=", StringComparison.Ordinal) || name.StartsWith("General_Category=", StringComparison.Ordinal)
            ? name[(name.IndexOf('=') + 1)..]
            : name;
        return ShortNames.TryGetValue(value, out shortName);
    }
}
