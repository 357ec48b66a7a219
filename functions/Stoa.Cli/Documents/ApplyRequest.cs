using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Stoa.Cli.Commands;
using Stoa.Cli.Gateway;

namespace Stoa.Cli.Documents;

/// <summary>One apply, for real or as a dry run, with the places of its faults turned into places in the user's files.</summary>
internal static class ApplyRequest
{
    // One mistake in a generator must not scroll the others away.
    private const int MostAlike = 20;

    private const string SaidBefore = "in the request already, at line ";

    /// <param name="mode">The API's <c>dryRun</c>: false, true or compare.</param>
    /// <returns>The API's report; each fault has <c>file</c> besides, and its line is that file's.</returns>
    public static async Task<JsonObject> SendAsync(Invocation call, SourceFiles sources, string mode, string doing, CancellationToken ct)
    {
        using var gateway = call.Manage();
        using var content = new ByteArrayContent(sources.Body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/yaml");
        var path = GatewayPath.Of("manage/v1", "apply").With("dryRun", mode).With("namespace", call.Connection.Namespace);
        var reply = await call.Err.WhileAsync($"{doing} {sources.Summary} ...", () => gateway.SendAsync(HttpMethod.Post, path, content, ct));

        var report = ReportIn(gateway, reply);
        foreach (var fault in report["results"]!.AsArray().SelectMany(FaultsOf))
        {
            var (file, line) = sources.Locate(fault["line"]!.GetValue<int>());
            fault["file"] = file;
            fault["line"] = line;
            fault["reason"] = Relocated(fault["reason"]!.GetValue<string>(), sources);
        }

        return report;
    }

    /// <summary>The report in an answer: 400 with results means that every document was refused, and the report says why.</summary>
    public static JsonObject ReportIn(GatewayClient gateway, GatewayReply reply) =>
        reply is { Status: 400, Body: JsonObject map } && map.ContainsKey("results") ? map : gateway.Expect(reply).AsObject();

    public static IEnumerable<JsonObject> FaultsOf(JsonNode? result) => result!["faults"]?.AsArray().Select(fault => fault!.AsObject()) ?? [];

    /// <summary>The kind and name of a result as output has it; the document's number when it has no name.</summary>
    public static string LabelOf(JsonObject result) => result["kind"]?.GetValue<string>() is { } kind && result["name"]?.GetValue<string>() is { } name
        ? KindNames.Label(kind, name)
        : $"document {result["document"]}";

    /// <summary>One line for each document that was taken, and for each tool that a ToolSet made.</summary>
    public static void PrintTaken(Invocation call, JsonObject report, bool isDry)
    {
        var suffix = isDry ? " (dry run)" : "";
        foreach (var result in report["results"]!.AsArray().Select(r => r!.AsObject()).Where(r => !FaultsOf(r).Any()))
        {
            var status = result["status"]!.GetValue<string>();
            call.Out.Line(($"{LabelOf(result)} ", Output.Tint.None), (status, Output.Tints.Of(status)), (suffix, Output.Tint.None));
            ToolSetLines.Print(call, result, suffix);
        }
    }

    /// <summary>Tells the faults as compilers do; the number of documents refused.</summary>
    public static int TellFaults(Invocation call, JsonObject report)
    {
        var refused = 0;
        var same = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var result in report["results"]!.AsArray().Select(r => r!.AsObject()).Where(r => FaultsOf(r).Any()))
        {
            refused++;
            foreach (var fault in FaultsOf(result))
            {
                var (path, reason) = (fault["path"]!.GetValue<string>(), fault["reason"]!.GetValue<string>());
                same[reason] = same.GetValueOrDefault(reason) + 1;
                if (same[reason] > MostAlike)
                {
                    continue;
                }

                call.Err.Line(
                    ($"{fault["file"]}:{fault["line"]}:{fault["column"]}: ", Output.Tint.Head),
                    ($"{LabelOf(result)} {result["status"]}: ", Output.Tint.Bad),
                    ($"{(path.Length == 0 ? "" : path + ": ")}{reason}", Output.Tint.None));
            }
        }

        foreach (var (reason, count) in same.Where(s => s.Value > MostAlike))
        {
            call.Err.Line($"... and {count - MostAlike} more like this: {reason}");
        }

        return refused;
    }

    // A reason may name another line of the request.
    private static string Relocated(string reason, SourceFiles sources)
    {
        var at = reason.IndexOf(SaidBefore, StringComparison.Ordinal);
        if (at < 0 || sources.Files.Count == 1)
        {
            return reason;
        }

        var digits = reason[(at + SaidBefore.Length)..].TakeWhile(char.IsAsciiDigit).Count();
        return int.TryParse(reason.AsSpan(at + SaidBefore.Length, digits), out var line) && sources.Locate(line) is var (file, own)
            ? $"{reason[..at]}in the request already, at {file}:{own}{reason[(at + SaidBefore.Length + digits)..]}"
            : reason;
    }
}
