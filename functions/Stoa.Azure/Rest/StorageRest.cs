using System.Text.Json;
using System.Xml;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Stoa.Gateway.Storage;

namespace Stoa.Azure.Rest;

/// <summary>
/// Requests to one storage service. Reads are repeated by the pipeline, writes are sent once, and no operation outlives its time.
/// </summary>
internal sealed class StorageRest(StorageEndpoint endpoint, StorageSettings settings, TimeProvider time)
{
    private static readonly ResponseClassifier FoundOrNot = new StatusCodeClassifier([200, 206, 404, 416]);
    private readonly string _root = endpoint.Uri.AbsoluteUri.TrimEnd('/');
    private readonly HttpPipeline _pipeline = HttpPipelineBuilder.Build(Options(endpoint, settings), endpoint.Authorization);

    public string Url(string pathAndQuery) => _root + pathAndQuery;

    public HttpMessage Create(string method, string pathAndQuery)
    {
        var message = _pipeline.CreateMessage();
        message.Request.Method = RequestMethod.Parse(method);
        message.Request.Uri.Reset(new(Url(pathAndQuery)));
        return message;
    }

    public static string? Header(Response answer, string name) => answer.Headers.TryGetValue(name, out var value) ? value : null;

    /// <summary>Runs all of an operation's requests within its time.</summary>
    public async ValueTask<T> WithinTimeAsync<T>(Func<CancellationToken, ValueTask<T>> operation, CancellationToken ct)
    {
        using var late = new CancellationTokenSource(settings.Operation, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        try
        {
            return await operation(end.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or AggregateException && IsNoAnswer(e) && !ct.IsCancellationRequested)
        {
            // The time may end in the last of several tries, and then they are told of together.
            throw new StorageUnavailableException($"Storage did not answer for certain within {settings.Operation.TotalSeconds} s.", e);
        }
        catch (AuthenticationFailedException e)
        {
            throw new StorageUnavailableException("No token for storage could be had.", e);
        }
        catch (Exception e) when (e is JsonException or XmlException or FormatException)
        {
            throw new StorageUnavailableException("Storage answered with something that is not a storage answer.", e);
        }
    }

    /// <summary>The answer to a request that changes nothing: the status expected, 404, or 416 for a range behind the end.</summary>
    public async ValueTask<Response> ReadAsync(HttpMessage message, CancellationToken ct)
    {
        message.ResponseClassifier = FoundOrNot;
        try
        {
            await _pipeline.SendAsync(message, ct);
        }
        catch (Exception e) when (IsNoAnswer(e) && !ct.IsCancellationRequested)
        {
            throw new StorageUnavailableException("Storage cannot be reached.", e);
        }

        return message.Response.Status is 200 or 206 or 404 or 416 && IsFromStorage(message.Response)
            ? message.Response
            : throw StorageFault.Of(message);
    }

    /// <summary>The answer to a request that may have changed something; none when it may also not have.</summary>
    public async ValueTask<Sent> WriteAsync(HttpMessage message, CancellationToken ct)
    {
        message.ResponseClassifier = SendOnce.Instance;

        // SocketsHttpHandler repeats a request without a body by itself when a kept-alive connection breaks, but none with a body,
        // even an empty one.
        message.Request.Content ??= RequestContent.Create(ReadOnlyMemory<byte>.Empty);
        try
        {
            await _pipeline.SendAsync(message, ct);
        }
        catch (Exception e) when (IsNoAnswer(e) && !ct.IsCancellationRequested)
        {
            return default;
        }

        return StorageFault.IsTransient(message.Response.Status) || !IsFromStorage(message.Response)
            ? new(null, StorageFault.RetryAfter(message.Response, time))
            : new(message.Response, default);
    }

    /// <summary>Whether the service itself spoke: another's 404, such as a proxy's, must not pass for a missing row.</summary>
    private static bool IsFromStorage(Response answer) => answer.Headers.Contains("x-ms-request-id");

    private static bool IsNoAnswer(Exception e) => e switch
    {
        AuthenticationFailedException => false,
        AggregateException many => many.InnerExceptions.All(IsNoAnswer),
        _ => e is RequestFailedException or IOException or OperationCanceledException,
    };

    private static StorageClientOptions Options(StorageEndpoint endpoint, StorageSettings settings)
    {
        var options = new StorageClientOptions();
        options.Transport = endpoint.Transport ?? options.Transport;
        options.Diagnostics.IsTelemetryEnabled = false;
        options.Retry.MaxRetries = 2;
        options.Retry.Delay = TimeSpan.FromMilliseconds(100);
        options.Retry.MaxDelay = TimeSpan.FromSeconds(1);
        options.Retry.NetworkTimeout = settings.Try;
        return options;
    }

    private sealed class StorageClientOptions : ClientOptions;
}

/// <summary>What came back: an answer, or none and how long the service asked to wait.</summary>
internal readonly record struct Sent(Response? Answer, TimeSpan RetryAfter);
