using System.Text;
using Stoa.Gateway.Models;
using Stoa.Gateway.Models.Requests;

namespace Stoa.Gateway.Tests.Models.Requests;

/// <summary>What is counted of a request, and so reserved, where somebody would have it seem smaller than it is.</summary>
public sealed class RequestEstimateTests
{
    // Servers of open models take documents and templates there, which become part of the prompt.
    [Fact]
    public void Texts_in_members_that_nobody_here_knows_may_reach_the_model_and_count()
    {
        var plain = Read(nameof(Wire.Chat), """{"model":"m","messages":[{"role":"user","content":"Hi"}]}""");
        var more = Read(nameof(Wire.Chat), """{"model":"m","messages":[{"role":"user","content":"Hi"}],"documents":[{"title":"abc","text":"0123456789"}],"logit_bias":{"1234":-100}}""");

        Assert.Equal(plain.TextBytes + 13, more.TextBytes);
    }

    // What a provider reads as text costs by its length, whatever its first letters would be in base64.
    [Theory]
    [InlineData(nameof(Wire.Messages), "{'type':'document','source':{'type':'text','media_type':'text/plain','data':'$'}}", 1)]
    [InlineData(nameof(Wire.Messages), "{'type':'document','source':{'data':'$','media_type':'text/plain','type':'text'}}", 1)]
    [InlineData(nameof(Wire.Messages), "{'type':'document','source':{'data':'$','type':'t\\u0065xt'}}", 1)]
    [InlineData(nameof(Wire.Chat), "{'type':'file','file':{'filename':'a.txt','file_data':'data:text/plain;base64,$'}}", 0.75)]
    [InlineData(nameof(Wire.Chat), "{'type':'file','file':{'filename':'a.json','file_data':'DATA:Application/JSON;base64,$'}}", 0.75)]
    [InlineData(nameof(Wire.Chat), "{'type':'file','file_url':'data:text/plain;base64,$'}", 0.75)]
    [InlineData(nameof(Wire.Chat), "{'type':'image_url','image_url':{'url':'data:text/plain;base64,$'}}", 0.75)]
    public void Text_that_begins_like_an_image_is_text(string wire, string part, double textPerByte)
    {
        foreach (var beginning in (string[])["R0lGOD", "iVBOR", "UklGRgAAAABXRUJQ"])
        {
            var data = beginning + new string('a', 40_000 - beginning.Length);
            var request = Read(wire, $$"""{"model":"m","messages":[{"role":"user","content":[{{part.Replace('\'', '"').Replace("$", data, StringComparison.Ordinal)}}]}]}""");

            Assert.InRange(request.TextBytes, (long)(40_000 * textPerByte), (long)(40_000 * textPerByte) + 150);
        }
    }

    [Theory]
    [InlineData("{'type':'image_url','image_url':{'url':'data:image/png;base64,$'}}")]
    [InlineData("{'type':'image_url','image_url':'data:application/octet-stream;base64,$'}")]
    [InlineData("{'type':'file','file':{'file_data':'data:image/png;base64,$'}}")]
    public void An_image_costs_the_same_however_long_it_is(string part)
    {
        var request = Read(nameof(Wire.Chat), $$"""{"model":"m","messages":[{"role":"user","content":[{{part.Replace('\'', '"').Replace("$", "iVBORw0KGgo" + new string('a', 40_000), StringComparison.Ordinal)}}]}]}""");

        Assert.Equal((1, 0L), (request.MediaParts, request.FileBytes));
        Assert.InRange(request.TextBytes, 0, 150);
    }

    private static ModelRequest Read(string wire, string body)
    {
        var reading = ModelRequestReader.Read(Enum.Parse<Wire>(wire), Encoding.UTF8.GetBytes(body), null);
        Assert.True(reading.Request is not null, reading.Refusal?.Message);
        return reading.Request;
    }
}
