using System.Globalization;
using System.Text;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models.Prices;
using Stoa.Gateway.Models.Routing;
using Stoa.Gateway.Models.Streaming;
using Stoa.Gateway.Models.Usage;

namespace Stoa.Gateway.Models.Upstream;

/// <summary>What the exchanges with all targets have in common.</summary>
internal sealed class ModelExchanges(Calibration calibration, HealthBoard health, TopUp topUp, TimeProvider time)
{
    public ModelExchange Open(ModelCall call, Candidate candidate, long startedAt, TimeSpan left) => new(this, call, candidate, startedAt, left);

    public TimeProvider Time => time;

    public TopUp TopUp => topUp;

    /// <summary>A stream that broke after it had begun says something of its target, too.</summary>
    public void Broke(Candidate candidate, ModelFailureKind kind) => health.Of(candidate.Provider, candidate.Model).Failed(kind);

    /// <summary>How many tokens the request has, most likely; for providers that report nothing.</summary>
    public long LikelyInput(ModelCall call, string model) => calibration.Likely(call.Caller.Tenant, model, TokenEstimate.Input(call.Request));

    /// <summary>Charges the usage; what a provider has reported teaches the next estimate.</summary>
    public void Spend(ModelCall call, Candidate candidate, in TokenUsage usage)
    {
        call.Spent = new(usage, candidate.Price is { } price ? Cost.Of(usage, price) : usage.Total == 0 ? 0 : null);
        if (!usage.IsEstimate)
        {
            calibration.Learn(call.Caller.Tenant, candidate.Model, TokenEstimate.Input(call.Request), usage.Input);
        }
    }

    /// <summary>An answer to a question for the number of tokens.</summary>
    public Answer Estimate(ModelCall call)
    {
        var model = call.Model.Candidates[0].Model;
        return new(AnswerForm.JsonObject, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"input_tokens":{{LikelyInput(call, model)}}}""")), null);
    }
}
