using System.Buffers;
using System.Text.Json;
using Stoa.Gateway.Models.Streaming;
using Stoa.Gateway.Models.Translation.Neutral;

namespace Stoa.Gateway.Models.Translation.Responses;

/// <summary>
/// Writes the events of a response: created, in progress, output items that open and close one after the other with every piece between, and
/// the whole response at the end. It therefore keeps what it has told.
/// </summary>
internal sealed class ResponsesStreamSink : StreamSink
{
    private readonly ResponsesEvents _events;
    private readonly ArrayBufferWriter<byte> _items = new(256);
    private readonly Utf8JsonWriter _list;
    private OpenItem? _open;
    private int _count;
    private bool _hasRefusal;

    public ResponsesStreamSink(AnswerTerms terms, StreamPosition position, long estimatedInput)
        : base(terms, position, estimatedInput)
    {
        _events = new ResponsesEvents(position);
        _list = JsonWriting.To(_items);
        _list.WriteStartArray();
    }

    protected override void WriteBegin()
    {
        Position.Id = $"resp_{Terms.Id}";
        foreach (var name in (string[])["response.created", "response.in_progress"])
        {
            _events.WriteResponse(Output, name, Head("in_progress", isFinal: false), ResponseObject.WriteNoOutput);
        }
    }

    protected override void WriteText(ReadOnlySpan<byte> text) => WriteSaid(text, ItemKind.Text);

    protected override void WriteRefusal(ReadOnlySpan<byte> text)
    {
        _hasRefusal = true;
        WriteSaid(text, ItemKind.Refusal);
    }

    protected override void WriteThinking(ReadOnlySpan<byte> text)
    {
        if (_open is not { Kind: ItemKind.Reasoning })
        {
            Open(new OpenItem(ItemKind.Reasoning, NextId("rs"), _count, "", "", null));
        }

        if (_open!.Text.WrittenCount == 0)
        {
            _events.WriteSummaryPart(Output, "response.reasoning_summary_part.added"u8, _open, default);
        }

        _open.Text.Write(text);
        _events.WriteDelta(Output, "response.reasoning_summary_text.delta"u8, _open, text);
    }

    protected override void WriteSeal(Seal seal)
    {
        if (_open is not { Kind: ItemKind.Reasoning })
        {
            Open(new OpenItem(ItemKind.Reasoning, NextId("rs"), _count, "", "", null));
        }

        _open!.Seal = seal;
        Close("completed");
    }

    protected override void WriteBeginCall(string id, string name, Seal? seal)
    {
        if (seal is { } mark)
        {
            // A client brings reasoning items back as they were; the call behind it has no field for this.
            Close("completed");
            WriteSeal(mark);
        }

        Open(new OpenItem(ItemKind.Call, NextId("fc"), _count, id, name, null));
    }

    protected override void WriteArguments(ReadOnlySpan<byte> json)
    {
        if (_open is { Kind: ItemKind.Call } call)
        {
            call.Text.Write(json);
            _events.WriteDelta(Output, "response.function_call_arguments.delta"u8, call, json);
        }
    }

    protected override void WriteEnd()
    {
        var status = ResponseObject.StatusOf(StopReason, _hasRefusal);
        Close(status);
        _list.WriteEndArray();
        _list.Flush();
        _events.WriteResponse(
            Output, status is "completed" ? "response.completed" : "response.incomplete", Head(status, isFinal: true),
            writer => writer.WriteRawValue(_items.WrittenSpan, skipInputValidation: true));
    }

    private void WriteSaid(ReadOnlySpan<byte> text, ItemKind kind)
    {
        if (_open is null || _open.Kind != kind)
        {
            Open(new OpenItem(kind, NextId("msg"), _count, "", "", null));
            _events.WriteContentPart(Output, "response.content_part.added"u8, _open!, default);
        }

        _open!.Text.Write(text);
        _events.WriteDelta(Output, kind is ItemKind.Text ? "response.output_text.delta"u8 : "response.refusal.delta"u8, _open, text);
    }

    private void Open(OpenItem item)
    {
        Close("completed");
        _open = item;
        _count++;
        _events.WriteItem(Output, "response.output_item.added"u8, item, "in_progress");
    }

    private void Close(string status)
    {
        if (_open is not { } item)
        {
            return;
        }

        if (item.Kind is ItemKind.Call && item.Text.WrittenCount == 0)
        {
            // Clients parse the arguments even of a function that takes none.
            WriteArguments("{}"u8);
        }

        _events.WriteDone(Output, item);
        _events.WriteItem(Output, "response.output_item.done"u8, item, status);
        item.Write(_list, status);
        _open = null;
    }

    private string NextId(string prefix) => $"{prefix}_{Terms.Id}_{_count}";

    private ResponseObject.Head Head(string status, bool isFinal) =>
        new(Position.Id!, Position.Created, Terms.Model, status, StopReason, isFinal ? Usage : null, null);
}
