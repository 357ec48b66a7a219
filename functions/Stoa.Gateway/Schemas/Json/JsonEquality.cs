using System.Runtime.InteropServices;
using System.Text.Json;

namespace Stoa.Gateway.Schemas.Json;

/// <summary>
/// Equality of JSON values as JSON Schema defines it (core section 4.2.2): 1 is 1.0, escapes and the order of members do not matter.
/// </summary>
internal sealed class JsonEquality : IEqualityComparer<JsonElement>
{
    private const int MaxDepth = 256;
    private const int FewMembers = 16;

    private JsonEquality()
    {
    }

    public static JsonEquality Instance { get; } = new();

    public bool Equals(JsonElement x, JsonElement y) => AreEqual(x, y, MaxDepth);

    public int GetHashCode(JsonElement obj)
    {
        var hash = new HashCode();
        AddTo(ref hash, obj, MaxDepth);
        return hash.ToHashCode();
    }

    private static bool AreEqual(in JsonElement left, in JsonElement right, int depth)
    {
        if (left.ValueKind != right.ValueKind)
        {
            return false;
        }

        // Constants of a schema are never this deep. Items of an array may be; taken for equal, they fail uniqueItems: the safe side.
        if (depth == 0)
        {
            return true;
        }

        return left.ValueKind switch
        {
            JsonValueKind.String => SameText(JsonString.Raw(left), JsonString.Raw(right)),
            JsonValueKind.Number => JsonNumber.Compare(JsonMarshal.GetRawUtf8Value(left), JsonMarshal.GetRawUtf8Value(right)) == 0,
            JsonValueKind.Array => SameItems(left, right, depth - 1),
            JsonValueKind.Object => SameMembers(left, right, depth - 1),
            _ => true,
        };
    }

    private static bool SameText(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        using var unescaped = new JsonString(right, stackalloc byte[JsonString.ScratchSize]);
        return JsonString.Says(left, unescaped.Utf8);
    }

    private static bool SameItems(in JsonElement left, in JsonElement right, int depth)
    {
        if (left.GetArrayLength() != right.GetArrayLength())
        {
            return false;
        }

        var others = right.EnumerateArray();
        foreach (var item in left.EnumerateArray())
        {
            others.MoveNext();
            if (!AreEqual(item, others.Current, depth))
            {
                return false;
            }
        }

        return true;
    }

    private static bool SameMembers(in JsonElement left, in JsonElement right, int depth)
    {
        var count = left.GetPropertyCount();
        if (count != right.GetPropertyCount())
        {
            return false;
        }

        var byName = count > FewMembers ? ByName(right) : null;
        foreach (var member in left.EnumerateObject())
        {
            var found = byName is null
                ? TryFind(right, JsonString.Raw(member), out var other)
                : byName.TryGetValue(JsonString.ToString(JsonString.Raw(member)), out other);
            if (!found || !AreEqual(member.Value, other, depth))
            {
                return false;
            }
        }

        return true;
    }

    private static Dictionary<string, JsonElement> ByName(in JsonElement value)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            members[JsonString.ToString(JsonString.Raw(member))] = member.Value;
        }

        return members;
    }

    private static bool TryFind(in JsonElement value, ReadOnlySpan<byte> name, out JsonElement found)
    {
        foreach (var member in value.EnumerateObject())
        {
            if (SameText(JsonString.Raw(member), name))
            {
                found = member.Value;
                return true;
            }
        }

        found = default;
        return false;
    }

    private static void AddTo(ref HashCode hash, in JsonElement value, int depth)
    {
        hash.Add((int)value.ValueKind);
        if (depth == 0)
        {
            return;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                AddText(ref hash, JsonString.Raw(value));
                break;
            case JsonValueKind.Number:
                new JsonNumber(JsonMarshal.GetRawUtf8Value(value)).AddTo(ref hash);
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    AddTo(ref hash, item, depth - 1);
                }

                break;
            case JsonValueKind.Object:
                // A sum, because members have no order.
                var sum = 0;
                foreach (var member in value.EnumerateObject())
                {
                    var one = new HashCode();
                    AddText(ref one, JsonString.Raw(member));
                    AddTo(ref one, member.Value, depth - 1);
                    sum = unchecked(sum + one.ToHashCode());
                }

                hash.Add(sum);
                break;
        }
    }

    private static void AddText(ref HashCode hash, ReadOnlySpan<byte> raw)
    {
        using var text = new JsonString(raw, stackalloc byte[JsonString.ScratchSize]);
        hash.AddBytes(text.Utf8);
        hash.Add(text.Utf8.Length);
    }
}
