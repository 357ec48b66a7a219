using System.Buffers;
using System.Text;
using Stoa.Gateway.Models;
using Stoa.Gateway.Models.Requests;

namespace Stoa.Gateway.Tests.Models.Requests;

/// <summary>Whole bodies are compared: what is not meant to change must not.</summary>
public sealed class RequestSpliceTests
{
    private const string Messages = "\"messages\" : [ {\"role\":\"user\",\"content\":\"h\\u00e9 \\/ \\\"max_tokens\\\": 9\"} ]";

    [Theory]
    [InlineData("{ \"model\":\"a\"," + Messages + ",\n \"seed\" : 1.50e1 }", "{ \"model\":\"b\"," + Messages + ",\n \"seed\" : 1.50e1 }")]
    [InlineData("{\"mod\\u0065l\" :\t\"\\u0061\" ," + Messages + "}", "{\"mod\\u0065l\" :\t\"b\" ," + Messages + "}")]
    [InlineData("\r\n{" + Messages + ",\"model\":\"a\"}\n ", "\r\n{" + Messages + ",\"model\":\"b\"}\n ")]
    public void Only_the_models_name_changes(string body, string expected) => Assert.Equal(expected, Splice(nameof(Wire.Chat), body, "b"));

    [Fact]
    public void A_name_that_stays_the_same_leaves_every_byte_as_it_was()
    {
        const string Body = "{ \"model\":\"\\u0061\"," + Messages + "}";
        Assert.Equal(Body, Splice(nameof(Wire.Chat), Body, "a"));
    }

    [Fact]
    public void A_name_is_written_as_JSON() =>
        Assert.Equal("{\"model\":\"b\\\"\\\\é\"," + Messages + "}", Splice(nameof(Wire.Chat), "{\"model\":\"a\"," + Messages + "}", "b\"\\é"));

    [Theory]
    [InlineData("{\"model\":\"a\",\"max_tokens\": 500 ," + Messages + "}", "{\"model\":\"a\",\"max_tokens\": 100 ," + Messages + "}")]
    [InlineData("{\"model\":\"a\",\"max_tokens\":50," + Messages + "}", "{\"model\":\"a\",\"max_tokens\":50," + Messages + "}")]
    [InlineData("{\"max_completion_tokens\":500,\"max_tokens\":null,\"model\":\"a\"," + Messages + "}", "{\"max_completion_tokens\":100,\"max_tokens\":null,\"model\":\"a\"," + Messages + "}")]
    [InlineData("{\"max_completion_tokens\":500,\"max_tokens\":400,\"model\":\"a\"," + Messages + "}", "{\"max_completion_tokens\":100,\"max_tokens\":100,\"model\":\"a\"," + Messages + "}")]
    [InlineData("{ \"model\":\"a\"," + Messages + "}", "{\"max_completion_tokens\":100, \"model\":\"a\"," + Messages + "}")]
    [InlineData("{\"model\":\"a\",\"max_completion_tokens\": null," + Messages + "}", "{\"model\":\"a\",\"max_completion_tokens\": 100," + Messages + "}")]
    [InlineData("{\"model\":\"a\",\"max_tokens\":null," + Messages + "}", "{\"max_completion_tokens\":100,\"model\":\"a\",\"max_tokens\":null," + Messages + "}")]
    [InlineData("{\"model\":\"a\",\"n\":4," + Messages + "}", "{\"max_completion_tokens\":25,\"model\":\"a\",\"n\":4," + Messages + "}")]
    public void A_bound_is_lowered_or_added_and_never_raised(string body, string expected) =>
        Assert.Equal(expected, Splice(nameof(Wire.Chat), body, "a", 100));

    // Zero is "left out" to some servers, and then their own bound, or none, would stand in place of what was reserved. Anthropic's zero is one.
    [Theory]
    [InlineData(nameof(Wire.Chat), "{\"model\":\"a\",\"max_tokens\":0," + Messages + "}", "{\"model\":\"a\",\"max_tokens\":7," + Messages + "}")]
    [InlineData(nameof(Wire.Chat), "{\"model\":\"a\",\"max_completion_tokens\":0," + Messages + "}", "{\"model\":\"a\",\"max_completion_tokens\":7," + Messages + "}")]
    [InlineData(nameof(Wire.Responses), "{\"model\":\"a\",\"input\":\"x\",\"max_output_tokens\":0}", "{\"model\":\"a\",\"input\":\"x\",\"max_output_tokens\":7}")]
    [InlineData(nameof(Wire.Messages), "{\"model\":\"a\",\"max_tokens\":0," + Messages + "}", "{\"model\":\"a\",\"max_tokens\":0," + Messages + "}")]
    public void A_bound_of_zero_is_no_way_round_what_was_reserved(string wire, string body, string expected) =>
        Assert.Equal(expected, Splice(wire, body, "a", 7, type: nameof(ProviderType.OpenAICompatible)));

    [Theory]
    [InlineData(nameof(ProviderType.OpenAI), "max_completion_tokens")]
    [InlineData(nameof(ProviderType.AzureOpenAI), "max_completion_tokens")]
    [InlineData(nameof(ProviderType.Mistral), "max_tokens")]
    [InlineData(nameof(ProviderType.OpenAICompatible), "max_tokens")]
    public void An_added_bound_has_the_name_that_the_provider_knows(string type, string name) =>
        Assert.Equal("{\"" + name + "\":7,\"model\":\"a\"," + Messages + "}", Splice(nameof(Wire.Chat), "{\"model\":\"a\"," + Messages + "}", "a", 7, type: type));

    [Theory]
    [InlineData(nameof(Wire.Responses), "{\"model\":\"a\",\"input\":\"x\"}", "{\"max_output_tokens\":7,\"model\":\"a\",\"input\":\"x\"}")]
    [InlineData(nameof(Wire.Responses), "{\"model\":\"a\",\"input\":\"x\",\"max_output_tokens\":8}", "{\"model\":\"a\",\"input\":\"x\",\"max_output_tokens\":7}")]
    [InlineData(nameof(Wire.Messages), "{\"model\":\"a\",\"max_tokens\":8," + Messages + "}", "{\"model\":\"a\",\"max_tokens\":7," + Messages + "}")]
    [InlineData(nameof(Wire.Messages), "{\"model\":\"a\"," + Messages + "}", "{\"max_tokens\":7,\"model\":\"a\"," + Messages + "}")]
    [InlineData(nameof(Wire.Embeddings), "{\"model\":\"a\",\"input\":\"x\"}", "{\"model\":\"a\",\"input\":\"x\"}")]
    public void Every_wire_has_its_own_bound(string wire, string body, string expected) => Assert.Equal(expected, Splice(wire, body, "a", 7));

    [Theory]
    [InlineData("\"stream\":true", "\"stream_options\":{\"include_usage\":true},", "\"stream\":true")]
    [InlineData("\"stream\":true,\"stream_options\":null", "", "\"stream\":true,\"stream_options\":{\"include_usage\":true}")]
    [InlineData("\"stream\":true,\"stream_options\":{ }", "", "\"stream\":true,\"stream_options\":{\"include_usage\":true}")]
    [InlineData("\"stream_options\":{ \"include_obfuscation\":false },\"stream\":true", "", "\"stream_options\":{\"include_usage\":true, \"include_obfuscation\":false },\"stream\":true")]
    [InlineData("\"stream_options\":{\"x\":1,\"include_usage\" : false},\"stream\":true", "", "\"stream_options\":{\"x\":1,\"include_usage\" : true},\"stream\":true")]
    [InlineData("\"stream_options\":{\"include_usage\":true},\"stream\":true", "", "\"stream_options\":{\"include_usage\":true},\"stream\":true")]
    [InlineData("\"stream\":false", "", "\"stream\":false")]
    [InlineData("\"stream\":null", "", "\"stream\":null")]
    public void Usage_is_asked_for_beside_what_was_asked_already(string options, string added, string expected) =>
        Assert.Equal("{" + added + "\"model\":\"a\"," + expected + "," + Messages + "}", Splice(nameof(Wire.Chat), "{\"model\":\"a\"," + options + "," + Messages + "}", "a", usage: true));

    // Mistral answers 422 to members that it does not know, and tells usage unasked.
    [Theory]
    [InlineData("{\"model\":\"a\",\"stream\":true," + Messages + "}", "{\"model\":\"a\",\"stream\":true," + Messages + "}")]
    [InlineData("{\"model\":\"a\",\"stream\":true, \"stream_options\" : {\"include_usage\":true} ," + Messages + "}", "{\"model\":\"a\",\"stream\":true, " + Messages + "}")]
    [InlineData("{\"stream_options\":null,\"model\":\"a\"," + Messages + "}", "{\"model\":\"a\"," + Messages + "}")]
    [InlineData("{\"model\":\"a\"," + Messages + ",\"stream\":true , \"stream_options\":{} }", "{\"model\":\"a\"," + Messages + ",\"stream\":true  }")]
    [InlineData("{\"model\":\"a\",\"max_completion_tokens\" : 50," + Messages + "}", "{\"model\":\"a\",\"max_tokens\":50," + Messages + "}")]
    [InlineData("{\"model\":\"a\",\"max_completion_tokens\":900," + Messages + "}", "{\"model\":\"a\",\"max_tokens\":100," + Messages + "}", 100L)]
    [InlineData("{\"model\":\"a\",\"max_completion_tokens\":null," + Messages + "}", "{\"model\":\"a\",\"max_tokens\":100," + Messages + "}", 100L)]
    public void Mistral_gets_only_what_it_knows(string body, string expected, long? bound = null) =>
        Assert.Equal(expected, Splice(nameof(Wire.Chat), body, "a", bound, usage: true, type: nameof(ProviderType.Mistral)));

    [Fact]
    public void All_changes_together_read_back_as_meant()
    {
        var spliced = Splice(nameof(Wire.Chat), "{ \"stream\" : true , \"max_tokens\":900,\"model\" : \"a\", \"stream_options\": {\"y\":[1]} ," + Messages + "}", "b", 10, usage: true);
        var request = ModelRequestReader.Read(Wire.Chat, Encoding.UTF8.GetBytes(spliced), pathModel: null).Request!;
        Assert.Equal(("b", 10L, true, true), (request.Model, request.MaxOutputTokens!.Value, request.IsStream, request.WantsUsage));
    }

    [Fact]
    public void A_model_that_only_the_path_named_is_added()
    {
        var body = Encoding.UTF8.GetBytes("{" + Messages + "}");
        var request = ModelRequestReader.Read(Wire.Chat, body, "deployed").Request!;
        var output = new ArrayBufferWriter<byte>();
        RequestSplice.Write(request, "gpt-5", null, forceUsage: true, ProviderType.AzureOpenAI, output);
        Assert.Equal("{\"model\":\"gpt-5\"," + Messages + "}", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Theory]
    [InlineData("dear")]
    [InlineData("cheap")]
    public void A_model_that_the_path_named_goes_upstream_whatever_the_body_says(string written)
    {
        var body = Encoding.UTF8.GetBytes("{\"model\":\"" + written + "\"," + Messages + "}");
        var request = ModelRequestReader.Read(Wire.Chat, body, "cheap").Request!;
        var output = new ArrayBufferWriter<byte>();
        RequestSplice.Write(request, "cheap", null, forceUsage: false, ProviderType.OpenAI, output);
        Assert.Equal("{\"model\":\"cheap\"," + Messages + "}", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    private static string Splice(string wire, string body, string model, long? bound = null, bool usage = false, string type = nameof(ProviderType.OpenAI))
    {
        var (request, refusal, _) = ModelRequestReader.Read(Enum.Parse<Wire>(wire), Encoding.UTF8.GetBytes(body), pathModel: null);
        Assert.True(request is not null, refusal?.Message);
        var output = new ArrayBufferWriter<byte>();
        RequestSplice.Write(request, model, bound, usage, Enum.Parse<ProviderType>(type), output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
