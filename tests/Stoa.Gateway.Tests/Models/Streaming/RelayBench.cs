using System.IO.Pipelines;
using System.Net;
using System.Text;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models;
using Stoa.Gateway.Models.Requests;
using Stoa.Gateway.Models.Streaming;

namespace Stoa.Gateway.Tests.Models.Streaming;

/// <summary>One relay with both ends in the test's hands.</summary>
internal sealed class RelayBench : IAsyncDisposable
{
    private readonly MemoryStream _written = new();

    public RelayBench(HttpResponseMessage response, RelayTerms terms, bool wantsUsage = false, PipeWriter? output = null, TopUp? topUp = null, TimeProvider? time = null)
    {
        // Gemini is spoken by no door; its events go through as they are to be counted.
        var wire = terms.Wire is Wire.Gemini ? Wire.Chat : terms.Wire;
        var request = new ModelRequest { Wire = wire, Body = default, Model = "m", IsStream = true, WantsUsage = wantsUsage };
        Reply = new(output ?? PipeWriter.Create(_written), () => { });
        Call = new(Somebody(), Operation.CallModel, "chat", request, Reply) { Header = _ => null };
        Relay = new(Call, response, terms, topUp ?? ((_, _, _) => new(false)), time ?? TimeProvider.System);
    }

    public ModelCall Call { get; }

    public ModelReply Reply { get; }

    public StreamRelay Relay { get; }

    public byte[] Written => _written.ToArray();

    public string WrittenText => Encoding.UTF8.GetString(Written);

    public static RelayTerms Terms(Wire wire, bool hidesUsage = false, OnDisconnect onDisconnect = OnDisconnect.Stop) =>
        new(wire, null, hidesUsage, 50, onDisconnect, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(10));

    public static HttpResponseMessage Response(Stream body, string contentType = "text/event-stream")
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(body) };
        response.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return response;
    }

    public static HttpResponseMessage Response(string body, string contentType = "text/event-stream") =>
        Response(new ChunkStream([Encoding.UTF8.GetBytes(body)]), contentType);

    public static async Task<RelayBench> RunAsync(Wire wire, Stream body, bool hidesUsage = false, bool wantsUsage = false)
    {
        var bench = new RelayBench(Response(body), Terms(wire, hidesUsage), wantsUsage);
        Assert.Null(await bench.Relay.PrimeAsync(CancellationToken.None));
        await bench.RunAsync();
        return bench;
    }

    public ValueTask RunAsync(CancellationToken ct = default) => Relay.RunAsync(_ => new(true), ct);

    public static Task<RelayBench> RunAsync(Wire wire, string body, bool hidesUsage = false, bool wantsUsage = false) =>
        RunAsync(wire, new ChunkStream([Encoding.UTF8.GetBytes(body)]), hidesUsage, wantsUsage);

    public async ValueTask DisposeAsync() => await Relay.DisposeAsync();

    private static Caller Somebody() => new()
    {
        Revision = null,
        Name = "agent",
        CredentialId = "k1",
        AuthMethod = "api_key",
        Scopes = Scopes.Read,
        Role = Role.None,
        Tools = NameFilter.All,
    };
}
