using Stoa.Gateway.Models.Requests;

namespace Stoa.Gateway.Models.Usage;

/// <summary>Stub.</summary>
internal static class TokenEstimate
{
    public static long Of(ModelRequest request) => ((request.TextBytes + 2) / 3) + (request.MediaParts * 1500L) + 16;
}
