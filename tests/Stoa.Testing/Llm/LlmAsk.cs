using System.Globalization;
using System.Text.Json;

namespace Stoa.Testing.Llm;

/// <summary>One request as a scripted provider understands it, whatever the shape.</summary>
public sealed class LlmAsk
{
    private static readonly JsonElement Empty = JsonElement.Parse("{}");

    private LlmAsk(LlmShape shape, ScriptedRequest request, LlmVerb verb)
    {
        Shape = shape;
        Request = request;
        Verb = verb;
        Body = request.Body.IsEmpty ? Empty : JsonElement.Parse(request.Body.Span);
        Model = ModelIn(request.Target) ?? Text(Body, "model") ?? "";
        IsStream = request.Target.Contains(":streamGenerateContent", StringComparison.Ordinal) || Member(Body, "stream") is { ValueKind: JsonValueKind.True };
        Conversation = LlmConversation.Read(verb, Body);
        InputTokens = Math.Max(1, (Strings(Body) + 3) / 4);
    }

    public LlmShape Shape { get; }

    public LlmVerb Verb { get; }

    public ScriptedRequest Request { get; }

    public JsonElement Body { get; }

    /// <summary>As the provider calls it: from the body, or from the path (Gemini's models, Azure's deployments).</summary>
    public string Model { get; }

    public bool IsStream { get; }

    public LlmConversation Conversation { get; }

    /// <summary>The bound that the request carries under any of its names; null for none.</summary>
    public int? MaxTokens => Number(Body, "max_completion_tokens") ?? Number(Body, "max_tokens") ?? Number(Body, "max_output_tokens")
        ?? (Member(Body, "generationConfig") is { } config ? Number(config, "maxOutputTokens") : null);

    /// <summary>The provider's own count of the input: a quarter of the characters of all strings.</summary>
    public long InputTokens { get; }

    /// <summary>Null for a path that no provider has.</summary>
    public static LlmAsk? Read(LlmShape shape, ScriptedRequest request) => VerbOf(request.Target.Split('?')[0]) is { } verb ? new(shape, request, verb) : null;

    internal static JsonElement? Member(JsonElement value, string name) =>
        value.ValueKind is JsonValueKind.Object && value.TryGetProperty(name, out var member) ? member : null;

    internal static string? Text(JsonElement value, string name) => Member(value, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static int? Number(JsonElement value, string name) => Member(value, name) is { ValueKind: JsonValueKind.Number } number ? number.GetInt32() : null;

    private static LlmVerb? VerbOf(string path) =>
        path.EndsWith("/chat/completions", StringComparison.Ordinal) ? LlmVerb.Chat
        : path.EndsWith("/responses", StringComparison.Ordinal) ? LlmVerb.Responses
        : path.EndsWith("/embeddings", StringComparison.Ordinal) ? LlmVerb.Embeddings
        : path.EndsWith("/messages", StringComparison.Ordinal) ? LlmVerb.Messages
        : path.EndsWith("/messages/count_tokens", StringComparison.Ordinal) || path.EndsWith(":countTokens", StringComparison.Ordinal) ? LlmVerb.CountTokens
        : path.EndsWith("enerateContent", StringComparison.Ordinal) ? LlmVerb.GenerateContent
        : null;

    private static string? ModelIn(string target)
    {
        var path = target.Split('?')[0].Split('/');
        var at = Array.FindIndex(path, part => part is "deployments" or "models");
        return at >= 0 && at + 1 < path.Length ? Uri.UnescapeDataString(path[at + 1].Split(':')[0]) : null;
    }

    private static long Strings(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!.Length,
        JsonValueKind.Array => value.EnumerateArray().Sum(Strings),
        JsonValueKind.Object => value.EnumerateObject().Sum(member => Strings(member.Value)),
        _ => 0,
    };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Shape} {Verb} {Model}");
}

/// <summary>What a provider can be asked to do.</summary>
public enum LlmVerb
{
    Chat,
    Messages,
    Responses,
    GenerateContent,
    Embeddings,
    CountTokens,
}
