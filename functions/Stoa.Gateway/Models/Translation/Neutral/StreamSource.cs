using System.Text.Json;

namespace Stoa.Gateway.Models.Translation.Neutral;

/// <summary>Reads the events of one wire's stream and tells a sink what they say.</summary>
internal abstract class StreamSource(StreamSink sink)
{
    private byte[] _scratch = [];

    protected StreamSink Sink => sink;

    /// <summary>One event; its data is a JSON object, already checked to be well-formed and to hold text that has a UTF-8 form.</summary>
    /// <returns>Null, or what is wrong with it.</returns>
    public abstract string? Read(ReadOnlySpan<byte> json);

    /// <summary>The string of the member whose name is under the reader, without escapes; empty when it is none. Valid until the next call.</summary>
    protected ReadOnlySpan<byte> Text(scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return default;
        }

        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan;
        }

        if (_scratch.Length < reader.ValueSpan.Length)
        {
            _scratch = new byte[Math.Max(256, reader.ValueSpan.Length * 2)];
        }

        return _scratch.AsSpan(0, reader.CopyString(_scratch));
    }

    /// <summary>Steps into the object under the reader; an answer of another type is stepped over.</summary>
    protected static bool Enter(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            return true;
        }

        reader.Skip();
        return false;
    }

    /// <summary>On to the next member of the object; the reader then stands on its name.</summary>
    protected static bool NextMember(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    /// <summary>Over the value of the member whose name is under the reader.</summary>
    protected static void SkipValue(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }

    protected static string? String(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetString();
        }

        reader.Skip();
        return null;
    }

    /// <summary>The value of the member whose name is under the reader, taken apart.</summary>
    protected static JsonElement Element(ref Utf8JsonReader reader)
    {
        reader.Read();
        return JsonElement.ParseValue(ref reader);
    }
}
