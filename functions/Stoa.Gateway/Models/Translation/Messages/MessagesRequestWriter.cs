using System.Text.Json;
using Stoa.Gateway.Models.Translation.Neutral;
using Stoa.Gateway.Models.Translation.Rules;

namespace Stoa.Gateway.Models.Translation.Messages;

/// <summary>Writes a prompt as an Anthropic messages request.</summary>
internal sealed class MessagesRequestWriter(Utf8JsonWriter writer, Prompt prompt, RequestTerms terms, Losses losses)
{
    private readonly ClaudeGeneration _generation = ClaudeGeneration.Of(terms.Model);
    private readonly long _max = terms.MaxOutputTokens ?? prompt.MaxOutputTokens ?? RequestTerms.DefaultMaxOutputTokens;

    public void Write()
    {
        writer.WriteStartObject();
        writer.WriteString("model"u8, terms.Model);
        writer.WriteNumber("max_tokens"u8, _max);
        new MessagesTurnsWriter(writer, prompt, losses).Write();
        WriteTools();
        var thinks = WriteThinking();
        WriteSampling(thinks);
        WriteStop();
        if (prompt.Find(Feature.User) is var user && user.IsString())
        {
            writer.WriteStartObject("metadata"u8);
            user.AsText().WriteTo(writer, "user_id"u8);
            writer.WriteEndObject();
        }

        if (terms.IsStream)
        {
            writer.WriteBoolean("stream"u8, true);
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
            writer.WriteStartObject();
            tool.Name.WriteTo(writer, "name"u8);
            if (!tool.Description.IsEmpty)
            {
                tool.Description.WriteTo(writer, "description"u8);
            }

            WriteSchema(tool.Schema);
            if (tool.IsStrict is true)
            {
                writer.WriteBoolean("strict"u8, true);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        WriteToolChoice();
    }

    // A function without parameters has no schema with OpenAI; Anthropic demands one.
    private void WriteSchema(JsonElement schema)
    {
        if (schema.Get("type"u8).IsGiven())
        {
            writer.WriteCopy("input_schema"u8, schema);
            return;
        }

        writer.WriteStartObject("input_schema"u8);
        writer.WriteString("type"u8, "object"u8);
        if (schema.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in schema.EnumerateObject())
            {
                writer.WriteCopy(member.Name, member.Value);
            }
        }

        writer.WriteEndObject();
    }

    private void WriteToolChoice()
    {
        var mode = prompt.ToolChoice?.Mode ?? ToolMode.Auto;
        if (prompt.ToolChoice is null && prompt.ParallelCalls is not false)
        {
            return;
        }

        writer.WriteStartObject("tool_choice"u8);
        writer.WriteString("type"u8, mode switch { ToolMode.Required => "any"u8, ToolMode.None => "none"u8, ToolMode.Named => "tool"u8, _ => "auto"u8 });
        if (mode is ToolMode.Named)
        {
            prompt.ToolChoice!.Name.WriteTo(writer, "name"u8);
        }

        if (prompt.ParallelCalls is false && mode is not ToolMode.None)
        {
            writer.WriteBoolean("disable_parallel_tool_use"u8, true);
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes <c>thinking</c> and <c>output_config</c>, where Anthropic's reference has both effort and structured output.</summary>
    private bool WriteThinking()
    {
        // A forced tool and thinking exclude each other; the tool is what the caller's code relies on.
        var isForced = prompt.ToolChoice is { Mode: ToolMode.Required or ToolMode.Named };
        var reasoning = prompt.Reasoning;
        var thinks = false;
        if (reasoning is { IsOff: true })
        {
            writer.WriteStartObject("thinking"u8);
            writer.WriteString("type"u8, "disabled"u8);
            writer.WriteEndObject();
        }
        else if (reasoning is not null)
        {
            thinks = !isForced && (_generation.HasThinkingBudget ? WriteBudget(reasoning) : WriteAdaptive(reasoning));
            if (!thinks && (_generation.HasThinkingBudget || reasoning.Effort is null))
            {
                prompt.Lose(Feature.Reasoning, losses);
            }
        }

        var effort = reasoning is { IsOff: false } && !_generation.HasThinkingBudget ? reasoning.EffortOrNearest : null;
        if (effort is not null || prompt.Format is { HasSchema: true })
        {
            WriteOutputConfig(effort);
        }

        return thinks;
    }

    private bool WriteAdaptive(Reasoning reasoning)
    {
        writer.WriteStartObject("thinking"u8);
        writer.WriteString("type"u8, "adaptive"u8);
        if (reasoning.ShowsThoughts is true)
        {
            writer.WriteString("display"u8, "summarized"u8);
        }

        writer.WriteEndObject();
        return true;
    }

    // The budget is part of max_tokens and at least 1,024; half of max_tokens stays for the answer.
    private bool WriteBudget(Reasoning reasoning)
    {
        var budget = Math.Min(reasoning.BudgetOrUsual ?? 0, _max / 2);
        if (budget < 1024 || MustNotThink())
        {
            return false;
        }

        writer.WriteStartObject("thinking"u8);
        writer.WriteString("type"u8, "enabled"u8);
        writer.WriteNumber("budget_tokens"u8, budget);
        writer.WriteEndObject();
        return true;
    }

    // With a budget, an assistant's turn that calls tools must begin with the thinking that led there.
    private bool MustNotThink() =>
        prompt.Turns.FindLast(t => t.Role is TurnRole.Assistant) is { } last
        && last.Parts.Exists(p => p is ToolCallPart) && last.Parts[0] is not ThinkingPart { Seal.Maker: SealMaker.Anthropic or SealMaker.AnthropicRedacted };

    private void WriteOutputConfig(string? effort)
    {
        writer.WriteStartObject("output_config"u8);
        if (effort is not null)
        {
            writer.WriteString("effort"u8, effort is "minimal" ? "low" : effort);
        }

        if (prompt.Format is { HasSchema: true } format)
        {
            writer.WriteStartObject("format"u8);
            writer.WriteString("type"u8, "json_schema"u8);
            writer.WriteCopy("schema"u8, format.Schema);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private void WriteSampling(bool thinks)
    {
        if (!_generation.HasSampling || thinks)
        {
            prompt.Lose(Feature.Temperature, losses);
            prompt.Lose(Feature.TopP, losses);
            prompt.Lose(Feature.TopK, losses);
            return;
        }

        foreach (var asked in prompt.Asked)
        {
            if (TranslationRules.Rule(Wire.Messages, asked.Feature).CopyAs is { } name && asked.Value.IsGiven())
            {
                writer.WriteCopy(name, asked.Value);
            }
        }

        if (prompt.Find(Feature.Temperature) is { ValueKind: JsonValueKind.Number } temperature && temperature.TryGetDouble(out var value))
        {
            if (value > 1)
            {
                prompt.Lose(Feature.Temperature, losses);
                writer.WriteNumber("temperature"u8, 1);
            }
            else
            {
                writer.WriteCopy("temperature"u8, temperature);
            }
        }
    }

    // Anthropic refuses sequences of white space alone.
    private void WriteStop()
    {
        var stop = prompt.Stop.FindAll(s => !s.IsBlank);
        if (stop.Count < prompt.Stop.Count)
        {
            losses.Add("stop");
        }

        if (stop.Count > 0)
        {
            writer.WriteStartArray("stop_sequences"u8);
            stop.ForEach(s => s.WriteTo(writer));
            writer.WriteEndArray();
        }
    }
}
