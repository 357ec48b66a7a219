using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Stoa.Testing.EventHubs;

/// <summary>
/// An event hub as its REST reference has it ("Send batch events"), over HTTPS with a certificate of its own: strict, with a file that is flushed to
/// disk before 201, and faults as a test says. Documented: the URL, POST, 201 with an empty body, 401, 500, the content type, the shape
/// <c>[{"Body": string, "BrokerProperties"?: {}, "UserProperties"?: {}}]</c>, 1 MB per request, SAS tokens with sr, sig, se, skn, bearer tokens for
/// https://eventhubs.azure.net, a batch all or nothing. Assumed: 404 for another hub, 400 for another shape or content type, 413 above the limit,
/// 503 when throttled; that BrokerProperties.PartitionKey of an item is honoured in a batch is not assumed: nothing here depends on it.
/// </summary>
public sealed class EventHubStandIn : IAsyncDisposable
{
    public const string Hub = "audit";
    public const string KeyName = "send";
    public const string Key = "c2VjcmV0LWZvci10ZXN0cy1vbmx5LTAxMjM0NTY3ODk=";

    private const int MaxBytes = 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly WebApplication _app;
    private readonly X509Certificate2 _certificate;
    private readonly FileStream _file;
    private readonly TimeProvider _time;
    private readonly List<HubEvent> _events = [];
    private readonly List<string> _refusals = [];

    private EventHubStandIn(WebApplication app, X509Certificate2 certificate, string path, TimeProvider time)
    {
        (_app, _certificate, _time) = (app, certificate, time);
        _file = new(path, FileMode.CreateNew, FileAccess.Write);
    }

    /// <summary>For example <c>https://127.0.0.1:20123/audit</c>.</summary>
    public Uri Url { get; private set; } = null!;

    public string ConnectionString => $"Endpoint=sb://{Url.Authority}/;SharedAccessKeyName={KeyName};SharedAccessKey={Key};EntityPath={Hub}";

    /// <summary>Asked once per authorized request, with its number from 1.</summary>
    public Func<int, HubFault> Fault { get; set; } = static _ => HubFault.None;

    public int Requests { get; private set; }

    /// <summary>Statuses of requests that were refused for what they were.</summary>
    public IReadOnlyList<string> Refusals
    {
        get
        {
            lock (_gate)
            {
                return [.. _refusals];
            }
        }
    }

    /// <summary>What the hub keeps, in the order in which it came.</summary>
    public IReadOnlyList<HubEvent> Events
    {
        get
        {
            lock (_gate)
            {
                return [.. _events];
            }
        }
    }

    public static async Task<EventHubStandIn> StartAsync(TimeProvider time)
    {
        var certificate = Certificate();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.UseHttps(certificate)));
        var app = builder.Build();
        var hub = new EventHubStandIn(app, certificate, Path.Combine(Directory.CreateTempSubdirectory("stoa-hub-").FullName, "events.jsonl"), time);
        app.Run(hub.ServeAsync);
        await app.StartAsync();
        hub.Url = new Uri(new Uri(app.Urls.Single()), Hub);
        return hub;
    }

    /// <summary>A client that trusts this server and no other.</summary>
    public HttpClientHandler Handler() => new()
    {
        ServerCertificateCustomValidationCallback = (_, certificate, _, _) => certificate is not null && certificate.RawDataMemory.Span.SequenceEqual(_certificate.RawDataMemory.Span),
    };

    /// <summary>A token as an identity gets it; the stand-in checks audience and time, not its signature.</summary>
    public static string Token(string audience, DateTimeOffset expires) =>
        $"{Base64("""{"alg":"none"}""")}.{Base64($$"""{"aud":"{{audience}}","exp":{{expires.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}}}""")}.";

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _file.DisposeAsync();
        _certificate.Dispose();
        Directory.Delete(Path.GetDirectoryName(_file.Name)!, recursive: true);
    }

    private async Task ServeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        lock (_gate)
        {
            Serve(http, body.ToArray());
        }
    }

    private void Serve(HttpContext http, byte[] body)
    {
        var (status, reason) = Refusal(http.Request, body, out var events);
        if (status != 0)
        {
            _refusals.Add($"{status} {reason}");
            http.Response.StatusCode = status;
            return;
        }

        var fault = Fault(++Requests);
        if (fault is HubFault.None or HubFault.DropAfter)
        {
            foreach (var item in events)
            {
                _file.Write(Encoding.UTF8.GetBytes(item.Body + "\n"));
            }

            _file.Flush(flushToDisk: true);
            _events.AddRange(events);
        }

        switch (fault)
        {
            case HubFault.DropBefore or HubFault.DropAfter:
                http.Abort();
                break;
            default:
                http.Response.StatusCode = fault switch { HubFault.None => 201, HubFault.Throttle => 503, HubFault.TooMany => 429, _ => 500 };
                break;
        }
    }

    private (int Status, string Reason) Refusal(HttpRequest request, byte[] body, out List<HubEvent> events)
    {
        events = [];
        return request.Path != $"/{Hub}/messages" ? (404, "another hub")
            : request.Method != "POST" ? (405, "not POST")
            : !IsAuthorized(request.Headers.Authorization.ToString()) ? (401, "authorization")
            : request.ContentType != "application/vnd.microsoft.servicebus.json" ? (400, "content type")
            : body.Length > MaxBytes ? (413, "too large")
            : !TryRead(body, events) ? (400, "shape")
            : default;
    }

    private bool IsAuthorized(string header)
    {
        if (header.StartsWith("Bearer ", StringComparison.Ordinal))
        {
            return header[7..].Split('.') is [_, var payload, _] && IsForUs(JsonElement.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(payload)));
        }

        const string Scheme = "SharedAccessSignature ";
        if (!header.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return false;
        }

        var parts = header[Scheme.Length..].Split('&').Select(p => p.Split('=', 2)).Where(p => p.Length == 2).ToDictionary(p => p[0], p => p[1]);
        if (!parts.TryGetValue("sr", out var resource) || !parts.TryGetValue("sig", out var signature) || !parts.TryGetValue("se", out var expiry)
            || parts.GetValueOrDefault("skn") != KeyName || !long.TryParse(expiry, CultureInfo.InvariantCulture, out var seconds))
        {
            return false;
        }

        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key), Encoding.UTF8.GetBytes($"{resource}\n{expiry}"));
        return CryptographicOperations.FixedTimeEquals(expected, Convert.FromBase64String(Uri.UnescapeDataString(signature)))
            && DateTimeOffset.FromUnixTimeSeconds(seconds) > _time.GetUtcNow()
            && Url.AbsoluteUri.StartsWith(Uri.UnescapeDataString(resource), StringComparison.OrdinalIgnoreCase);
    }

    private bool IsForUs(JsonElement token) =>
        token.GetProperty("aud").GetString() == "https://eventhubs.azure.net" && DateTimeOffset.FromUnixTimeSeconds(token.GetProperty("exp").GetInt64()) > _time.GetUtcNow();

    private static bool TryRead(byte[] body, List<HubEvent> events)
    {
        JsonElement batch;
        try
        {
            batch = JsonElement.Parse(body);
        }
        catch (JsonException)
        {
            return false;
        }

        if (batch.ValueKind is not JsonValueKind.Array || batch.GetArrayLength() == 0)
        {
            return false;
        }

        foreach (var item in batch.EnumerateArray())
        {
            if (item.ValueKind is not JsonValueKind.Object || !item.TryGetProperty("Body", out var text) || text.ValueKind is not JsonValueKind.String
                || item.EnumerateObject().Any(m => m.Name is not ("Body" or "BrokerProperties" or "UserProperties") || (m.Name is not "Body" && m.Value.ValueKind is not JsonValueKind.Object)))
            {
                return false;
            }

            var key = item.TryGetProperty("BrokerProperties", out var broker) && broker.TryGetProperty("PartitionKey", out var partition) ? partition.GetString() : null;
            events.Add(new(text.GetString()!, key));
        }

        // The rule of this gateway, not of hubs: a batch is one instance's.
        return events.Select(e => e.PartitionKey).Distinct().Count() == 1;
    }

    private static string Base64(string text) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), password: null);
    }
}

/// <summary>An event that the hub keeps.</summary>
public sealed record HubEvent(string Body, string? PartitionKey);
