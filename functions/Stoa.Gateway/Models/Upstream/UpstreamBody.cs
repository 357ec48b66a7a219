using System.Buffers;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models.Requests;
using Stoa.Gateway.Models.Routing;
using Stoa.Gateway.Models.Translation;

namespace Stoa.Gateway.Models.Upstream;

/// <summary>A request as one candidate gets it: the caller's bytes with a few spliced, or rewritten into another wire.</summary>
/// <param name="Bytes">Not to be used when refused.</param>
/// <param name="Losses">What translation left out.</param>
internal readonly record struct UpstreamBody(ReadOnlyMemory<byte> Bytes, IReadOnlyList<string> Losses, Refusal? Refusal)
{
    private const int Room = 256;

    public static UpstreamBody Of(ModelCall call, Candidate candidate)
    {
        var (request, spec) = (call.Request, candidate.Provider.Spec);
        var (name, bytes) = (UpstreamUrls.NameOf(spec, candidate.Model), new ArrayBufferWriter<byte>(request.Body.Length + Room));
        if (call.Operation is Operation.CountTokens)
        {
            RequestSplice.Write(request, name, outputBound: null, forceUsage: false, spec.Type, bytes);
            return new(bytes.WrittenMemory, [], null);
        }

        var bound = BoundFor(call, candidate);
        if (candidate.Wire == request.Wire)
        {
            RequestSplice.Write(request, name, bound, forceUsage: request.IsStream, spec.Type, bytes);
            return new(bytes.WrittenMemory, [], null);
        }

        // The bound of a call is for all its answers, that of a request for each. A request may name two, of which the translation reads one.
        var each = bound is { } all ? Least(Math.Max(1, all / request.Choices), request.MaxOutputTokens is > 0 and var asked ? asked : null) : null;
        var terms = new RequestTerms(name, each, request.IsStream) { Provider = spec.Type };
        var refusal = RequestTranslation.TryWrite(request, candidate.Wire, terms, bytes, out var losses);
        return new(bytes.WrittenMemory, losses, refusal);
    }

    /// <summary>What the provider is asked to keep to; null leaves the caller's own bound, or none.</summary>
    private static long? BoundFor(ModelCall call, Candidate candidate)
    {
        var request = call.Request;
        if (request.Wire is Wire.Embeddings)
        {
            return null;
        }

        var most = candidate.MaxOutputTokens * request.Choices;
        var route = call.Model.Route.MaxOutputTokens * request.Choices;
        var bound = Least(call.OutputBound, route);
        if (bound is null)
        {
            // Messages must name a bound; a caller of another wire need not have.
            return candidate.Wire is Wire.Messages && request.Wire is not Wire.Messages && request.MaxOutputTokens is null ? most : null;
        }

        // A model that can write less refuses to be asked for more.
        return Least(bound, most);
    }

    private static long? Least(long? a, long? b) => a is { } first && b is { } second ? Math.Min(first, second) : a ?? b;
}
