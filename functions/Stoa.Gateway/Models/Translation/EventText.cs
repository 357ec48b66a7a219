using System.Buffers;
using System.Text.Json;

namespace Stoa.Gateway.Models.Translation;

/// <summary>Writes server-sent events whose data is one JSON object on one line.</summary>
internal sealed class EventText
{
    private readonly Utf8JsonWriter _writer = JsonWriting.To(new ArrayBufferWriter<byte>(1));
    private IBufferWriter<byte>? _output;

    /// <summary>Begins an event; a name is written where the wire has names.</summary>
    public Utf8JsonWriter Begin(IBufferWriter<byte> output, ReadOnlySpan<byte> name = default)
    {
        if (!name.IsEmpty)
        {
            output.Write("event: "u8);
            output.Write(name);
            output.Write("\n"u8);
        }

        output.Write("data: "u8);
        _output = output;
        _writer.Reset(output);
        _writer.WriteStartObject();
        return _writer;
    }

    public void End()
    {
        _writer.WriteEndObject();
        _writer.Flush();
        _output!.Write("\n\n"u8);
    }

    public static void WriteDone(IBufferWriter<byte> output) => output.Write("data: [DONE]\n\n"u8);
}
