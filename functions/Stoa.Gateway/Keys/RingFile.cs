using System.Text.Json;
using System.Text.Json.Serialization;
using Stoa.Gateway.Storage;

namespace Stoa.Gateway.Keys;

/// <summary>The ring as stored: keys in order of age, the oldest first, only ever added to.</summary>
internal sealed record RingFile(int Format, IReadOnlyList<RingFile.Entry> Keys)
{
    public const string Container = "stoa-keys";
    public const string Name = "ring.json";

    public static RingFile Parse(Blob blob)
    {
        try
        {
            return JsonSerializer.Deserialize(blob.Content.Span, RingJson.Default.RingFile) is { Format: 1, Keys.Count: > 0 } file
                ? file
                : throw new InvalidDataException($"The key ring ({Container}/{Name}) is empty or of an unknown format.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The key ring ({Container}/{Name}) is damaged; restore it.", e);
        }
    }

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, RingJson.Default.RingFile);

    /// <param name="Id">1 for the first, then counting.</param>
    /// <param name="WrapName">Which outer key opens it.</param>
    internal sealed record Entry(uint Id, DateTimeOffset CreatedAt, string WrapName, ReadOnlyMemory<byte> Wrapped);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RingFile))]
internal sealed partial class RingJson : JsonSerializerContext;
