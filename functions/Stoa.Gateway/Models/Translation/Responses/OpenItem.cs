using System.Buffers;
using System.Text.Json;
using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation.Responses;

/// <summary>An output item while it is being told.</summary>
internal sealed class OpenItem(ItemKind kind, string id, int index, string callId, string name, Seal? seal)
{
    public ItemKind Kind => kind;

    public string Id => id;

    /// <summary>In the response's output.</summary>
    public int Index => index;

    public string CallId => callId;

    public string Name => name;

    public Seal? Seal { get; set; } = seal;

    /// <summary>All of its text, summary or arguments so far.</summary>
    public ArrayBufferWriter<byte> Text { get; } = new(256);

    /// <summary>As far as it has come; at its beginning without anything inside.</summary>
    public void Write(Utf8JsonWriter writer, string status)
    {
        var text = Text.WrittenSpan;
        switch (kind)
        {
            case ItemKind.Call:
                ResponseItems.WriteCall(writer, id, status, callId, name, text);
                break;
            case ItemKind.Reasoning:
                ResponseItems.WriteReasoning(writer, id, !text.IsEmpty, text, Seal);
                break;
            default:
                ResponseItems.WriteMessage(writer, id, status, status is not "in_progress", text, kind is ItemKind.Refusal);
                break;
        }
    }
}

internal enum ItemKind
{
    Text,
    Refusal,
    Reasoning,
    Call,
}
