using System.Buffers;
using System.Text.Json;
using Stoa.Gateway.Egress;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models;
using Stoa.Gateway.Models.Requests;
using Stoa.Gateway.Models.Upstream;
using Stoa.Gateway.Models.Usage;

namespace Stoa.Gateway.LlmProxy;

/// <summary>
/// How many tokens a request has: asked of the first target if that is Anthropic's own API, estimated otherwise, and when that API does not
/// answer. An estimate is rather too high, as it is what would be reserved. Answers <c>{"input_tokens":n}</c>; charges nothing.
/// </summary>
internal sealed class CountTerminal(TargetCaller targets, TimeProvider time)
{
    private const int MaxAnswer = 64 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public async ValueTask<Answer> RunAsync(Call call, CancellationToken ct)
    {
        var model = (ModelCall)call;
        var candidate = model.Model.Candidates[0];
        model.Served = candidate;
        call.Spent = new(default, 0);
        if (candidate.Provider.Spec.Type is ProviderType.Anthropic)
        {
            var (answer, failure) = await AskAsync(model, ct);
            if (answer is not null || failure is { IsPassing: false })
            {
                model.Failure = failure;
                return answer ?? Answer.Error(failure!.Message, failure.Status);
            }
        }

        return Estimate(model.Request);
    }

    /// <summary>True when the answer was estimated and not counted.</summary>
    public static bool IsEstimate(Answer answer) => answer.UpstreamStatus == 0;

    private static Answer Estimate(ModelRequest request)
    {
        var body = new ArrayBufferWriter<byte>(64);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteNumber("input_tokens"u8, TokenEstimate.Input(request));
            json.WriteEndObject();
        }

        return new(AnswerForm.JsonObject, body.WrittenMemory, null);
    }

    private async ValueTask<(Answer? Answer, ModelFailure? Failure)> AskAsync(ModelCall call, CancellationToken ct)
    {
        var candidate = call.Model.Candidates[0];
        var body = new ArrayBufferWriter<byte>(call.Request.Body.Length + 128);
        RequestSplice.Write(call.Request, UpstreamUrls.NameOf(candidate.Provider.Spec, candidate.Model), null, forceUsage: false, candidate.Provider.Spec.Type, body);
        EgressReply? whole = null;
        var failed = await targets.AskAsync(
            call,
            candidate,
            body.WrittenMemory,
            Patience,
            async (response, sentAt, token) =>
            {
                var read = await WholeBody.ReadAsync(response, MaxAnswer, Patience - time.GetElapsedTime(sentAt), time, token);
                whole = read.IsAnswer ? read.Value : null;
                return !read.IsAnswer ? ProviderError.Of(read.Failure, candidate.Provider.Name)
                    : IsCount(whole!.Body.Span) ? null
                    : ProviderError.Nonsense(candidate.Provider.Name, "is not a count of tokens");
            },
            ct);
        if (failed is null)
        {
            return (new Answer(AnswerForm.JsonObject, whole!.Body, whole) { UpstreamStatus = whole.Status }, null);
        }

        whole?.Dispose();
        return (null, failed.Failure);
    }

    private static bool IsCount(ReadOnlySpan<byte> answer)
    {
        var json = new Utf8JsonReader(answer);
        try
        {
            while (json.Read())
            {
                if (json is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 } && json.ValueTextEquals("input_tokens"u8))
                {
                    return json.Read() && json.TryGetInt64(out _);
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON, or no number: no count.
        }

        return false;
    }
}
