using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stoa.Cli.Output;

namespace Stoa.Cli.Commands;

/// <summary>
/// A tool's arguments from the command line: <c>--json</c> as a whole, <c>--arg name=value</c> one by one. The tool's input schema says
/// whether a value is a text or something else; <c>name:=value</c> is JSON whatever the schema says.
/// </summary>
internal sealed class ToolArguments
{
    private readonly Option<string[]> _each = new("--arg", "-a") { Description = "One argument, name=value; a list by repeating it. name:=value gives JSON.", HelpName = "name=value" };

    private readonly Option<string?> _whole = new("--json") { Description = "All arguments as one JSON object; --arg goes on top.", HelpName = "{...}|@file|-" };

    public ToolArguments(Command command)
    {
        command.Add(_each);
        command.Add(_whole);
    }

    /// <param name="schema">Asked for the tool's input schema only when it matters; may say null.</param>
    public async Task<JsonObject> ReadAsync(Invocation call, Func<Task<JsonNode?>> schema, CancellationToken ct)
    {
        var arguments = call.Parsed.GetValue(_whole) is { } whole ? Parse(await LoadAsync(whole, ct)) : [];
        var given = (call.Parsed.GetValue(_each) ?? []).Select(Split).ToArray();
        var properties = given.Any(g => !g.IsJson) ? (await schema()).At("properties") : null;
        foreach (var group in given.GroupBy(g => g.Name))
        {
            var property = properties is JsonObject map && map.TryGetPropertyValue(group.Key, out var found) ? found : null;
            JsonNode?[] values = [.. group.Select(g => g.IsJson ? ParseValue(g) : ArgumentValue.Of(g.Text, property, isAlone: group.Count() == 1))];
            arguments[group.Key] = values.Length == 1 ? values[0] : new JsonArray(values);
        }

        return arguments;
    }

    private static Given Split(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        if (at <= 0 || (at == 1 && text[0] == ':'))
        {
            throw CommandStop.Usage($"`--arg {text}` is not name=value.", "For example: --arg city=Paris, or --arg days:=3.");
        }

        return text[at - 1] == ':' ? new(text[..(at - 1)], text[(at + 1)..], true) : new(text[..at], text[(at + 1)..], false);
    }

    private static JsonNode? ParseValue(Given given)
    {
        try
        {
            return JsonNode.Parse(given.Text);
        }
        catch (JsonException e)
        {
            throw CommandStop.Usage($"The value of `--arg {given.Name}:=` is not JSON: {e.Message}", $"For a text write --arg {given.Name}=..., without the colon.");
        }
    }

    private static JsonObject Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject ?? throw CommandStop.Usage("`--json` must be an object: {\"name\": value, ...}.");
        }
        catch (JsonException e)
        {
            throw CommandStop.Usage($"`--json` is not valid JSON: {e.Message}");
        }
    }

    private static async Task<string> LoadAsync(string given, CancellationToken ct)
    {
        try
        {
            if (given == "-")
            {
                using var reader = new StreamReader(Surroundings.OpenInput(), Encoding.UTF8);
                return await reader.ReadToEndAsync(ct);
            }

            return given.StartsWith('@') ? await File.ReadAllTextAsync(given[1..], ct) : given;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandStop.Usage($"`--json {given}`: {e.Message}");
        }
    }

    private sealed record Given(string Name, string Text, bool IsJson);
}
