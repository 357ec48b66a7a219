using System.Text;
using System.Text.Json;
using Stoa.Gateway.Schemas.Json;

namespace Stoa.Gateway.Tools.Templates;

/// <summary>One step of a path into JSON: a member's name, an item's index, or every item.</summary>
internal readonly struct PathStep
{
    private readonly byte[]? _name;
    private readonly int _index;

    private PathStep(byte[]? name, int index) => (_name, _index) = (name, index);

    public static PathStep Each { get; } = new(null, -1);

    public static PathStep Member(string name) => new(Encoding.UTF8.GetBytes(name), -1);

    public static PathStep Item(int index) => new(null, index);

    public bool IsMember => _name is not null;

    /// <summary>The member that it leads to; null when it leads to items.</summary>
    public string? Name => _name is null ? null : Encoding.UTF8.GetString(_name);

    /// <summary>Whether it leads to the member of this name, spelled as the document spells it between its quotes.</summary>
    public bool TakesMember(ReadOnlySpan<byte> raw) => _name is not null && JsonString.Says(raw, _name);

    public bool TakesItem(int index) => _name is null && (_index < 0 || _index == index);

    /// <summary>The element one step further. Of members with the same name the last one counts, as in most readers.</summary>
    /// <param name="from">Where to look.</param>
    /// <param name="work">How many members and items may still be looked at; below 0 nothing is found any more.</param>
    /// <param name="to">What was found.</param>
    public bool TryFollow(JsonElement from, ref int work, out JsonElement to)
    {
        to = default;
        if (_name is null)
        {
            if (from.ValueKind is not JsonValueKind.Array || (uint)_index >= (uint)from.GetArrayLength() || !TrySpend(ref work, _index))
            {
                return false;
            }

            to = from[_index];
            return true;
        }

        if (from.ValueKind is not JsonValueKind.Object || !TrySpend(ref work, from.GetPropertyCount()))
        {
            return false;
        }

        // Not TryGetProperty, which throws on a name that holds half of a surrogate pair.
        var found = false;
        foreach (var member in from.EnumerateObject())
        {
            if (JsonString.Says(JsonString.Raw(member), _name))
            {
                (to, found) = (member.Value, true);
            }
        }

        return found;
    }

    private static bool TrySpend(ref int work, int looks)
    {
        work = looks <= work ? work - looks : -1;
        return work >= 0;
    }

    public override string ToString() =>
        _name is not null ? $"[\"{Encoding.UTF8.GetString(_name)}\"]" : _index < 0 ? "[]" : $"[{_index}]";
}
