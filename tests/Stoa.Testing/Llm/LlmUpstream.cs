using System.Text.Json;

namespace Stoa.Testing.Llm;

/// <summary>
/// A provider of language models on a real socket, in the shape of one of the real ones: paths, credential header, strictness about fields,
/// plain answers, streams, tools, errors, cached usage. Says what its script says and keeps its own books.
/// </summary>
public sealed class LlmUpstream : IAsyncDisposable
{
    /// <summary>The credential that it wants. Anything that looks like a key of the gateway's own makes the test fail.</summary>
    public const string Key = "upstream-key-for-tests";

    private readonly LlmShape _shape;
    private readonly Func<LlmAsk, LlmTurn> _script;
    private readonly List<string> _complaints = [];
    private ScriptedUpstream _server = null!;

    private LlmUpstream(LlmShape shape, Func<LlmAsk, LlmTurn> script) => (_shape, _script) = (shape, script);

    public LlmBooks Books { get; } = new();

    /// <summary>The root, without a path and with a slash at its end.</summary>
    public Uri Url => _server.Url;

    /// <summary>An LlmProvider of this upstream's type, with its Secret, named like its shape in lower case.</summary>
    public string Yaml(string tenant, string more = "") => $$"""
        apiVersion: gostoa.dev/v1alpha1
        kind: Secret
        metadata: { name: {{Name}}-key, namespace: {{tenant}} }
        spec: { data: { key: {{Key}} } }
        ---
        apiVersion: gostoa.dev/v1alpha1
        kind: LlmProvider
        metadata: { name: {{Name}}, namespace: {{tenant}} }
        spec:
          type: {{(_shape is LlmShape.Azure ? "azure-openai" : Name)}}
          baseUrl: {{Url}}{{_shape switch { LlmShape.OpenAI or LlmShape.Mistral => "v1", LlmShape.Gemini => "v1beta", _ => "" }}}
          auth: { secretRef: { name: {{Name}}-key, key: key } }
          {{more}}
        ---

        """;

    /// <summary>The shape in lower case.</summary>
    public string Name => _shape.ToString().ToLowerInvariant();

    /// <summary>The server underneath, for requests as they came and for waiting.</summary>
    public ScriptedUpstream Server => _server;

    /// <summary>Starts one; without a script it is <see cref="LlmScript.Sensible"/>.</summary>
    public static async Task<LlmUpstream> StartAsync(LlmShape shape, Func<LlmAsk, LlmTurn>? script = null)
    {
        var upstream = new LlmUpstream(shape, script ?? LlmScript.Sensible);
        upstream._server = await ScriptedUpstream.StartAsync(upstream.AnswerAsync);
        return upstream;
    }

    /// <summary>Stops, and fails when the gateway's own keys were ever seen here.</summary>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        if (_complaints.FirstOrDefault() is { } complaint)
        {
            throw new InvalidOperationException(complaint);
        }
    }

    private async Task AnswerAsync(ScriptedExchange exchange)
    {
        var request = exchange.Request;
        if (request.HeaderLines.Append(request.Target).FirstOrDefault(line => line.Contains("stoa_", StringComparison.OrdinalIgnoreCase)) is { } leak)
        {
            lock (_complaints)
            {
                _complaints.Add($"A key of the gateway's reached the {_shape} upstream: {leak}");
            }
        }

        LlmAsk ask;
        try
        {
            if (LlmAsk.Read(_shape, request) is not { } read)
            {
                await ErrorAsync(exchange, 404, "Unknown request URL.");
                return;
            }

            ask = read;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            await ErrorAsync(exchange, 400, $"The body is no request of this API: {e.Message}");
            return;
        }

        if (LlmManners.Complaint(ask) is var (status, message))
        {
            Books.Open(ask, status, new());
            await ErrorAsync(exchange, status, message);
            return;
        }

        var turn = ask.Verb is LlmVerb.Embeddings or LlmVerb.CountTokens && _script == LlmScript.Sensible ? new() : _script(ask);
        var served = Books.Open(ask, turn.Fault?.Status ?? 200, turn);
        try
        {
            await SayAsync(exchange, new LlmReply(ask, turn), served);
            served.IsComplete = true;
        }
        finally
        {
            served.IsLeft = !served.IsComplete;
        }
    }

    private async Task SayAsync(ScriptedExchange exchange, LlmReply reply, LlmServed served)
    {
        var turn = reply.Turn;
        if (turn.Raw is var (mediaType, body))
        {
            await exchange.AnswerAsync(turn.Fault?.Status ?? 200, mediaType, body, turn.Fault?.HeaderLines ?? []);
        }
        else if (turn.Fault is { } fault)
        {
            await ErrorAsync(exchange, fault.Status, fault.Message, fault.HeaderLines);
        }
        else if (reply.Ask.IsStream)
        {
            await StreamAsync(exchange, reply, served);
        }
        else
        {
            served.Emit(reply.Ask.Verb is LlmVerb.CountTokens or LlmVerb.Embeddings ? 0 : reply.Output);
            await exchange.AnswerAsync(200, "application/json", Dialect.Of(reply.Ask).Whole(reply), Headers);
        }
    }

    private async Task StreamAsync(ScriptedExchange exchange, LlmReply reply, LlmServed served)
    {
        var turn = reply.Turn;
        var dialect = Dialect.Of(reply.Ask);
        await exchange.BeginAsync(200, "text/event-stream; charset=utf-8", Headers);
        var said = 0;
        foreach (var frame in dialect.Frames(reply))
        {
            if (frame.IsPiece)
            {
                if (turn.BreaksAfter == said)
                {
                    exchange.Reset();
                    return;
                }

                if (turn.HangsAfter == said)
                {
                    await exchange.HangAsync();
                }

                if (turn.FailsAfter == said)
                {
                    await exchange.ChunkAsync(dialect.Broken);
                    await exchange.EndAsync();
                    return;
                }

                if (turn.BeforePiece is { } wait)
                {
                    await wait(said);
                }

                said++;
                served.Emit(1);
            }

            if (frame.Text.Length > 0)
            {
                await exchange.ChunkAsync(frame.Text);
            }
        }

        await exchange.EndAsync();
    }

    private Task ErrorAsync(ScriptedExchange exchange, int status, string? message, params string[] headerLines) =>
        exchange.AnswerAsync(status, "application/json", LlmErrors.Body(_shape, status, message), [.. Headers, .. headerLines]);

    private string[] Headers => _shape is LlmShape.Anthropic ? ["request-id: req_011CSHoEeqs5C35K2UUqR7Fy"] : ["x-request-id: 7f5c2c3e"];
}
