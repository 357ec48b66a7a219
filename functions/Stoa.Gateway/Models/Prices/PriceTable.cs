using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stoa.Gateway.Models.Prices;

/// <summary>The file <c>prices.json</c>: what providers publish. A tenant's own prices go before it.</summary>
/// <param name="AsOf">When its sources were last read.</param>
/// <param name="Sources">Where the numbers come from, by type of provider.</param>
internal sealed record PriceTable(DateOnly AsOf, IReadOnlyDictionary<string, string> Sources, IReadOnlyList<PriceEntry> Models)
{
    private const string File = "Stoa.Gateway.Models.Prices.prices.json";

    public static PriceTable Shipped()
    {
        using var stream = typeof(PriceTable).Assembly.GetManifestResourceStream(File) ?? throw new InvalidOperationException($"{File} is not embedded.");
        return JsonSerializer.Deserialize(stream, PriceJson.Default.PriceTable)!;
    }
}

/// <summary>One model at one type of provider, from one day on.</summary>
/// <param name="Models">Its names; dated versions of them (<c>-2024-08-06</c>, <c>-20250929</c>, <c>-2411</c>, <c>-001</c>, <c>-latest</c>) are found by them.</param>
/// <param name="From">Null: from the beginning.</param>
/// <param name="MaxOutputTokens">What the model can write at most; null for those that write none, such as embeddings.</param>
internal sealed record PriceEntry(
    ProviderType Provider,
    IReadOnlyList<string> Models,
    DateOnly? From,
    decimal Input,
    decimal Output,
    decimal? CacheRead,
    decimal? CacheWrite,
    decimal? CacheWriteHour,
    decimal? AudioInput,
    decimal? AudioOutput,
    LongPrice? Long,
    long? MaxOutputTokens,
    long? ContextTokens)
{
    public Price ToPrice() => new(Input, Output)
    {
        CacheRead = CacheRead,
        CacheWrite = CacheWrite,
        CacheWriteHour = CacheWriteHour,
        AudioInput = AudioInput,
        AudioOutput = AudioOutput,
        LongOver = Long?.Over ?? 0,
        Long = Long is null ? null : new(Long.Input, Long.Output) { CacheRead = Long.CacheRead, CacheWrite = Long.CacheWrite, CacheWriteHour = Long.CacheWriteHour },
    };
}

/// <summary>Prices of a request whose input is longer than so many tokens.</summary>
internal sealed record LongPrice(long Over, decimal Input, decimal Output, decimal? CacheRead, decimal? CacheWrite, decimal? CacheWriteHour);

/// <summary>Reads the table.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(Tenants.KebabCase<ProviderType>)])]
[JsonSerializable(typeof(PriceTable))]
internal sealed partial class PriceJson : JsonSerializerContext;
