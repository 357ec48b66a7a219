using System.Text.Json;
using Stoa.Gateway.Models.Translation.Neutral;
using Stoa.Gateway.Models.Translation.Rules;

namespace Stoa.Gateway.Models.Translation.Gemini;

/// <summary>Writes a prompt as a Gemini <c>generateContent</c> request; model and streaming are in its URL.</summary>
internal sealed class GeminiRequestWriter(Utf8JsonWriter writer, Prompt prompt, RequestTerms terms, Losses losses)
{
    // Of Gemini 2 and before: efforts as budgets, no signatures.
    private readonly bool _isOld = terms.Model.Contains("gemini-2", StringComparison.Ordinal) || terms.Model.Contains("gemini-1", StringComparison.Ordinal);

    public void Write()
    {
        writer.WriteStartObject();
        new GeminiContentsWriter(writer, prompt, losses, demandsSeals: !_isOld).Write();
        WriteTools();
        writer.WriteStartObject("generationConfig"u8);
        WriteSampling();
        WriteFormat();
        WriteThinking();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
    }

    private void WriteTools()
    {
        if (prompt.Tools.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("tools"u8);
        writer.WriteStartObject();
        writer.WriteStartArray("functionDeclarations"u8);
        foreach (var tool in prompt.Tools)
        {
            writer.WriteStartObject();
            tool.Name.WriteTo(writer, "name"u8);
            if (!tool.Description.IsEmpty)
            {
                tool.Description.WriteTo(writer, "description"u8);
            }

            if (tool.Schema.ValueKind == JsonValueKind.Object)
            {
                // parameters is Google's own dialect of schemas; this member takes JSON Schema.
                writer.WriteCopy("parametersJsonSchema"u8, tool.Schema);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();
        WriteToolChoice();
    }

    private void WriteToolChoice()
    {
        if (prompt.ToolChoice is not { } choice)
        {
            return;
        }

        writer.WriteStartObject("toolConfig"u8);
        writer.WriteStartObject("functionCallingConfig"u8);
        writer.WriteString("mode"u8, choice.Mode switch
        {
            ToolMode.None => "NONE"u8,
            ToolMode.Required or ToolMode.Named => "ANY"u8,
            _ when choice.Allowed is not null => "VALIDATED"u8,
            _ => "AUTO"u8,
        });
        if (choice.Mode is ToolMode.Named || choice.Allowed is not null)
        {
            writer.WriteStartArray("allowedFunctionNames"u8);
            if (choice.Mode is ToolMode.Named)
            {
                choice.Name.WriteTo(writer);
            }

            foreach (var name in choice.Allowed ?? [])
            {
                writer.WriteStringValue(name);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void WriteSampling()
    {
        if ((terms.MaxOutputTokens ?? prompt.MaxOutputTokens) is { } max)
        {
            writer.WriteNumber("maxOutputTokens"u8, max);
        }

        foreach (var asked in prompt.Asked)
        {
            if (TranslationRules.Rule(Wire.Gemini, asked.Feature).CopyAs is { } name && asked.Value.IsGiven())
            {
                writer.WriteCopy(name, asked.Value);
            }
        }

        if (prompt.Stop.Count > 0)
        {
            writer.WriteStartArray("stopSequences"u8);
            prompt.Stop.ForEach(s => s.WriteTo(writer));
            writer.WriteEndArray();
        }
    }

    private void WriteFormat()
    {
        if (prompt.Format is not { } format)
        {
            return;
        }

        writer.WriteString("responseMimeType"u8, "application/json"u8);
        if (format.HasSchema)
        {
            writer.WriteCopy("responseJsonSchema"u8, format.Schema);
        }
    }

    private void WriteThinking()
    {
        if (prompt.Reasoning is not { } reasoning)
        {
            return;
        }

        writer.WriteStartObject("thinkingConfig"u8);
        if (reasoning.IsOff)
        {
            WriteOff();
        }
        else if (_isOld || reasoning.Effort is null)
        {
            if (reasoning.BudgetOrUsual is { } budget)
            {
                writer.WriteNumber("thinkingBudget"u8, budget);
            }
        }
        else
        {
            writer.WriteString("thinkingLevel"u8, reasoning.Effort switch { "minimal" => "MINIMAL"u8, "low" => "LOW"u8, "medium" => "MEDIUM"u8, _ => "HIGH"u8 });
        }

        if (reasoning.ShowsThoughts is true)
        {
            writer.WriteBoolean("includeThoughts"u8, true);
        }

        writer.WriteEndObject();
    }

    // From Gemini 3 on thinking cannot be switched off; this is the least there is.
    private void WriteOff()
    {
        if (_isOld)
        {
            writer.WriteNumber("thinkingBudget"u8, 0);
        }
        else
        {
            writer.WriteString("thinkingLevel"u8, "MINIMAL"u8);
        }
    }
}
