using System.Globalization;
using System.Text.Json;
using System.Xml;
using Azure;
using Azure.Core;
using Stoa.Gateway.Storage;

namespace Stoa.Azure.Rest;

/// <summary>Reads error answers: their code is in a header, or in a body of JSON (tables) or XML (blobs, authorization).</summary>
internal static class StorageFault
{
    /// <summary>Whether a later try may fare better; whether this one had an effect is unknown.</summary>
    public static bool IsTransient(int status) => status is 408 or 429 or >= 500;

    public static TimeSpan RetryAfter(Response response, TimeProvider time)
    {
        if (!response.Headers.TryGetValue("Retry-After", out var text))
        {
            return default;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds)
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var date) && date > time.GetUtcNow() ? date - time.GetUtcNow()
            : default;
    }

    public static StorageUnavailableException Of(HttpMessage message) =>
        Of(message.Response.Status, Code(message.Response), message.Request.Method.Method);

    public static StorageUnavailableException Of(int status, string? code, string method) =>
        new($"Storage answered {status} {code ?? "without a code"} to {method}.");

    public static string? Code(Response response)
    {
        if (response.Headers.TryGetValue("x-ms-error-code", out var code))
        {
            return code;
        }

        var body = response.Content.ToMemory();
        return body.Span is [(byte)'{', ..] json ? FromJson(json).Code : FromXml(body);
    }

    /// <summary>The code and the text of <c>{"odata.error":{"code":..,"message":{"lang":..,"value":..}}}</c>, at any depth.</summary>
    public static (string? Code, string? Text) FromJson(ReadOnlySpan<byte> json)
    {
        string? code = null;
        string? text = null;
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.PropertyName && reader.ValueTextEquals("code"u8) && reader.Read())
                {
                    code ??= reader.TokenType is JsonTokenType.String ? reader.GetString() : null;
                }
                else if (reader.TokenType is JsonTokenType.PropertyName && reader.ValueTextEquals("value"u8) && reader.Read())
                {
                    text ??= reader.TokenType is JsonTokenType.String ? reader.GetString() : null;
                }
            }
        }
        catch (JsonException)
        {
            return (code, text);
        }

        return (code, text);
    }

    private static string? FromXml(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(body.ToArray()), new() { DtdProcessing = DtdProcessing.Prohibit });
            while (reader.Read())
            {
                if (reader is { NodeType: XmlNodeType.Element, LocalName: "Code" or "code" })
                {
                    return reader.ReadElementContentAsString();
                }
            }
        }
        catch (XmlException)
        {
            return null;
        }

        return null;
    }
}
