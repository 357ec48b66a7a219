using System.Text.Encodings.Web;
using System.Text.Json;

namespace Stoa.Gateway.Mcp;

/// <summary>How JSON is written on this door.</summary>
internal static class McpWire
{
    /// <summary>Only what JSON itself asks to be escaped is: answers go to models and are never put into HTML by us, and tokens cost money.</summary>
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true, MaxDepth = 1000 };
}
