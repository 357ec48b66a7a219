using System.Text.Encodings.Web;
using System.Text.Json;

namespace Stoa.Gateway.Doors;

/// <summary>How JSON is written on every door.</summary>
internal static class JsonWire
{
    /// <summary>Only what JSON itself asks to be escaped is: answers go to models and are never put into HTML by us, and tokens cost money.</summary>
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true, MaxDepth = 1000 };
}
