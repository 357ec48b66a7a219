using Stoa.Testing;
using Xunit.Sdk;

namespace Stoa.Cli.Tests.Tutorial;

/// <summary>docs/tutorial.md works word for word: each command in it is run, and what it shows is what is printed.</summary>
public sealed class TutorialTests
{
    [Fact]
    public async Task The_tutorial_works_word_for_word()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/curl"), "The tutorial calls curl.");
        await using var reader = new Reader();

        await reader.DoAsync(StepReader.Read(await File.ReadAllTextAsync(Repository.PathOf("docs/tutorial.md"), TestContext.Current.CancellationToken)));

        var sample = File.ReadAllLines(Repository.PathOf("samples/tools/weather.yaml")).SkipWhile(line => line.StartsWith('#'));
        Assert.Equal(string.Join('\n', sample), reader.TextOf("weather.yaml").TrimEnd());

        // What reached the API: its own key, in the query, and nothing of the callers' (Paris was asked for with Authorization, Stockholm with x-api-key).
        Assert.All(["London", "Paris", "Stockholm"], city =>
            Assert.Contains(reader.Api.Received, request => request.Target == $"/data/2.5/weather?q={city}&units=metric&appid=weather-demo-key"));
        Assert.All(reader.Api.Received, request =>
        {
            Assert.StartsWith("weather-demo-", request.Key, StringComparison.Ordinal);
            Assert.Empty(request.Headers.Keys.Except(["Host", "Accept", "User-Agent", "traceparent"]));
            Assert.DoesNotContain("stoa_", request.Target + string.Concat(request.Headers.Values), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_text_that_shows_something_else_fails_with_command_line_and_both_outputs()
    {
        const string Text = """
            # A text

            ```console
            $ export WHO=world
            $ echo "hello \
            $WHO"
            hello world
            $ cat <<'EOF'
            one
            EOF
            two
            ```
            """;
        await using var reader = new Reader();

        var failure = (await Assert.ThrowsAnyAsync<XunitException>(() => reader.DoAsync(StepReader.Read(Text)))).Message;

        Assert.Equal("Line 8: $ cat <<'EOF'\none\nEOF\nnothing fits `two`\n--- expected\ntwo\n--- got\none", failure.Trim());
    }

    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("a", "b", false)]
    [InlineData("a", "a|b", false)]
    [InlineData("a|b", "a", false)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("...", "", true)]
    [InlineData("...|b", "a|a|b", true)]
    [InlineData("a|...|c", "a|c", true)]
    [InlineData("a|...|c", "a|b|c|d", false)]
    [InlineData("at ... in ... s", "at 12 in 5 s", true)]
    [InlineData("at ... in ... s", "at 12 in 5 m", false)]
    [InlineData("ab...ba", "aba", false)]
    [InlineData("a  b", "a      b", true)]
    [InlineData("a b", "a  b", false)]
    [InlineData("  a", "    a", false)]
    public void Dots_stand_for_anything_and_nothing_else_does(string expected, string got, bool fits) =>
        Assert.Equal(fits, ExpectedOutput.Fits(Lines(expected), Lines(got)));

    [Fact]
    public void A_mark_that_nobody_knows_is_an_error() =>
        Assert.Throws<FormatException>(() => StepReader.Read("<!-- flie: weather.yaml -->\n```yaml\na: 1\n```\n"));

    private static string[] Lines(string text) => text.Split('|', StringSplitOptions.RemoveEmptyEntries);
}
