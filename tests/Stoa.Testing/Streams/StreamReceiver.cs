using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Stoa.Testing.Streams;

/// <summary>What a receiver does to a request that is in order.</summary>
public enum ReceiverFault
{
    None,

    /// <summary>429.</summary>
    Throttle,

    /// <summary>503.</summary>
    Busy,

    /// <summary>500, and nothing is kept.</summary>
    Fail,

    /// <summary>401.</summary>
    Unauthorized,

    /// <summary>400.</summary>
    Bad,

    /// <summary>Keeps all but what <see cref="StreamReceiver.Rejects"/> names, and says so as OTLP does; a webhook has no such answer and says 422.</summary>
    Partial,

    /// <summary>200 with a page for people, as a proxy in front answers.</summary>
    Page,

    /// <summary>Drops the connection before the batch is kept.</summary>
    DropBefore,

    /// <summary>Keeps the batch, and drops the connection instead of confirming.</summary>
    DropAfter,
}

/// <summary>
/// A receiver of a stream on a real socket: a collector of OTLP logs, or a webhook that takes nothing without a good signature. Strict about what
/// comes, faulty as the test says. It keeps records as the lines of the ledger.
/// </summary>
public sealed class StreamReceiver : IAsyncDisposable
{
    public const string Credential = "collector-credential-0123456789";
    public const string Secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    private readonly Lock _gate = new();
    private readonly bool _isWebhook;
    private readonly List<string> _kept = [];
    private readonly List<string> _wrong = [];
    private ScriptedUpstream _server = null!;
    private int _requests;

    private StreamReceiver(bool isWebhook) => _isWebhook = isWebhook;

    /// <summary>Asked once per request that is in order, with its number from 1.</summary>
    public Func<int, ReceiverFault> Fault { get; set; } = static _ => ReceiverFault.None;

    /// <summary>For <see cref="ReceiverFault.Partial"/> and <see cref="ReceiverFault.Bad"/>: of requests without such a record, nothing is refused.</summary>
    public Func<string, bool> Rejects { get; set; } = static _ => true;

    public int? RetryAfter { get; set; }

    public Uri Url => _isWebhook ? new Uri(_server.Url, "records?token=in-the-url-9b1d") : _server.Url;

    public IReadOnlyList<ScriptedRequest> Requests => _server.Requests;

    /// <summary>Lines in the order in which they were kept.</summary>
    public IReadOnlyList<string> Kept
    {
        get
        {
            lock (_gate)
            {
                return [.. _kept];
            }
        }
    }

    /// <summary>What was not as it must be; empty in every test.</summary>
    public IReadOnlyList<string> Wrong
    {
        get
        {
            lock (_gate)
            {
                return [.. _wrong];
            }
        }
    }

    public static Task<StreamReceiver> CollectorAsync() => StartAsync(isWebhook: false);

    public static Task<StreamReceiver> WebhookAsync() => StartAsync(isWebhook: true);

    public static async Task<StreamReceiver> StartAsync(bool isWebhook)
    {
        var receiver = new StreamReceiver(isWebhook);
        receiver._server = await ScriptedUpstream.StartAsync(receiver.ServeAsync);
        return receiver;
    }

    /// <summary>The sequences of one instance's records, in the order in which they were kept.</summary>
    public IReadOnlyList<long> SequencesOf(string instance) =>
        [.. Kept.Select(l => JsonElement.Parse(Encoding.UTF8.GetBytes(l))).Where(r => r.GetProperty("inst").GetString() == instance).Select(r => r.GetProperty("seq").GetInt64())];

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ServeAsync(ScriptedExchange exchange)
    {
        string[] lines;
        ReceiverFault fault;
        lock (_gate)
        {
            try
            {
                lines = _isWebhook ? ReadWebhook(exchange.Request) : ReadLogs(exchange.Request);
            }
            catch (Exception e) when (e is InvalidDataException or JsonException or FormatException or KeyNotFoundException)
            {
                _wrong.Add(e.Message);
                lines = [];
            }

            fault = lines.Length == 0 ? ReceiverFault.Unauthorized : Fault(++_requests);
            var isRejected = fault is ReceiverFault.Partial or ReceiverFault.Bad;
            fault = isRejected && !lines.Any(Rejects) ? ReceiverFault.None : fault;
            if (fault is ReceiverFault.None or ReceiverFault.DropAfter)
            {
                _kept.AddRange(lines);
            }
            else if (fault is ReceiverFault.Partial)
            {
                _kept.AddRange(lines.Where(l => !Rejects(l)));
            }
        }

        await AnswerAsync(exchange, fault, lines.Count(Rejects));
    }

    private Task AnswerAsync(ScriptedExchange exchange, ReceiverFault fault, int rejected)
    {
        switch (fault)
        {
            case ReceiverFault.DropBefore or ReceiverFault.DropAfter:
                exchange.Reset();
                return Task.CompletedTask;
            case ReceiverFault.None:
                return exchange.AnswerJsonAsync(_isWebhook ? "\"thanks\"" : """{"partialSuccess":{}}""");
            case ReceiverFault.Page:
                return exchange.AnswerAsync(200, "text/html", "<html>Please sign in.</html>");
            case ReceiverFault.Partial when !_isWebhook:
                return exchange.AnswerJsonAsync($$$"""{"partialSuccess":{"rejectedLogRecords":"{{{rejected}}}","errorMessage":"told-by-the-receiver"}}""");
            default:
                var status = fault switch { ReceiverFault.Throttle => 429, ReceiverFault.Busy => 503, ReceiverFault.Fail => 500, ReceiverFault.Unauthorized => 401, ReceiverFault.Bad => 400, _ => 422 };
                string[] more = RetryAfter is { } seconds ? [$"Retry-After: {seconds.ToString(CultureInfo.InvariantCulture)}"] : [];
                return exchange.AnswerAsync(status, "application/json", "{}", more);
        }
    }

    private static string[] ReadLogs(ScriptedRequest request)
    {
        Demand(request is { Method: "POST", Target: "/v1/logs" }, "POST /v1/logs");
        Demand(request.Header("Content-Type") == "application/json", "the content type");
        Demand(request.Header("x-credential") == Credential, "the credential");
        Demand(request.Body.Length <= 1_000_000, "the size");
        var logs = OtlpLogReader.Read(request.Body.Span);
        foreach (var log in logs)
        {
            var record = JsonElement.Parse(Encoding.UTF8.GetBytes(log.Body));
            Demand(log.Attributes["stoa.audit.inst"] == record.GetProperty("inst").GetString() && log.Resource["service.instance.id"] == record.GetProperty("inst").GetString(), "the instance");
            Demand(log.Attributes["stoa.audit.seq"] == record.GetProperty("seq").ToString(), "the sequence");
            Demand(log.Attributes["stoa.audit.type"] == record.GetProperty("type").GetString(), "the type");
            var ticks = DateTimeOffset.UnixEpoch.AddTicks(long.Parse(log.Record.GetProperty("timeUnixNano").GetString()!, CultureInfo.InvariantCulture) / 100);
            Demand(ticks == DateTimeOffset.Parse(record.GetProperty("ts").GetString()!, CultureInfo.InvariantCulture), "the time");
        }

        return [.. logs.Select(l => l.Body)];
    }

    // As a library of Standard Webhooks does it, with nothing of the gateway's.
    private static string[] ReadWebhook(ScriptedRequest request)
    {
        Demand(request is { Method: "POST", Target: "/records?token=in-the-url-9b1d" }, "POST of the URL");
        Demand(request.Header("Content-Type") == "application/json", "the content type");
        Demand(request.Body.Length <= 1_000_000, "the size");
        var signed = Encoding.UTF8.GetBytes($"{request.Header("webhook-id")}.{request.Header("webhook-timestamp")}.{request.BodyText}");
        var expected = "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Secret["whsec_".Length..]), signed));
        Demand(request.Header("webhook-signature") == expected, "the signature");

        // An array of records, and each record one line of it as the ledger has it.
        var records = JsonElement.Parse(request.Body.Span).EnumerateArray().ToList();
        var lines = request.BodyText[1..^1].Split(",\n");
        Demand(records.Select(r => r.GetRawText()).SequenceEqual(lines), "a record per line");
        Demand(request.Header("webhook-id") == $"{records[0].GetProperty("inst").GetString()}-{records[0].GetProperty("seq")}-{records[^1].GetProperty("seq")}", "the id");
        return lines;
    }

    private static void Demand(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidDataException($"A request is not in order: {what}.");
        }
    }
}
