using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Stoa.Gateway.Doors;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models.Routing;

namespace Stoa.Gateway.LlmProxy;

/// <summary>
/// The models that the caller may use, in OpenAI's shape, or in Anthropic's for its SDKs. One that it may not use and one that does not
/// exist look the same.
/// </summary>
internal sealed class ModelListDoor(Entrance entrance, CallPipeline pipeline, TimeProvider time)
{
    public Task ListAsync(HttpContext http) => AnswerAsync(http, static (json, shape, catalog, caller, _) =>
    {
        string[] names = [.. catalog.NamesFor(caller)];
        json.WriteStartObject();
        if (shape is ErrorShape.OpenAI)
        {
            json.WriteString("object"u8, "list"u8);
        }

        json.WriteStartArray("data"u8);
        foreach (var name in names)
        {
            WriteModel(json, shape, catalog, name);
        }

        json.WriteEndArray();
        if (shape is ErrorShape.Anthropic)
        {
            json.WriteString("first_id"u8, names.FirstOrDefault());
            json.WriteString("last_id"u8, names.LastOrDefault());
            json.WriteBoolean("has_more"u8, false);
        }

        json.WriteEndObject();
        return true;
    });

    public Task GetAsync(HttpContext http) => AnswerAsync(http, static (json, shape, catalog, caller, name) =>
    {
        var isKnown = catalog.NamesFor(caller).Contains(name, StringComparer.Ordinal);
        if (isKnown)
        {
            WriteModel(json, shape, catalog, name);
        }

        return isKnown;
    });

    private async Task AnswerAsync(HttpContext http, Func<Utf8JsonWriter, ErrorShape, ModelCatalog, Caller, string, bool> write)
    {
        var shape = ErrorShapes.Of(http.Request) ?? ErrorShape.OpenAI;
        var (caller, refusal) = await entrance.EnterAsync(http, urlTenant: null);
        var body = new System.Buffers.ArrayBufferWriter<byte>(1024);
        if (refusal is null)
        {
            var call = new Call(caller!, Operation.ListModels, "llm") { TraceId = Entrance.TraceIdOf(http), Agent = http.Request.Headers.UserAgent, StartedAt = time.GetTimestamp() };
            await pipeline.RunAsync(call, (_, _) => new(Answer(http, shape, call, body, write)), http.RequestAborted);
            refusal = call.Refusal;
        }

        if (refusal is not null)
        {
            await ErrorReply.WriteAsync(http, shape, refusal);
            return;
        }

        CallHeaders.TellIds(http);
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.WrittenCount;
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.BodyWriter.WriteAsync(body.WrittenMemory, http.RequestAborted);
    }

    private static Answer Answer(
        HttpContext http, ErrorShape shape, Call call, System.Buffers.ArrayBufferWriter<byte> body, Func<Utf8JsonWriter, ErrorShape, ModelCatalog, Caller, string, bool> write)
    {
        // SDKs escape the slash of names such as org/model, and servers leave that escape alone.
        var name = ((string?)http.Request.RouteValues["model"] ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        using var json = new Utf8JsonWriter(body, JsonWire.WriterOptions);
        if (!write(json, shape, ModelCatalog.Of(call.Caller.Revision!), call.Caller, name))
        {
            call.Refusal = new Refusal(RefusalKind.UnknownModel, $"Unknown model: {JsonText.Shorten(name, 128)}. GET /v1/models lists yours.");
        }

        return Kernel.Answer.Local;
    }

    private static void WriteModel(Utf8JsonWriter json, ErrorShape shape, ModelCatalog catalog, string name)
    {
        var route = catalog.Find(name)!;
        json.WriteStartObject();
        if (shape is ErrorShape.Anthropic)
        {
            json.WriteString("type"u8, "model"u8);
            json.WriteString("id"u8, name);
            json.WriteString("display_name"u8, route.Spec.DisplayName ?? name);
            json.WriteString("created_at"u8, route.CreatedAt.UtcDateTime);
        }
        else
        {
            json.WriteString("id"u8, name);
            json.WriteString("object"u8, "model"u8);
            json.WriteNumber("created"u8, route.CreatedAt.ToUnixTimeSeconds());
            json.WriteString("owned_by"u8, "stoa"u8);
        }

        json.WriteEndObject();
    }
}
