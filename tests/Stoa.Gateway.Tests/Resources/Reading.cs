using System.Text;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Resources;

namespace Stoa.Gateway.Tests.Resources;

/// <summary>Short ways to read documents in tests, as a caller of the tenant acme would.</summary>
internal static class Reading
{
    public static ResourceReader Reader { get; } = new(Kinds.Registry);

    public static TenantId Acme { get; } = TenantId.TryParse("acme", out var id) ? id : throw new InvalidOperationException();

    public static IReadOnlyList<ReadDocument> All(string text) => All(Encoding.UTF8.GetBytes(text));

    public static IReadOnlyList<ReadDocument> All(byte[] body) => Reader.Read(body, Acme);

    public static ResourceDocument Accepted(string text)
    {
        var document = Assert.Single(All(text));
        Assert.Equal([], document.Faults);
        return document.Resource!;
    }

    /// <summary>One line per fault.</summary>
    public static string Faults(string text) => string.Join('\n', Assert.Single(All(text)).Faults);

    public static string Spec(string text) => Encoding.UTF8.GetString(Accepted(text).Spec.Span);

    /// <summary>A Tool that is valid as far as it goes; the lines are added to its spec, from line 7 on.</summary>
    public static string Tool(params string[] more) => string.Join('\n',
    [
        "apiVersion: gostoa.dev/v1alpha1",
        "kind: Tool",
        "metadata: { name: echo }",
        "spec:",
        "  description: Echoes.",
        "  endpoint: https://api.example.com/echo",
        .. more.Select(line => "  " + line),
        "",
    ]);

    /// <summary>A valid document of the kind whose spec is the given lines, from line 5 on.</summary>
    public static string Document(string kind, params string[] spec) => string.Join('\n',
    [
        "apiVersion: gostoa.dev/v1alpha1",
        $"kind: {kind}",
        "metadata: { name: sample }",
        "spec:",
        .. spec.Select(line => "  " + line),
        "",
    ]);
}
