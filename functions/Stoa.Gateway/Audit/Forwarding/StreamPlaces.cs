using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Stoa.Gateway.Audit.Sealing;
using Stoa.Gateway.Audit.Trail;
using Stoa.Gateway.Storage;
using Stoa.Ledger.Records;

namespace Stoa.Gateway.Audit.Forwarding;

/// <summary>How far one instance's records are in a stream.</summary>
/// <param name="Place">Null before the first record is confirmed.</param>
/// <param name="Fault">What keeps the next ones back.</param>
internal sealed record StreamCursor(ChainPlace? Place, StreamFault? Fault);

/// <summary>What keeps records back, and since when.</summary>
/// <param name="IsRefusal">Somebody must mend something; else it passes by itself.</param>
internal sealed record StreamFault(string Reason, bool IsRefusal, DateTimeOffset Since);

/// <summary>A cursor and the version that it was read as.</summary>
internal readonly record struct HeldCursor(StreamCursor Cursor, ETag? Version)
{
    public ChainPlace? Place => Cursor.Place;
}

/// <summary>The cursors of one stream: blobs <c>forward/{stream}/{instance}</c> and <c>forward/{stream}-floor</c>, outside the immutable container.</summary>
internal sealed class StreamPlaces(IBlobStore blobs, string stream)
{
    private static readonly StreamCursor Start = new(null, null);

    private readonly string _floor = $"forward/{stream}-floor";

    public async ValueTask<HeldCursor> ReadAsync(InstanceId instance, CancellationToken ct)
    {
        if (await blobs.GetAsync(HeadBlob.Container, NameOf(instance), ct) is not { } blob)
        {
            return new(Start, null);
        }

        try
        {
            return new(JsonSerializer.Deserialize(blob.Content.Span, StreamJson.Default.StreamCursor) ?? Start, blob.ETag);
        }
        catch (JsonException)
        {
            // Then everything of this instance is sent once more.
            return new(Start, blob.ETag);
        }
    }

    /// <summary>The cursor as it is now stored; null when another was faster.</summary>
    public async ValueTask<HeldCursor?> WriteAsync(InstanceId instance, StreamCursor cursor, ETag? version, CancellationToken ct)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(cursor, StreamJson.Default.StreamCursor);
        var result = await PutAsync(NameOf(instance), bytes, version, ct);
        return result.IsDone ? new(cursor, result.ETag) : null;
    }

    /// <summary>Blobs of the ledger that were begun before are sent; the beginning of time before the first drain.</summary>
    public async ValueTask<(DateTimeOffset Floor, ETag? Version)> FloorAsync(CancellationToken ct) =>
        await blobs.GetAsync(HeadBlob.Container, _floor, ct) is { } blob && RecordTime.TryParse(blob.Content.Span, out var floor)
            ? (floor, blob.ETag)
            : (DateTimeOffset.MinValue, null);

    /// <summary>A loser of this race has the same to say, within an hour.</summary>
    public async ValueTask WriteFloorAsync(DateTimeOffset floor, ETag? version, CancellationToken ct) =>
        await PutAsync(_floor, Encoding.ASCII.GetBytes(RecordTime.Format(floor)), version, ct);

    private string NameOf(InstanceId instance) => $"forward/{stream}/{instance}";

    private ValueTask<WriteResult> PutAsync(string name, byte[] bytes, ETag? version, CancellationToken ct) => version is { } expected
        ? blobs.ReplaceAsync(HeadBlob.Container, name, bytes, expected, ct)
        : blobs.InsertAsync(HeadBlob.Container, name, bytes, ct);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StreamCursor))]
internal sealed partial class StreamJson : JsonSerializerContext;
