using System.Buffers;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Stoa.Gateway.Tools.Requests;

/// <summary>The JSON body of one attempt: a template's, one argument, or the arguments that go nowhere else.</summary>
internal static class ToolBody
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>Null when none is sent; with a fault in words when none can be made.</summary>
    public static HttpContent? Of(in ToolRequest request, out string fault)
    {
        fault = "";
        var plan = request.Tool.Plan;
        if (!plan.HasBody)
        {
            return null;
        }

        if (plan.BodyIsArguments)
        {
            return Content(JsonMarshal.GetRawUtf8Value(request.Arguments).ToArray());
        }

        if (plan.WholeBody is { } argument)
        {
            return request.Arguments.TryGetProperty(argument, out var value) ? Content(JsonMarshal.GetRawUtf8Value(value).ToArray()) : null;
        }

        var body = new ArrayBufferWriter<byte>(256);
        if (plan.Transform.Body is { } template)
        {
            return template.TryWrite(request.Scope, body, out fault) ? Content(body.WrittenMemory) : null;
        }

        WriteMembers(plan, request.Arguments, body);
        return Content(body.WrittenMemory);
    }

    private static void WriteMembers(RequestPlan plan, in JsonElement arguments, IBufferWriter<byte> body)
    {
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        foreach (var argument in arguments.EnumerateObject())
        {
            if (plan.RouteOf(argument.Name) is { Place: ParameterPlace.Body } route)
            {
                json.WritePropertyName(route.Name);
                argument.Value.WriteTo(json);
            }
        }

        json.WriteEndObject();
        json.Flush();
    }

    private static ReadOnlyMemoryContent Content(ReadOnlyMemory<byte> json) => new(json) { Headers = { ContentType = Json } };
}
