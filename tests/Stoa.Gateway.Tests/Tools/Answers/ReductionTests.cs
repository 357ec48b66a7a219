using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Stoa.Gateway.Tools.Answers;

namespace Stoa.Gateway.Tests.Tools.Answers;

public sealed class ReductionTests
{
    private const string Long = "0123456789";

    [Theory]
    [InlineData("""{"a": null, "b": {}, "c": [], "d": {"e": {"f": null}}, "g": "", "h": 0, "i": false}""", """{"g":"","h":0,"i":false}""")]
    [InlineData("""[null, {}, [], {"a": null}, 1]""", "[null,{},[],{},1]")]
    [InlineData("""{"a":{"b":null}}""", "{}")]
    [InlineData("[ ]", "[]")]
    [InlineData(" 1.50 ", "1.50")]
    [InlineData("null", "null")]
    [InlineData("""{"id": null, "order_id": [], "orderId": {"a": null}, "x": null}""", """{"id":null,"order_id":[],"orderId":{"a": null}}""")]
    [InlineData("""{"n":[1,2,3,4,5,6,7,8,9,10,11,12]}""", """{"n":[1,2,3,4,5,6,7,8,9,10]}""")]
    [InlineData("""[{"n":[1,2,3,4,5,6,7,8,9,10,11,12]}]""", """[{"n":[1,2,3,4,5,6,7,8,9,10,11,12]}]""")]
    [InlineData("""{"a":null,"a":1,"\u0061":null}""", """{"a":1}""")]
    public void Moderate_drops_what_says_nothing(string json, string expected) => Assert.Equal(expected, Reduced(ReductionLevel.Moderate, json).Json);

    [Theory]
    [InlineData("""{"a":[[1,2,3,4,5,6],[],[null]],"b":1}""", """{"a":[[1,2,3,4,5],[],[null]],"b":1}""")]
    [InlineData("""{"examples":[1],"example":1,"_links":{},"documentation":"x","$schema":"x","$comment":"x","externalDocs":{},"a":1}""", """{"a":1}""")]
    [InlineData("""{"description":"light rain"}""", """{"description":"light rain"}""")]
    public void Aggressive_drops_more(string json, string expected) => Assert.Equal(expected, Reduced(ReductionLevel.Aggressive, json).Json);

    [Theory]
    [InlineData("id", true)]
    [InlineData("_id", true)]
    [InlineData("@id", true)]
    [InlineData("ID", true)]
    [InlineData("order_id", true)]
    [InlineData("order-id", true)]
    [InlineData("orderId", true)]
    [InlineData("orderID", true)]
    [InlineData("\\u0069d", true)]
    [InlineData("uuid", true)]
    [InlineData("issueKey", true)]
    [InlineData("name", true)]
    [InlineData("html_url", true)]
    [InlineData("nextPageToken", true)]
    [InlineData("paid", false)]
    [InlineData("PAID", false)]
    [InlineData("surname", false)]
    [InlineData("curl", false)]
    [InlineData("idea", false)]
    [InlineData("", false)]
    public void What_identifies_stays_whole(string name, bool stays)
    {
        var json = $$"""{"{{name}}":"{{string.Concat(Enumerable.Repeat(Long, 60))}}"}""";

        var (reduced, report) = Reduced(ReductionLevel.Aggressive, json);

        Assert.Equal(stays, reduced == json);
        Assert.Equal(stays ? 0 : 1, report.Texts);
    }

    [Theory]
    [InlineData("a", 500, 500)]
    [InlineData("a", 501, 497)]
    [InlineData("é", 501, 497)]
    [InlineData("😀", 500, 500)]
    [InlineData("😀", 501, 497)]
    [InlineData("\\n", 501, 497)]
    [InlineData("\\u00e9", 501, 497)]
    [InlineData("\\ud83d\\ude00", 501, 497)]
    [InlineData("\\ud800", 501, 497)]
    public void A_long_text_ends_between_characters(string character, int times, int kept)
    {
        var json = $"[\"{Repeat(character, times)}\"]";

        var (reduced, report) = Reduced(ReductionLevel.Aggressive, json);

        Assert.Equal(kept == times ? json : $"[\"{Repeat(character, kept)}…\"]", reduced);
        Assert.Equal(kept == times ? 0 : 1, report.Texts);
    }

    [Fact]
    public void A_link_is_never_cut_short_and_a_description_sooner()
    {
        var json = $$"""{"link":"https://a.example/{{Repeat(Long, 60)}}","description":"{{Repeat(Long, 13)}}"}""";

        Assert.Equal($$"""{"link":"https://a.example/{{Repeat(Long, 60)}}","description":"{{Repeat(Long, 13)[..117]}}…"}""", Reduced(ReductionLevel.Aggressive, json).Json);
    }

    [Fact]
    public void What_is_missing_is_said()
    {
        var items = string.Join(',', Enumerable.Range(0, 57).Select(i => $$"""{"id":{{i}},"x":null,"tags/all":[1,2,3,4,5,6]}"""));

        var report = Reduced(ReductionLevel.Aggressive, $$"""{"items":[{{items}}],"examples":[]}""").Report;

        Assert.Equal(
            "Shortened by the gateway: 5 of 6 items of /items/0/tags~1all shown; 5 of 6 items of /items/1/tags~1all shown; "
            + "5 of 6 items of /items/2/tags~1all shown; 5 of 6 items of /items/3/tags~1all shown; 2 more lists shortened; "
            + "5 null or empty members left out; 1 explaining member left out.",
            report.ToString());
        Assert.Equal("Shortened by the gateway: 10 of 11 items of the list shown.", Reduced(ReductionLevel.Moderate, "[1,2,3,4,5,6,7,8,9,10,11]").Report.ToString());
        Assert.Equal("", Reduced(ReductionLevel.Moderate, "[1, 2]").Report.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("[1,]")]
    [InlineData("[1]]")]
    [InlineData("{\"a\"}")]
    [InlineData("{\"id\":")]
    [InlineData("{\"id\"")]
    public void What_is_no_json_is_said_so(string json) =>
        Assert.False(Reduction.TryApply(ReductionLevel.Aggressive, Encoding.UTF8.GetBytes(json), out _, out _));

    [Fact]
    public void None_leaves_every_byte() => Assert.Equal(" [ null ] ", Reduced(ReductionLevel.None, " [ null ] ").Json);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Any_answer_stays_json_grows_nowhere_and_keeps_what_identifies(bool isAggressive)
    {
        string[] names = ["id", "user_id", "name", "a", "b", "examples", "description", "_links", "odd thing"];
        var (changed, identities) = (0, 0);

        Check.One(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(RandomJson.Value(names).ToArbitrary(), json =>
        {
            var (reduced, _) = Reduced(isAggressive ? ReductionLevel.Aggressive : ReductionLevel.Moderate, json);
            Assert.True(Encoding.UTF8.GetByteCount(reduced) <= Encoding.UTF8.GetByteCount(json), reduced);
            using var before = JsonDocument.Parse(json);
            using var after = JsonDocument.Parse(reduced);
            Compare(before.RootElement, after.RootElement, isAggressive, isInList: false, ref identities);
            changed += reduced == json ? 0 : 1;
        }));
        Assert.True(changed > 50 && identities > 50, $"{changed} changed, {identities} identities");
    }

    /// <summary>The rules again, over documents.</summary>
    private static void Compare(JsonElement before, JsonElement after, bool isAggressive, bool isInList, ref int identities)
    {
        Assert.Equal(before.ValueKind, after.ValueKind);
        switch (before.ValueKind)
        {
            case JsonValueKind.Object:
                var kept = before.EnumerateObject().Where(m => Stays(m, isAggressive)).ToArray();
                Assert.True(kept.Select(m => m.Name).SequenceEqual(after.EnumerateObject().Select(m => m.Name)), $"{before}\n{after}");
                foreach (var member in kept)
                {
                    var value = after.GetProperty(member.Name);
                    if (member.Name is "id" or "user_id" or "name")
                    {
                        Assert.Equal(member.Value.GetRawText(), value.GetRawText());
                        identities++;
                    }
                    else
                    {
                        Compare(member.Value, value, isAggressive, isInList, ref identities);
                    }
                }

                break;
            case JsonValueKind.Array:
                var max = isAggressive ? 5 : isInList ? int.MaxValue : 10;
                Assert.Equal(Math.Min(max, before.GetArrayLength()), after.GetArrayLength());
                for (var i = 0; i < after.GetArrayLength(); i++)
                {
                    Compare(before[i], after[i], isAggressive, isInList: true, ref identities);
                }

                break;
            case JsonValueKind.String when isAggressive && before.GetRawText() != after.GetRawText():
                Assert.StartsWith(after.GetString()![..^1], before.GetString(), StringComparison.Ordinal);
                Assert.EndsWith("…", after.GetString(), StringComparison.Ordinal);
                Assert.InRange(after.GetString()!.EnumerateRunes().Count(), 118, 498);
                break;
            default:
                Assert.Equal(before.GetRawText(), after.GetRawText());
                break;
        }
    }

    private static bool Stays(JsonProperty member, bool isAggressive) =>
        member.Name is "id" or "user_id" or "name" || (!(isAggressive && member.Name is ("examples" or "_links")) && !IsEmpty(member.Value, isAggressive));

    private static bool IsEmpty(JsonElement value, bool isAggressive) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().Any(m => Stays(m, isAggressive)),
        _ => false,
    };

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static (string Json, ReductionReport Report) Reduced(ReductionLevel level, string json)
    {
        Assert.True(Reduction.TryApply(level, Encoding.UTF8.GetBytes(json), out var reduced, out var report));
        using (reduced)
        {
            return (Encoding.UTF8.GetString(reduced.Body.Span), report);
        }
    }
}
