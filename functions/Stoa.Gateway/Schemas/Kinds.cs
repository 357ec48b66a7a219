using System.Text.Json;

namespace Stoa.Gateway.Schemas;

/// <summary>Kinds of JSON value, one bit each, so that a rule is asked only about values it has a say on.</summary>
[Flags]
internal enum Kinds
{
    None = 0,
    Object = 1 << JsonValueKind.Object,
    Array = 1 << JsonValueKind.Array,
    String = 1 << JsonValueKind.String,
    Number = 1 << JsonValueKind.Number,
    Boolean = (1 << JsonValueKind.True) | (1 << JsonValueKind.False),
    Null = 1 << JsonValueKind.Null,
    Any = ~0,
}
