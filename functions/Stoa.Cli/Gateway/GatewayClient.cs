using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Stoa.Cli.Session;

namespace Stoa.Cli.Gateway;

/// <summary>HTTP to the gateway with one key. An answer that is not what was asked for ends the command, see <see cref="GatewayFaults"/>.</summary>
internal sealed class GatewayClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly HttpClient _http;
    private readonly GatewayFaults _faults;

    public GatewayClient(Connection connection, string? key, bool asConsumer = false)
    {
        _faults = new(connection, key, asConsumer);
        _http = new HttpClient(new SocketsHttpHandler
        {
            // A redirect would take the key somewhere else; a proxy has no business between two programs of one machine.
            AllowAutoRedirect = false,
            UseProxy = !Connection.IsLoopback(connection.Endpoint),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            AutomaticDecompression = DecompressionMethods.All,
        })
        {
            BaseAddress = connection.Endpoint,
            Timeout = Patience,
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("stoa", AppVersion.Number));
        _http.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
    }

    public Task<JsonNode> GetAsync(GatewayPath path, CancellationToken ct) => ExpectAsync(HttpMethod.Get, path, null, ct);

    public Task<JsonNode> PostAsync(GatewayPath path, JsonObject? body, CancellationToken ct) => ExpectAsync(HttpMethod.Post, path, body, ct);

    /// <summary>False when there was nothing to delete.</summary>
    public async Task<bool> DeleteAsync(GatewayPath path, CancellationToken ct)
    {
        var reply = await SendAsync(HttpMethod.Delete, path, null, ct);
        return !GatewayFaults.IsAbsence(reply) && _faults.Expect(reply) is not null;
    }

    /// <summary>Null when the gateway says that there is no such thing.</summary>
    public async Task<JsonNode?> FindAsync(GatewayPath path, CancellationToken ct)
    {
        var reply = await SendAsync(HttpMethod.Get, path, null, ct);
        return GatewayFaults.IsAbsence(reply) ? null : _faults.Expect(reply);
    }

    /// <summary>All items of a list, page after page.</summary>
    public async IAsyncEnumerable<JsonObject> ListAsync(GatewayPath path, string items, string next, string cursor, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        string? from = null;
        do
        {
            var page = await GetAsync(from is null ? path : path.With(cursor, from), ct);
            foreach (var item in page[items]?.AsArray() ?? [])
            {
                yield return item!.AsObject();
            }

            // A page that names itself as the next would be read for ever.
            var following = page[next]?.GetValue<string>();
            from = following == from ? null : following;
        }
        while (from is not null);
    }

    /// <summary>The answer whatever its status; for commands that have a use for refusals.</summary>
    public async Task<GatewayReply> SendAsync(HttpMethod method, GatewayPath path, HttpContent? content, CancellationToken ct) =>
        (await ExchangeAsync(method, path, content, ct)).Reply;

    /// <summary>The bytes of an answer that must be a success.</summary>
    public async Task<byte[]> DownloadAsync(GatewayPath path, CancellationToken ct)
    {
        var (reply, body) = await ExchangeAsync(HttpMethod.Get, path, null, ct);
        if (!reply.IsSuccess)
        {
            _faults.Expect(reply);
        }

        return body;
    }

    private async Task<(GatewayReply Reply, byte[] Body)> ExchangeAsync(HttpMethod method, GatewayPath path, HttpContent? content, CancellationToken ct)
    {
        _faults.RequireKey();
        try
        {
            using var request = new HttpRequestMessage(method, path.ToString()) { Content = content };
            using var response = await _http.SendAsync(request, ct);
            var body = await response.Content.ReadAsByteArrayAsync(ct);
            return (GatewayReply.Of((int)response.StatusCode, body, response.Headers), body);
        }
        catch (HttpRequestException e)
        {
            throw _faults.Of(e);
        }
        catch (IOException e)
        {
            throw _faults.Of(new HttpRequestException(e.Message, e));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw _faults.TooSlow(Patience);
        }
    }

    /// <summary>The document in an answer that must be a success.</summary>
    public JsonNode Expect(GatewayReply reply) => _faults.Expect(reply);

    public void Dispose() => _http.Dispose();

    private async Task<JsonNode> ExpectAsync(HttpMethod method, GatewayPath path, JsonObject? body, CancellationToken ct) =>
        _faults.Expect(await SendAsync(method, path, body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"), ct));
}
