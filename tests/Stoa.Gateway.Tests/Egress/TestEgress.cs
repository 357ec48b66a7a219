using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Stoa.Gateway.Egress;
using Stoa.Testing;

namespace Stoa.Gateway.Tests.Egress;

/// <summary>Clients under test, and the limits that tests use when limits are not the matter.</summary>
internal static class TestEgress
{
    public static readonly EgressLimits Ample = new(TimeSpan.FromSeconds(60), 1024 * 1024);

    public static EgressClient Client(ILogger<EgressClient>? logger = null) =>
        new(new EgressSettings { AllowLoopback = true }, TimeProvider.System, logger ?? NullLogger<EgressClient>.Instance);

    /// <summary>A client whose limits end when the clock is moved, and so never before the upstream has got the request.</summary>
    public static EgressClient Client(FakeTime time) => new(new EgressSettings { AllowLoopback = true }, time, NullLogger<EgressClient>.Instance);

    /// <summary>A client for which every name has the addresses given, and loopback is closed but for the networks given.</summary>
    public static EgressClient Resolving(Func<string, IPAddress[]> resolve, params string[] allowed) => new(
        new EgressSettings { AllowedNetworks = [.. allowed.Select(IPNetwork.Parse)] },
        TimeProvider.System,
        NullLogger<EgressClient>.Instance,
        (host, _) => ValueTask.FromResult(resolve(host)));

    public static HttpRequestMessage Get(Uri url) => new(HttpMethod.Get, url);

    public static HttpRequestMessage Get(string url) => new(HttpMethod.Get, url);

    public static async Task<EgressFailure> FailureOfAsync(EgressClient client, HttpRequestMessage request, EgressLimits limits)
    {
        var result = await client.SendAsync(request, limits, TestContext.Current.CancellationToken);
        using var answer = result.Value;
        Assert.NotNull(result.Failure);
        return result.Failure;
    }

    public static async Task<EgressReply> ReplyOfAsync(EgressClient client, HttpRequestMessage request)
    {
        var result = await client.SendAsync(request, Ample, TestContext.Current.CancellationToken);
        Assert.Null(result.Failure);
        return result.Value!;
    }
}
