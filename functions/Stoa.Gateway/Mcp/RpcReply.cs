using System.Text.Json;
using Stoa.Gateway.Kernel;

namespace Stoa.Gateway.Mcp;

/// <summary>An answer to one request: what goes into its envelope, and the HTTP status when it travels alone.</summary>
internal abstract class RpcReply : IDisposable
{
    public virtual int Status => 200;

    /// <summary>What the read cache did for it; told in a header when the reply travels alone.</summary>
    public CacheUse CacheUse { get; init; }

    /// <summary>How the caller's limits stand; told in headers when the reply travels alone.</summary>
    public IReadOnlyList<Allowance> Allowances { get; init; } = [];

    /// <summary>Writes the whole message. The id is raw JSON; empty when the request's could not be read.</summary>
    public void Write(Utf8JsonWriter json, ReadOnlyMemory<byte> id)
    {
        json.WriteStartObject();
        json.WriteString("jsonrpc"u8, "2.0"u8);
        if (!id.IsEmpty)
        {
            json.WritePropertyName("id"u8);
            json.WriteRawValue(id.Span, skipInputValidation: true);
        }

        WriteBody(json);
        json.WriteEndObject();
    }

    /// <summary>Gives back the buffer of the answer that the reply was made of, if any.</summary>
    public void Dispose() => Answer?.Dispose();

    protected virtual IDisposable? Answer => null;

    /// <summary>Writes the <c>result</c> or the <c>error</c> member.</summary>
    protected abstract void WriteBody(Utf8JsonWriter json);
}
