using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Stoa.Gateway.OpenApi;

/// <summary>
/// Names tools after their operations, so that every MCP client accepts them: other characters become <c>_</c>, and what is too long is
/// cut and ends in a hash of the whole, which no other operation shares.
/// </summary>
internal sealed class OperationNames(ToolSetNaming naming)
{
    private const int Longest = 64;
    private const int HashLength = 8;

    private static readonly SearchValues<char> Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public string Of(ApiOperation operation)
    {
        var name = naming.UseOperationId && operation.Id is { } id ? Fit(id) : "";
        return Whole(name.Length > 0 ? name : Fit($"{operation.Method.ToLowerInvariant()} {operation.Path.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal)}"));
    }

    private string Whole(string name)
    {
        var (prefix, suffix) = (naming.Prefix ?? "", naming.Suffix ?? "");
        var room = Longest - prefix.Length - suffix.Length;
        if (name.Length > room)
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..HashLength];
            name = $"{name[..(room - HashLength - 1)]}_{hash}";
        }

        // A prefix may end in anything, but a name starts with a letter, a digit or an underscore.
        name = prefix + name + suffix;
        return name[0] is '.' or '-' ? "_" + name[1..] : name;
    }

    private static string Fit(string text)
    {
        var name = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (Characters.Contains(c))
            {
                name.Append(c);
            }
            else if (name.Length > 0 && name[^1] != '_')
            {
                name.Append('_');
            }
        }

        return name.ToString().Trim('_');
    }
}
