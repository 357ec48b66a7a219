using System.Text;
using System.Text.Json;

namespace Stoa.Gateway.Schemas.Json;

/// <summary>The name of a property whose presence decides something.</summary>
internal sealed class MemberName(string name)
{
    private readonly byte[] _utf8 = Encoding.UTF8.GetBytes(name);

    public bool IsIn(in JsonElement instance)
    {
        foreach (var member in instance.EnumerateObject())
        {
            if (JsonString.Says(JsonString.Raw(member), _utf8))
            {
                return true;
            }
        }

        return false;
    }

    public override string ToString() => name;
}
