using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Stoa.Gateway.Quotas.Usage;

/// <summary>The body of a webhook: <c>{"type":"quota.warning","timestamp","data":{"tenant","scope","name"?,"limit","percent","used","allowed","quota_reset_at"?}}</c>.</summary>
internal static class WarningBody
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Of(QuotaWarning warning)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "quota.warning"u8);
            json.WriteString("timestamp"u8, warning.At.UtcDateTime);
            json.WriteStartObject("data"u8);
            json.WriteString("tenant"u8, warning.Tenant.ToString());
            json.WriteString("scope"u8, warning.Scope);
            if (warning.Name is { } name)
            {
                json.WriteString("name"u8, name);
            }

            json.WriteString("limit"u8, warning.Limit);
            json.WriteNumber("percent"u8, warning.Percent);
            json.WriteNumber("used"u8, warning.Used);
            json.WriteNumber("allowed"u8, warning.Allowed);
            if (warning.ResetAt is { } reset)
            {
                json.WriteString("quota_reset_at"u8, reset.UtcDateTime);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
