using System.Text.Json;

namespace Stoa.Gateway.Schemas;

/// <summary>
/// Which members of an object, or items of an array, some keyword has looked at: the annotations that unevaluated* keywords read.
/// </summary>
internal sealed class Marks
{
    private readonly ulong[] _bits;

    private Marks(int words) => _bits = new ulong[words];

    public bool this[int index] => (_bits[index >> 6] & (1UL << index)) != 0;

    public static Marks? For(in JsonElement instance) => instance.ValueKind switch
    {
        JsonValueKind.Object => new Marks((instance.GetPropertyCount() + 63) / 64),
        JsonValueKind.Array => new Marks((instance.GetArrayLength() + 63) / 64),
        _ => null,
    };

    /// <summary>A clean sheet for a branch whose marks count only if it holds.</summary>
    public Marks Branch() => new(_bits.Length);

    public void Set(int index) => _bits[index >> 6] |= 1UL << index;

    public void Add(Marks? other)
    {
        for (var i = 0; other is not null && i < _bits.Length; i++)
        {
            _bits[i] |= other._bits[i];
        }
    }
}
