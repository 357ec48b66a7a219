using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stoa.Gateway.Models;
using Stoa.Testing;

namespace Stoa.Gateway.Tests.Models.Translation;

/// <summary>
/// Every file in <c>golden</c> named <c>case.wire.json</c> or <c>.sse</c> is translated to every wire there is a direction to, and must give
/// what the file beside it says. STOA_REGENERATE=1 writes those files; reading their difference is then the test.
/// </summary>
public sealed class GoldenTests
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Requests => Cases("requests", "json");

    public static TheoryData<string> Answers => Cases("answers", "json");

    public static TheoryData<string> Streams => Cases("streams", "sse");

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_request_is_translated_as_written(string name)
    {
        var from = WireOf(name);
        foreach (var to in ((Wire[])[Wire.Chat, Wire.Messages, Wire.Gemini]).Where(w => w != from && !(from is Wire.Chat && w is Wire.Chat)))
        {
            var (body, refusal, losses) = Given.Request(File.ReadAllText(PathOf("requests", name)), from, to, isStream: true);
            var result = new JsonObject
            {
                ["losses"] = new JsonArray([.. losses.Select(l => JsonValue.Create(l))]),
                ["refusal"] = refusal?.Message,
                ["body"] = refusal is null ? JsonNode.Parse(body) : null,
            };
            Compare("requests", name, to, "json", result.ToJsonString(Readable) + "\n");
        }
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void An_answer_is_translated_as_written(string name)
    {
        foreach (var to in Doors(name))
        {
            var (body, complaint) = Given.Answer(File.ReadAllText(PathOf("answers", name)), WireOf(name), to);
            Assert.Null(complaint);
            Compare("answers", name, to, "json", JsonNode.Parse(body)!.ToJsonString(Readable) + "\n");
        }
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void A_stream_is_translated_as_written(string name)
    {
        foreach (var to in Doors(name))
        {
            var (events, complaint) = Given.Stream(File.ReadAllText(PathOf("streams", name)), WireOf(name), to);
            Assert.Null(complaint);
            _ = to switch { Wire.Chat => ChatGrammar.Check(events), Wire.Messages => MessagesGrammar.Check(events), _ => ResponsesGrammar.Check(events) };
            Compare("streams", name, to, "sse", events);
        }
    }

    private static IEnumerable<Wire> Doors(string name) => ((Wire[])[Wire.Chat, Wire.Messages, Wire.Responses]).Where(w => w != WireOf(name));

    private static void Compare(string folder, string name, Wire to, string ext, string actual)
    {
        var path = PathOf(folder, $"{name[..^(ext.Length + 1)]}-to-{to.ToString().ToLowerInvariant()}.{ext}");
        if (Environment.GetEnvironmentVariable("STOA_REGENERATE") == "1")
        {
            File.WriteAllText(path, actual, new UTF8Encoding(false));
        }

        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), actual);
    }

    private static Wire WireOf(string name) => Enum.Parse<Wire>(name.Split('.')[1], ignoreCase: true);

    private static TheoryData<string> Cases(string folder, string ext) =>
        [.. Directory.EnumerateFiles(PathOf(folder, ""), $"*.{ext}").Select(f => Path.GetFileName(f)).Where(f => !f.Contains("-to-", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static string PathOf(string folder, string name) =>
        Repository.PathOf("tests", "Stoa.Gateway.Tests", "Models", "Translation", "golden", folder, name);
}
