using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models;
using Stoa.Gateway.Models.Prices;
using Stoa.Gateway.Models.Routing;
using Stoa.Gateway.Models.Upstream;
using Stoa.Gateway.Tools.Resilience;

namespace Stoa.Gateway.Manage;

/// <summary>What can be said of a revision's providers and routes: what is configured, and what this instance has seen of it.</summary>
internal sealed class LlmWatch(HealthBoard health, PriceBook prices, TimeProvider time)
{
    public LlmStatusReport Status(Revision revision)
    {
        var catalog = ModelCatalog.Of(revision);
        var providers = catalog.Providers.Values;
        var known = providers.Select(p => Healthy(p)).ToArray();
        return new(
            revision.Tenant.ToString(),
            new(providers.Length, providers.Count(p => p.Spec.Enabled), known.Count(h => h is true), known.Count(h => h is false)),
            [.. ModelCatalog.Of(revision).All.Select(r => RouteOf(r))]);
    }

    public LlmProvidersReport Providers(Revision revision)
    {
        var catalog = ModelCatalog.Of(revision);
        return new(revision.Tenant.ToString(), prices.AsOf, [.. catalog.Providers.Values.OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => ProviderOf(p, revision))]);
    }

    public LlmBreakersReport Breakers(Revision revision) => new(
        revision.Tenant.ToString(),
        [
            .. from provider in ModelCatalog.Of(revision).Providers.Values.OrderBy(p => p.Name, StringComparer.Ordinal)
               from seen in health.SeenOf(provider)
               let state = seen.Health.Breaker.State
               select new LlmBreakerReport(provider.Name, seen.Model, BreakerPhaseNames.NameOf(state.Phase), state.OpenUntil, NameOf(seen.Health.LastError)),
        ]);

    private LlmRouteReport RouteOf(ModelRoute route) => new(
        route.Name,
        route.Spec.NamesOf(route.Name),
        route.Spec.Strategy switch
        {
            RouteStrategy.Weighted => "weighted",
            RouteStrategy.LowestCost => "lowest-cost",
            RouteStrategy.LowestLatency => "lowest-latency",
            _ => "ordered",
        },
        route.Spec.Enabled,
        [
            .. route.Targets.Select(t => new LlmTargetReport(
                t.Provider.Name,
                t.Target.Model,
                route.Spec.Strategy is RouteStrategy.Weighted ? t.Target.Weight : null,
                t.Target.When is not null,
                t.Target.Model is { } model && health.Find(t.Provider, model) is { } seen ? Healthy(seen) : null)),
        ]);

    private LlmProviderReport ProviderOf(Provider provider, Revision revision)
    {
        var configured = ModelCatalog.Of(revision).All.SelectMany(r => r.Targets.Where(t => t.Provider.Name == provider.Name).SelectMany(t => NamesOf(t.Target, r)));
        var models = configured.Concat(health.SeenOf(provider).Select(s => s.Model)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        var spec = provider.Spec;
        return new(
            provider.Name,
            TypeOf(spec.Type),
            UpstreamUrls.BaseOf(spec)?.AbsoluteUri ?? "",
            spec.Auth switch { null => "none", { ManagedIdentity: true } => "managedIdentity", _ => "secret" },
            spec.Enabled,
            spec.UnknownPrice is UnknownPrice.Refuse ? "refuse" : "report",
            Healthy(provider),
            [.. models.Select(m => ModelOf(provider, m))]);
    }

    // A pattern names no model; those that it let through are among what was seen.
    private static IEnumerable<string> NamesOf(RouteTarget target, ModelRoute route) =>
        target.Model is { } model ? [model] : route.Spec.NamesOf(route.Name).Where(n => !ModelNames.IsPattern(n));

    private LlmModelReport ModelOf(Provider provider, string model)
    {
        var seen = health.Find(provider, model);
        return new(
            model,
            seen is null ? null : Healthy(seen),
            BreakerPhaseNames.NameOf(seen?.Breaker.State.Phase ?? BreakerPhase.Closed),
            seen?.LastSuccessAt,
            seen?.LastErrorAt,
            NameOf(seen?.LastError),
            Milliseconds(seen?.Latency(isStream: false)),
            Milliseconds(seen?.Latency(isStream: true)),
            prices.Find(provider, model, time.GetUtcNow()) is { } price ? PriceOf(price) : null);
    }

    private static LlmPriceReport PriceOf(Price price) => new(price.Input, price.Output, price.CacheRead, price.CacheWrite, price.CacheWriteHour, price.AudioInput, price.AudioOutput)
    {
        Long = price.Long is { } longer ? PriceOf(longer) : null,
        LongOver = price.Long is null ? null : price.LongOver,
    };

    /// <summary>False when any of its models fails at present.</summary>
    private bool? Healthy(Provider provider)
    {
        var seen = health.SeenOf(provider).Select(s => Healthy(s.Health)).Where(h => h is not null).ToArray();
        return seen.Length == 0 ? null : Array.TrueForAll(seen, h => h is true);
    }

    private static bool? Healthy(TargetHealth seen) =>
        !seen.Breaker.IsClosed ? false
        : seen.LastErrorAt is null && seen.LastSuccessAt is null ? null
        : seen.LastErrorAt is null || seen.LastSuccessAt >= seen.LastErrorAt;

    private static double? Milliseconds(TimeSpan? time) => time is { } known ? Math.Round(known.TotalMilliseconds, 1) : null;

    private static string TypeOf(ProviderType type) => type switch
    {
        ProviderType.OpenAI => "openai",
        ProviderType.AzureOpenAI => "azure-openai",
        ProviderType.Anthropic => "anthropic",
        ProviderType.Mistral => "mistral",
        ProviderType.Gemini => "gemini",
        _ => "openai-compatible",
    };

    private static string? NameOf(ModelFailureKind? kind) => kind switch
    {
        null => null,
        ModelFailureKind.RequestRefused => "requestRefused",
        ModelFailureKind.RateLimited => "rateLimited",
        ModelFailureKind.TimedOut => "timedOut",
        ModelFailureKind.Nonsense => "nonsense",
        ModelFailureKind.CredentialRefused => "credentialRefused",
        _ => "unavailable",
    };
}
