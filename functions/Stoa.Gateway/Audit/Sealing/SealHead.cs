using System.Text.Json.Serialization;
using Stoa.Gateway.Audit.Trail;

namespace Stoa.Gateway.Audit.Sealing;

/// <summary>
/// Where sealing stands. Its version is the fence: whoever would seal puts down first what, and only one can. All of it can be made again from
/// the ledger's container.
/// </summary>
/// <param name="Size">Leaves under the last checkpoint.</param>
/// <param name="Previous">Leaves under the one before.</param>
/// <param name="Through">All blobs that were there at this time, by the store's clock, have been looked at.</param>
/// <param name="Floor">Blobs begun before this are done with; never goes back.</param>
/// <param name="Tiles">The tiles that are not full yet, by name.</param>
/// <param name="Instances">How far each instance is sealed.</param>
/// <param name="Plan">What is being sealed.</param>
internal sealed record SealHead(
    string Origin, long Size, long Previous, DateTimeOffset Through, DateTimeOffset Floor, DateTimeOffset? SealedAt,
    IReadOnlyDictionary<string, byte[]> Tiles, IReadOnlyDictionary<string, ChainPlace> Instances, SealPlan? Plan)
{
    public static SealHead Empty(string origin) =>
        new(origin, 0, 0, DateTimeOffset.MinValue, DateTimeOffset.MinValue, null, new Dictionary<string, byte[]>(), new Dictionary<string, ChainPlace>(), null);
}

/// <summary>A sealing that has begun. Anybody can finish it, and whoever does comes to the same.</summary>
/// <param name="Size">Leaves once it is done.</param>
/// <param name="Segments">The content of <c>segments/size</c>.</param>
/// <param name="Instances">How far those instances are sealed then.</param>
/// <param name="Through">Null when more was there than one sealing takes.</param>
/// <param name="Holder">The instance at it.</param>
/// <param name="Until">From then on others take it over.</param>
internal sealed record SealPlan(
    long Size, string Segments, IReadOnlyDictionary<string, ChainPlace> Instances, DateTimeOffset? Through, string Holder, DateTimeOffset Until);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectRequiredConstructorParameters = false)]
[JsonSerializable(typeof(SealHead))]
[JsonSerializable(typeof(ChainPlace))]
internal sealed partial class SealJson : JsonSerializerContext;
