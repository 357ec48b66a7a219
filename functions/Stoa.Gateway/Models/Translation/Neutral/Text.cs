using System.Text.Json;

namespace Stoa.Gateway.Models.Translation.Neutral;

/// <summary>A string: one that stands in somebody's JSON, which is copied without becoming a .NET string, or one of ours.</summary>
internal readonly struct Text
{
    private readonly JsonElement _element;
    private readonly string? _own;

    public Text(JsonElement element) => _element = element;

    public Text(string own) => _own = own;

    public bool IsEmpty => _own is not null ? _own.Length == 0 : _element.ValueKind != JsonValueKind.String || _element.ValueEquals(""u8);

    public bool IsBlank => IsEmpty || string.IsNullOrWhiteSpace(ToString());

    public bool Is(string other) => _own is not null ? _own == other : _element.ValueKind == JsonValueKind.String && _element.ValueEquals(other);

    public void WriteTo(Utf8JsonWriter writer)
    {
        if (_element.ValueKind == JsonValueKind.String)
        {
            _element.WriteTo(writer);
        }
        else
        {
            writer.WriteStringValue(_own ?? "");
        }
    }

    public void WriteTo(Utf8JsonWriter writer, ReadOnlySpan<byte> name)
    {
        writer.WritePropertyName(name);
        WriteTo(writer);
    }

    public override string ToString() => _own ?? (_element.ValueKind == JsonValueKind.String ? _element.GetString()! : "");
}
