using System.Buffers;
using System.Text.Json;

namespace Stoa.Ledger.Canonical;

/// <summary>JSON in the one form that RFC 8785 (JCS) gives it: no white space, members by the UTF-16 order of their names, numbers as ECMAScript writes them.</summary>
internal static class CanonicalJson
{
    /// <summary>Depth of nesting that is read and written.</summary>
    public const int MaxDepth = 64;

    /// <summary>Whether these bytes are a JSON text in canonical form. Allocates nothing.</summary>
    public static bool IsCanonical(ReadOnlySpan<byte> json) => new CanonicalCheck(json).Passes();

    /// <summary>The same value in canonical form.</summary>
    /// <exception cref="JsonException">This is not JSON.</exception>
    /// <exception cref="FormatException">It is JSON without a canonical form: a name twice in an object, half of a surrogate pair, a number beyond a double.</exception>
    public static byte[] Encode(ReadOnlySpan<byte> json)
    {
        var output = new ArrayBufferWriter<byte>();
        Encode(json, output);
        return output.WrittenSpan.ToArray();
    }

    /// <inheritdoc cref="Encode(ReadOnlySpan{byte})"/>
    public static void Encode(ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        if (IsCanonical(json))
        {
            output.Write(json);
            return;
        }

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        using var document = JsonDocument.ParseValue(ref reader);
        if (reader.Read())
        {
            throw new JsonException("There is more than one value.");
        }

        Write(document.RootElement, output);
    }

    /// <inheritdoc cref="Encode(ReadOnlySpan{byte})"/>
    public static void Write(JsonElement value, IBufferWriter<byte> output)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(value, output);
                break;
            case JsonValueKind.Array:
                WriteArray(value, output);
                break;
            case JsonValueKind.String:
                CanonicalText.Write(TextOf(value), output);
                break;
            case JsonValueKind.Number:
                WriteNumber(value.GetDouble(), output);
                break;
            case JsonValueKind.True:
                output.Write("true"u8);
                break;
            case JsonValueKind.False:
                output.Write("false"u8);
                break;
            case JsonValueKind.Null:
                output.Write("null"u8);
                break;
            default:
                throw new FormatException("There is no value to write.");
        }
    }

    public static void WriteNumber(double number, IBufferWriter<byte> output) =>
        output.Advance(EcmaNumber.Format(number, output.GetSpan(EcmaNumber.MaxLength)));

    private static void WriteObject(JsonElement value, IBufferWriter<byte> output)
    {
        var members = new List<(string Name, JsonElement Value)>();
        foreach (var member in value.EnumerateObject())
        {
            members.Add((NameOf(member), member.Value));
        }

        members.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        output.Write("{"u8);
        for (var i = 0; i < members.Count; i++)
        {
            if (i > 0)
            {
                if (members[i].Name == members[i - 1].Name)
                {
                    throw new FormatException($"An object has the member \"{members[i].Name}\" twice.");
                }

                output.Write(","u8);
            }

            CanonicalText.Write(members[i].Name, output);
            output.Write(":"u8);
            Write(members[i].Value, output);
        }

        output.Write("}"u8);
    }

    private static void WriteArray(JsonElement value, IBufferWriter<byte> output)
    {
        output.Write("["u8);
        var isFirst = true;
        foreach (var item in value.EnumerateArray())
        {
            output.Write(isFirst ? ""u8 : ","u8);
            isFirst = false;
            Write(item, output);
        }

        output.Write("]"u8);
    }

    private static string TextOf(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException fault)
        {
            throw new FormatException("A string holds half of a surrogate pair or is not UTF-8.", fault);
        }
    }

    private static string NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException fault)
        {
            throw new FormatException("A member's name holds half of a surrogate pair or is not UTF-8.", fault);
        }
    }
}
