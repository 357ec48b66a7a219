using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stoa.Gateway.Storage;

/// <summary>
/// One batch as a line of the journal: 16 hex digits of SHA-256, a space, JSON, a line feed. The JSON has no line feed in it.
/// </summary>
/// <param name="Version">Grows with every batch and becomes the version of the rows written.</param>
/// <param name="Table">Null in the first line, which only says where versions had got to.</param>
internal sealed record JournalEntry(long Version, string? Table, IReadOnlyList<JournalChange> Changes)
{
    private const int SumLength = 16;

    public byte[] ToLine()
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(this, JournalJson.Default.JournalEntry);
        return [.. Sum(json), (byte)' ', .. json, (byte)'\n'];
    }

    /// <summary>Null when the line, given without its line feed, is not exactly what <see cref="ToLine"/> wrote.</summary>
    public static JournalEntry? Read(ReadOnlySpan<byte> line) =>
        line.Length > SumLength && line[SumLength] is (byte)' ' && line[..SumLength].SequenceEqual(Sum(line[(SumLength + 1)..]))
            ? JsonSerializer.Deserialize(line[(SumLength + 1)..], JournalJson.Default.JournalEntry)
            : null;

    private static byte[] Sum(ReadOnlySpan<byte> json) => Encoding.ASCII.GetBytes(ETag.OfContent(json).Value[..SumLength]);
}

/// <summary>A row as it is after the batch; no value means that it is gone.</summary>
internal sealed record JournalChange(string Partition, string Key, byte[]? Value);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JournalEntry))]
internal sealed partial class JournalJson : JsonSerializerContext;
