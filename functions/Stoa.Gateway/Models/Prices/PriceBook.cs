using System.Collections.Frozen;
using Stoa.Gateway.Models.Routing;

namespace Stoa.Gateway.Models.Prices;

/// <summary>
/// Finds what a model costs and can: by the tenant's own prices, then by the table. Nothing is guessed: a model that neither names has no
/// price.
/// </summary>
internal sealed class PriceBook
{
    // Read when the first call asks for a price, not at start-up.
    private readonly Lazy<PriceTable> _table;

    /// <summary>Of one type and name, the newest first.</summary>
    private readonly Lazy<FrozenDictionary<(ProviderType, string), PriceEntry[]>> _entries;

    public PriceBook(Func<PriceTable> open)
    {
        _table = new(open);
        _entries = new(() => _table.Value.Models
            .SelectMany(e => e.Models.Select(m => (Key: (e.Provider, m), Entry: e)))
            .GroupBy(e => e.Key, e => e.Entry)
            .ToFrozenDictionary(g => g.Key, g => g.OrderByDescending(e => e.From ?? DateOnly.MinValue).ToArray()));
    }

    public DateOnly AsOf => _table.Value.AsOf;

    /// <summary>Null when nobody knows it. A tenant's own price of zero is a price.</summary>
    public Price? Find(Provider provider, string model, DateTimeOffset now)
    {
        ModelPrice? own = null;
        foreach (var price in provider.Spec.Prices ?? [])
        {
            if (ModelNames.Matches(price.Model, model) && (own is null || IsNearer(price.Model, own.Model)))
            {
                own = price;
            }
        }

        return own?.ToPrice() ?? EntryOf(provider.Spec.Type, model, now)?.ToPrice();
    }

    /// <summary>The most tokens that the model can write; null when unknown.</summary>
    public long? MaxOutputOf(ProviderType type, string model, DateTimeOffset now) => EntryOf(type, model, now)?.MaxOutputTokens;

    private static bool IsNearer(string pattern, string than) =>
        ModelNames.IsPattern(than) && (!ModelNames.IsPattern(pattern) || pattern.Length > than.Length);

    private PriceEntry? EntryOf(ProviderType type, string model, DateTimeOffset now)
    {
        // Azure sells OpenAI's models at OpenAI's prices (global deployments); other prices are for the tenant to set.
        var seller = type is ProviderType.AzureOpenAI ? ProviderType.OpenAI : type;
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        for (var name = model; name is not null; name = Undated(name))
        {
            if (_entries.Value.TryGetValue((seller, name), out var entries))
            {
                return Array.Find(entries, e => e.From is null || e.From <= today);
            }
        }

        return null;
    }

    /// <summary>The name without one last part that only says which version it is; null when it has none.</summary>
    private static string? Undated(string name)
    {
        if (name.Length > 11 && name[^11] == '-' && DateOnly.TryParseExact(name.AsSpan()[^10..], "yyyy-MM-dd", out _))
        {
            return name[..^11];
        }

        var at = name.LastIndexOf('-');
        var last = name.AsSpan()[(at + 1)..];
        return at > 0 && (last is "latest" || (last.Length is 3 or 4 or 8 && !last.ContainsAnyExceptInRange('0', '9'))) ? name[..at] : null;
    }
}
