using System.Text.Json;
using System.Text.Unicode;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Mcp;

/// <summary>
/// Reads a request body into messages without building a document. Members that decide something may appear once only: a second one
/// could mean another thing to another reader of the same bytes.
/// </summary>
internal static class RpcReader
{
    /// <summary>Nesting allowed anywhere in a body.</summary>
    public const int MaxDepth = 64;

    /// <summary>Messages allowed in a batch.</summary>
    public const int MaxBatch = 50;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth };

    /// <summary>The messages, one unless the body is an array; or null and the fault when the body is not JSON.</summary>
    public static IReadOnlyList<RpcMessage>? Read(ReadOnlyMemory<byte> body, out bool isBatch, out string fault)
    {
        isBatch = false;
        fault = "";
        if (body.IsEmpty)
        {
            fault = "The body is empty. Send a JSON-RPC message.";
            return null;
        }

        if (!Utf8.IsValid(body.Span))
        {
            fault = "The body is not valid UTF-8.";
            return null;
        }

        if (JsonText.HasLoneSurrogate(body.Span))
        {
            fault = "The body holds a \\u escape of half a surrogate pair, which is no character.";
            return null;
        }

        try
        {
            var json = new Utf8JsonReader(body.Span, Options);
            json.Read();
            isBatch = json.TokenType is JsonTokenType.StartArray;
            var messages = isBatch ? ReadBatch(body, ref json) : [RpcMessageReader.Read(body, ref json)];
            json.Read();
            return messages;
        }
        catch (JsonException e)
        {
            fault = $"The body is not valid JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}).";
            return null;
        }
    }

    private static List<RpcMessage> ReadBatch(ReadOnlyMemory<byte> body, ref Utf8JsonReader json)
    {
        var messages = new List<RpcMessage>();
        while (json.Read() && json.TokenType is not JsonTokenType.EndArray)
        {
            var message = RpcMessageReader.Read(body, ref json);
            if (messages.Count < MaxBatch + 1)
            {
                messages.Add(message);
            }
        }

        return messages;
    }
}
