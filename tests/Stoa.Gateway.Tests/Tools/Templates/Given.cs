using System.Buffers;
using System.Text;
using System.Text.Json;
using Stoa.Gateway.Tools.Templates;

namespace Stoa.Gateway.Tests.Tools.Templates;

internal static class Given
{
    public static TemplateContext Context { get; } = new("acme", "bot", "weather", "req-1");

    public static JsonElement Json(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    public static TemplateScope Scope(string input, string? response = null) =>
        new(Json(input), response is null ? default : Json(response), Context);

    public static JsonTemplate Template(string text)
    {
        Assert.True(JsonTemplate.TryCompile(text, out var template, out var fault), fault?.ToString());
        return template;
    }

    public static TextTemplate Text(string text)
    {
        Assert.True(TextTemplate.TryCompile(text, out var template, out var fault), fault?.ToString());
        return template;
    }

    public static TemplateFault Fault(string text)
    {
        Assert.False(JsonTemplate.TryCompile(text, out _, out var fault));
        return fault;
    }

    public static string Written(string template, in TemplateScope scope) => Written(Template(template), scope);

    public static string Written(JsonTemplate template, in TemplateScope scope)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.True(template.TryWrite(scope, output, maxOutput: 1 << 28, out var fault), fault);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static string? Rendered(string template, in TemplateScope scope)
    {
        Assert.True(Text(template).TryRender(scope, out var text, out var fault), fault);
        return text;
    }
}
