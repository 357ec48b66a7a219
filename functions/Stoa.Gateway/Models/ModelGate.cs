using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models.Prices;
using Stoa.Gateway.Models.Requests;
using Stoa.Gateway.Models.Routing;
using Stoa.Gateway.Models.Usage;
using Stoa.Gateway.Quotas;

namespace Stoa.Gateway.Models;

/// <summary>
/// Finds who may serve the model that a call names, in which order, and what the call may use at most. Nothing leaves the gateway here.
/// </summary>
internal sealed class ModelGate(PriceBook prices, HealthBoard health, Calibration calibration, TimeProvider time, Random random)
{
    /// <summary>Picks the provider, where the caller's plan lets it.</summary>
    public const string ProviderHeader = "x-stoa-llm-provider";

    /// <summary>Where neither caller nor route nor anybody's knowledge of the model bounds an answer.</summary>
    public const long DefaultOutputTokens = 4096;

    /// <summary>More than any model writes. What callers ask for beyond it is not calculated with: times prices and answers it would overflow.</summary>
    private const long MostOutputTokens = 10_000_000;

    /// <summary>An answer cut shorter than this is of little use.</summary>
    private const long ShortestAnswer = 256;

    private const int LongestShown = 128;

    public ValueTask<Refusal?> ResolveAsync(Call call, CancellationToken ct) =>
        call is ModelCall { Operation: Operation.CallModel or Operation.CountTokens } model ? new(Resolve(model)) : default;

    private Refusal? Resolve(ModelCall call)
    {
        var (request, revision) = (call.Request, call.Caller.Revision!);
        if (ModelCatalog.Of(revision).Find(request.Model) is not { } route)
        {
            return new(RefusalKind.UnknownModel, $"The model '{Shown(request.Model)}' does not exist here. GET /v1/models lists those that you may use.");
        }

        if (request.IsBackground)
        {
            // Such an answer says that it has begun, not what it will come to; that nobody would ever settle.
            return new(RefusalKind.UnsupportedRequest, "The gateway does not serve `background`: wait for the answer or stream it.");
        }

        var plans = PlanView.Of(revision);
        if (!call.Caller.Models.Allows(request.Model) || !plans.AllowsModel(call.Caller.Name, request.Model))
        {
            return new(RefusalKind.ModelForbidden, $"The model '{Shown(request.Model)}' is not in your plan. GET /v1/models lists those that you may use.");
        }

        var picked = call.Header(ProviderHeader) is { Length: > 0 } header ? header : null;
        if (picked is not null && !plans.AllowsProviderOverride(call.Caller.Name))
        {
            return new(RefusalKind.ModelForbidden, $"Your plan does not let you pick the provider; leave the header {ProviderHeader} out.");
        }

        var plan = plans.PlanOf(call.Caller.Name);
        var fitting = route.Targets
            .Where(t => t.Provider.Spec.Enabled && (picked is null || t.Provider.Name == picked) && RouteConditions.Hold(t.Target.When, call, plan))
            .ToArray();
        if (fitting.Length == 0)
        {
            return picked is null
                ? new(RefusalKind.ModelForbidden, $"Nothing serves the model '{Shown(request.Model)}' for this caller and request now.")
                : new(RefusalKind.UnsupportedRequest, $"Nothing serves the model '{Shown(request.Model)}' at a provider '{Shown(picked)}'; leave the header {ProviderHeader} out.");
        }

        return Candidates(call, route, fitting, out var refusal) is { } candidates ? Set(call, route, candidates) : refusal;
    }

    private Candidate[]? Candidates(ModelCall call, ModelRoute route, RouteTargetAt[] targets, out Refusal? refusal)
    {
        var (request, now) = (call.Request, time.GetUtcNow());
        var weighed = route.Spec.Strategy is RouteStrategy.Weighted ? Strategy.ByWeight(targets, static t => t.Target.Weight, random) : [.. targets];
        var speaking = weighed
            .Select(t => (Target: t, Model: t.Target.Model ?? request.Model, Wire: Wires.For(t.Provider.Spec, request.Wire)))
            .Where(t => t.Wire is { } wire && (wire == request.Wire || !request.NeedsState))
            .ToArray();
        if (speaking.Length == 0)
        {
            refusal = new(RefusalKind.UnsupportedRequest, request.NeedsState
                ? $"What serves the model '{Shown(request.Model)}' keeps nothing between calls: send the whole conversation, without `{request.StateMember}`."
                : $"What serves the model '{Shown(request.Model)}' cannot do {(request.Wire is Wire.Embeddings ? "embeddings" : "this kind of request")}.");
            return null;
        }

        Candidate[] candidates =
        [
            .. speaking.Select(t => new Candidate(
                    t.Target.Provider, t.Model, t.Wire!.Value, PriceOf(t.Target.Provider, t.Model, t.Wire == request.Wire && request.AsksForMore, now), prices.MaxOutputOf(t.Target.Provider.Spec.Type, t.Model, now)))
                .Where(c => c.Price is not null || c.Provider.Spec.UnknownPrice is UnknownPrice.Report),
        ];
        refusal = candidates.Length > 0 ? null
            : new(RefusalKind.PriceUnknown, $"The price of the model '{Shown(request.Model)}' {(request.AsksForMore ? "with the tier or the provider's own tools that the request asks for " : "")}is not known, and its provider is set to refuse such calls. The tenant's administrator can add it under `prices`.");
        return candidates.Length > 0 ? candidates : null;
    }

    // Such a wish goes along only where the request passes through.
    private Price? PriceOf(Provider provider, string model, bool isAskedForMore, DateTimeOffset now) => isAskedForMore ? null : prices.Find(provider, model, now);

    private Refusal? Set(ModelCall call, ModelRoute route, Candidate[] candidates)
    {
        var input = EstimateOf(call, candidates);
        var output = call.Request.Wire is Wire.Embeddings ? 0 : candidates.Max(c => OutputOf(call.Request, route, c));
        IReadOnlyList<Candidate> ordered = route.Spec.Strategy switch
        {
            RouteStrategy.LowestCost => Strategy.ByCost(candidates, input, output),
            RouteStrategy.LowestLatency => Strategy.ByLatency(candidates, c => health.Find(c.Provider, c.Model)?.ExpectedLatency(call.Request.IsStream)),
            _ => candidates,
        };
        call.Target = new ModelTarget(call.Request.Model, route.Name, route.Spec, ordered);
        if (call.Operation is Operation.CallModel)
        {
            call.Demand = new()
            {
                InputTokens = input,
                OutputTokens = output,
                LeastOutputTokens = Math.Min(output, ShortestAnswer),
                Rates = Dearest(candidates),
                IsStream = call.Request.IsStream,
            };
        }

        return null;
    }

    private static long OutputOf(ModelRequest request, ModelRoute route, Candidate candidate)
    {
        // Zero is no bound: some servers take it for one that was left out.
        long? asked = request.MaxOutputTokens is > 0 and var set ? Math.Min(set, MostOutputTokens) : null;
        var most = asked ?? candidate.MaxOutputTokens ?? DefaultOutputTokens;
        return Math.Min(most, route.Spec.MaxOutputTokens ?? most) * request.Choices;
    }

    private long EstimateOf(ModelCall call, Candidate[] candidates)
    {
        var (tenant, plain) = (call.Caller.Tenant, TokenEstimate.Input(call.Request));
        return candidates.Max(c => calibration.Bound(tenant, c.Model, plain));
    }

    private static TokenRates? Dearest(Candidate[] candidates)
    {
        TokenRates dearest = default;
        foreach (var candidate in candidates)
        {
            if (candidate.Price is null)
            {
                return null;
            }

            var rates = Cost.Dearest(candidate.Price);
            dearest = new(Math.Max(dearest.Input, rates.Input), Math.Max(dearest.Output, rates.Output));
        }

        return dearest;
    }

    private static string Shown(string name) => JsonText.Shorten(name, LongestShown);
}
