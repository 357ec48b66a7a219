using System.Text.Json;
using System.Text.Json.Nodes;

namespace Stoa.Cli.Output;

/// <summary>The report of a test run for reading, in the order in which things happened. Members that are not known here are shown at the end.</summary>
internal static class TestReport
{
    private static readonly string[] Known = ["tool", "sent", "attempts", "request", "response", "result", "isError", "remark", "findings", "timing", "error"];

    public static void Print(Screen screen, JsonObject report)
    {
        if (report["request"] is JsonObject request)
        {
            screen.Line(("Request", Tint.Head), (report.Text("sent") == "false" ? " (not sent)" : "", Tint.None));
            screen.Line($"  {request.Text("method")} {request.Text("url")}");
            PrintMessage(screen, request);
        }

        if (report["response"] is JsonObject response)
        {
            screen.Line(("Response", Tint.Head));
            screen.Line(("  ", Tint.None), (response.Text("status"), response.Text("status").StartsWith('2') ? Tint.Good : Tint.Bad));
            PrintMessage(screen, response);
        }

        Section(screen, "Result", report["result"]);
        Section(screen, "Remark", report["remark"]);
        if (report["findings"] is JsonArray { Count: > 0 } findings)
        {
            screen.Line(("Findings", Tint.Head));
            foreach (var finding in findings)
            {
                screen.Line(("  - ", Tint.None), (InWords(finding), Tint.Warn));
            }

            screen.Line();
        }

        if (report["timing"] is JsonObject timing)
        {
            PrintTiming(screen, timing);
        }

        foreach (var (name, value) in report.Where(member => !Known.Contains(member.Key)))
        {
            Section(screen, name, value);
        }
    }

    private static void PrintMessage(Screen screen, JsonObject message)
    {
        foreach (var (name, value) in message["headers"] as JsonObject ?? [])
        {
            screen.Line(($"  {name}: ", Tint.Dim), (value.InWords(), Tint.None));
        }

        if (message["body"] is { } body)
        {
            screen.Line();
            Indented(screen, body);
            if (message.Text("truncated") == "true")
            {
                screen.Line(("  ... (cut)", Tint.Dim));
            }
        }

        screen.Line();
    }

    // Most messages begin with the path that they are about.
    private static string InWords(JsonNode? finding) => (finding.Text("path"), finding.Text("message")) switch
    {
        (_, "") => finding.InWords(),
        var (path, message) => message.StartsWith(path, StringComparison.Ordinal) ? message : $"{path} {message}",
    };

    private static void PrintTiming(Screen screen, JsonObject timing)
    {
        screen.Line(("Timing", Tint.Head));
        (string Name, string Member)[] parts = [("total", "totalMs"), ("upstream", "upstreamMs"), ("mapping", "mappingMs")];
        screen.Line($"  {string.Join(", ", parts.Where(p => timing.ContainsKey(p.Member)).Select(p => $"{p.Name} {timing.Text(p.Member)} ms"))}");
        if (timing["attempts"] is JsonArray { Count: > 1 } attempts)
        {
            foreach (var (index, attempt) in attempts.Index())
            {
                var outcome = attempt.Text("status") is { Length: > 0 } status ? status : "no answer";
                screen.Line($"  attempt {index + 1}: {outcome} after {attempt.Text("elapsedMs")} ms, having waited {attempt.Text("waitedMs")} ms");
            }
        }

        screen.Line();
    }

    private static void Section(Screen screen, string title, JsonNode? content)
    {
        if (content is not null)
        {
            screen.Line((title, Tint.Head));
            Indented(screen, content);
            screen.Line();
        }
    }

    private static void Indented(Screen screen, JsonNode content)
    {
        var text = content is JsonValue value && value.GetValueKind() is JsonValueKind.String ? value.GetValue<string>() : JsonDisplay.Of(content);
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            screen.Line($"  {line}");
        }
    }
}
