using System.Text.Json;
using Stoa.Gateway.Models.Translation.Neutral;
using Stoa.Gateway.Models.Translation.Rules;

namespace Stoa.Gateway.Models.Translation.Chat;

/// <summary>Writes a prompt as a chat completions request.</summary>
internal sealed class ChatRequestWriter(Utf8JsonWriter writer, Prompt prompt, RequestTerms terms, Losses losses)
{
    private readonly ChatDialect _dialect = new(terms.Provider);

    public void Write()
    {
        writer.WriteStartObject();
        writer.WriteString("model"u8, terms.Model);
        new ChatMessagesWriter(writer, prompt, _dialect, losses).Write();
        WriteTools();
        WriteFormat();
        WriteReasoning();
        WriteSampling();
        WriteAccount();
        if (terms.IsStream)
        {
            writer.WriteBoolean("stream"u8, true);
            if (_dialect.HasStreamOptions)
            {
                writer.WriteStartObject("stream_options"u8);
                writer.WriteBoolean("include_usage"u8, true);
                writer.WriteEndObject();
            }
        }

        writer.WriteEndObject();
        writer.Flush();
    }

    private void WriteTools()
    {
        var allowed = prompt.ToolChoice?.Allowed;
        var tools = allowed is null ? prompt.Tools : prompt.Tools.FindAll(t => allowed.Contains(t.Name.ToString()));
        if (tools.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("tools"u8);
        foreach (var tool in tools)
        {
            WriteTool(tool);
        }

        writer.WriteEndArray();
        WriteToolChoice();
        if (prompt.ParallelCalls is { } parallel)
        {
            writer.WriteBoolean("parallel_tool_calls"u8, parallel);
        }
    }

    private void WriteTool(ToolSpec tool)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "function"u8);
        writer.WriteStartObject("function"u8);
        tool.Name.WriteTo(writer, "name"u8);
        if (!tool.Description.IsEmpty)
        {
            tool.Description.WriteTo(writer, "description"u8);
        }

        if (tool.Schema.IsGiven())
        {
            writer.WriteCopy("parameters"u8, tool.Schema);
        }

        if (tool.IsStrict is true)
        {
            writer.WriteBoolean("strict"u8, true);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void WriteToolChoice()
    {
        if (prompt.ToolChoice is not { } choice)
        {
            return;
        }

        if (choice.Mode is not ToolMode.Named)
        {
            writer.WriteString("tool_choice"u8, choice.Mode switch { ToolMode.None => "none"u8, ToolMode.Required => "required"u8, _ => "auto"u8 });
            return;
        }

        writer.WriteStartObject("tool_choice"u8);
        writer.WriteString("type"u8, "function"u8);
        writer.WriteStartObject("function"u8);
        choice.Name.WriteTo(writer, "name"u8);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void WriteFormat()
    {
        if (prompt.Format is not { } format)
        {
            return;
        }

        writer.WriteStartObject("response_format"u8);
        writer.WriteString("type"u8, format.HasSchema ? "json_schema"u8 : "json_object"u8);
        if (format.HasSchema)
        {
            writer.WriteStartObject("json_schema"u8);
            (format.Name.IsEmpty ? new Text("answer") : format.Name).WriteTo(writer, "name"u8);
            if (!format.Description.IsEmpty)
            {
                format.Description.WriteTo(writer, "description"u8);
            }

            writer.WriteCopy("schema"u8, format.Schema);
            if (format.IsStrict is { } strict)
            {
                writer.WriteBoolean("strict"u8, strict);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private void WriteReasoning()
    {
        if (prompt.Reasoning is not { } reasoning)
        {
            return;
        }

        if (reasoning.EffortOrNearest is { } effort && !(reasoning.IsOff && reasoning.Effort is null))
        {
            writer.WriteString("reasoning_effort"u8, effort);
        }
        else if (reasoning.IsOff)
        {
            prompt.Lose(Feature.Reasoning, losses);
        }
    }

    private void WriteSampling()
    {
        if ((terms.MaxOutputTokens ?? prompt.MaxOutputTokens) is { } max)
        {
            writer.WriteNumber(_dialect.MaxTokensName, max);
        }

        foreach (var asked in prompt.Asked)
        {
            if (TranslationRules.Rule(Wire.Chat, asked.Feature).CopyAs is { } name && asked.Value.IsGiven())
            {
                writer.WriteCopy(name, asked.Value);
            }
        }

        if (prompt.Stop.Count > 0)
        {
            writer.WriteStartArray("stop"u8);
            prompt.Stop.ForEach(s => s.WriteTo(writer));
            writer.WriteEndArray();
        }
    }

    private void WriteAccount()
    {
        CopyIf(_dialect.HasTopK, Feature.TopK);
        CopyIf(_dialect.HasUser, Feature.User);
        CopyIf(_dialect.IsOpenAI, Feature.SafetyIdentifier);
        CopyIf(_dialect.IsOpenAI, Feature.PromptCache);
    }

    private void CopyIf(bool known, Feature feature)
    {
        foreach (var asked in prompt.Asked)
        {
            if (asked.Feature != feature)
            {
                continue;
            }

            if (known)
            {
                writer.WriteCopy(feature is Feature.User ? "user" : asked.Path, asked.Value);
            }
            else
            {
                losses.Add(asked.Path);
            }
        }
    }
}
