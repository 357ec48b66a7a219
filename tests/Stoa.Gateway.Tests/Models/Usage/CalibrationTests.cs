using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models;
using Stoa.Gateway.Models.Requests;
using Stoa.Gateway.Models.Usage;

namespace Stoa.Gateway.Tests.Models.Usage;

public sealed class CalibrationTests
{
    [Fact]
    public void An_unknown_model_is_estimated_as_it_is() => Assert.Equal(100, new Calibration().Bound(Tenant("acme"), "m", 100));

    [Theory]
    [InlineData(0.6)]
    [InlineData(1.0)]
    [InlineData(1.7)]
    public void After_some_answers_the_bound_lies_closely_above_what_comes(double ratio)
    {
        var calibration = new Calibration();
        for (var i = 0; i < 50; i++)
        {
            calibration.Learn(Tenant("acme"), "m", 1000, (long)(1000 * ratio));
        }

        Assert.InRange(calibration.Bound(Tenant("acme"), "m", 1000), 1000 * ratio, 1100 * ratio);
        Assert.InRange(calibration.Likely(Tenant("acme"), "m", 1000), 990 * ratio, 1010 * ratio);
    }

    [Fact]
    public void A_bound_covers_what_varies()
    {
        var calibration = new Calibration();
        var random = new Random(7);
        var over = 0;
        for (var i = 0; i < 2000; i++)
        {
            var actual = (long)(1000 * (0.5 + (random.NextDouble() * 0.5)));
            over += actual > calibration.Bound(Tenant("acme"), "m", 1000) ? 1 : 0;
            calibration.Learn(Tenant("acme"), "m", 1000, actual);
        }

        Assert.InRange(over, 0, 100);
    }

    [Theory]
    [InlineData(1, 500)]
    [InlineData(1_000_000, 4000)]
    public void One_absurd_answer_moves_it_within_bounds_only(long actual, long expected)
    {
        var calibration = new Calibration();
        for (var i = 0; i < 50; i++)
        {
            calibration.Learn(Tenant("acme"), "m", 1000, actual);
        }

        Assert.Equal(expected, calibration.Bound(Tenant("acme"), "m", 1000));
    }

    [Fact]
    public void Tenants_and_models_learn_apart()
    {
        var calibration = new Calibration();
        calibration.Learn(Tenant("acme"), "m", 1000, 3000);
        Assert.Equal(1000, calibration.Bound(Tenant("globex"), "m", 1000));
        Assert.Equal(1000, calibration.Bound(Tenant("acme"), "n", 1000));
    }

    [Fact]
    public void Answers_of_endless_models_do_not_pile_up()
    {
        var calibration = new Calibration();
        for (var i = 0; i < 20_000; i++)
        {
            calibration.Learn(Tenant("acme"), $"m{i}", 1000, 3000);
        }

        Assert.Equal(1000, calibration.Bound(Tenant("acme"), "m0", 1000));
        Assert.NotEqual(1000, calibration.Bound(Tenant("acme"), "m19999", 1000));
    }

    /// <summary>Words and signs, each of which is a token or a little more; for Japanese three quarters of the characters.</summary>
    [Theory]
    [InlineData("The quick brown fox jumps over the lazy dog, again and again, until the evening comes.", 19)]
    [InlineData("for (var i = 0; i < items.Count; i++) { total += items[i].Price * items[i].Count; }", 27)]
    [InlineData("東京は日本の首都であり、世界最大の都市圏の一つである。", 19)]
    public void Estimates_lie_above_what_real_texts_have(string text, int tokens)
    {
        var body = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(text);
        var request = ModelRequestReader.Read(Wire.Responses, System.Text.Encoding.UTF8.GetBytes($$"""{"model":"m","input":{{System.Text.Encoding.UTF8.GetString(body)}}}"""), null).Request!;
        Assert.InRange(TokenEstimate.Input(request), tokens, tokens * 5);
    }

    private static TenantId Tenant(string slug) => TenantId.TryParse(slug, out var id) ? id : throw new ArgumentException(slug);
}
