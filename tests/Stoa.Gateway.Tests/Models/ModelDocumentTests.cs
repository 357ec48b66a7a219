using Stoa.Gateway.Egress;
using Stoa.Gateway.Models;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Tests.Resources;

namespace Stoa.Gateway.Tests.Models;

/// <summary>What people get wrong in providers and routes, and what they are told.</summary>
public sealed class ModelDocumentTests
{
    [Theory]
    [InlineData("type: azure-openai", "spec: `type: azure-openai` needs `baseUrl`: there is no public address that all share.")]
    [InlineData("type: openai-compatible", "spec: `type: openai-compatible` needs `baseUrl`: there is no public address that all share.")]
    [InlineData("type: openai, baseUrl: nowhere", "spec.baseUrl: Expected an absolute https URL.")]
    [InlineData("type: openai, baseUrl: 'ftp://a.example/v1'", "spec.baseUrl: The URL's scheme must be https or http.")]
    [InlineData("type: openai, baseUrl: 'https://me:pw@a.example/v1'", "spec.baseUrl: The URL must not carry a user name or password.")]
    [InlineData("type: openai, baseUrl: 'https://a.example/v1?key=x'", "spec.baseUrl: Remove the query and what follows; `apiVersion` has a field of its own, credentials belong in a Secret.")]
    [InlineData("type: openai, baseUrl: 'https://a.example/v1/chat/completions'", "spec.baseUrl: Remove `/chat/completions` from its end: the gateway adds the path of each call.")]
    [InlineData("type: openai, headers: { Authorization: Bearer x }", "spec.headers.Authorization: The header `Authorization` carries a credential; put it in a Secret and name it in `auth`.")]
    [InlineData("type: openai, headers: { X-Api-Key: x }", "spec.headers.X-Api-Key: The header `X-Api-Key` carries a credential; put it in a Secret and name it in `auth`.")]
    [InlineData("type: openai, headers: { Host: x }", "spec.headers.Host: The header `Host` belongs to the HTTP client; use another.")]
    [InlineData("type: openai, headers: { Accept: x }", "spec.headers.Accept: The header `Accept` is the gateway's; use another.")]
    [InlineData("type: openai, headers: { X-A: é }", "spec.headers.X-A: A header holds visible ASCII characters, spaces and tabs only.")]
    [InlineData("type: openai, auth: {}", "spec.auth: Give `secretRef`, or leave `auth` out for a server that asks for nothing.")]
    [InlineData("type: openai, auth: { managedIdentity: true }", "spec.auth.managedIdentity: An Azure identity opens Azure only; use `type: azure-openai`, or a `secretRef`.")]
    [InlineData("type: openai, auth: { managedIdentity: true, secretRef: { name: s, key: k } }", "spec.auth: Give `secretRef` or `managedIdentity: true`, not both.")]
    [InlineData("type: openai, deployments: { a: b }", "spec.deployments: Deployments are Azure's; use `type: azure-openai`, or name the model in the route's target.")]
    [InlineData("type: openai, responses: true", "spec.responses: `responses` is for `type: openai-compatible`; of other types it is known.")]
    [InlineData("type: mistral, apiVersion: '1'", "spec.apiVersion: Only `azure-openai` and `anthropic` have an API version beside the URL.")]
    [InlineData("type: openai, prices: [{ model: a, input: -1 }]", "spec.prices[0].input: Expected a number from 0 to 10000.")]
    [InlineData("type: openai, timeouts: { total: 2h }", "spec.timeouts.total: Expected a duration from `1s` to `30m`.")]
    [InlineData("type: bedrock", "spec.type: Unknown value `bedrock`; use `openai`, `azure-openai`, `anthropic`, `mistral`, `gemini` or `openai-compatible`.")]
    public void A_wrong_provider_is_told_exactly(string spec, string expected) => Assert.Equal(expected, FaultOf("LlmProvider", spec));

    [Theory]
    [InlineData("targets: []", "spec.targets: The list has 0 items; 1 to 20 are allowed.")]
    [InlineData("targets: [{ provider: p, weight: -1 }]", "spec.targets[0].weight: Expected a whole number from 0 to 1000.")]
    [InlineData("targets: [{ provider: p, weight: 0 }], strategy: weighted", "spec.targets: Every target has the weight 0; give at least one a weight.")]
    [InlineData("targets: [{ provider: p, model: 'a b' }]", "spec.targets[0].model: Expected the name of a model: 1 to 128 letters, digits or `.`, `_`, `-`, `/`, `:`, `@`, `+`, starting with a letter or digit.")]
    [InlineData("targets: [{ provider: p }], models: [a, a]", "spec.models[1]: This is in the list already; remove one of the two.")]
    [InlineData("targets: [{ provider: p }], models: ['*a']", "spec.models[0]: Expected the name of a model, or the beginning of one followed by `*`.")]
    [InlineData("targets: [{ provider: p, when: { headers: { authorization: x } } }]", "spec.targets[0].when.headers.authorization: The header `authorization` carries a credential; use `consumers` to tell callers apart.")]
    public void A_wrong_route_is_told_exactly(string spec, string expected) => Assert.Equal(expected, FaultOf("LlmRoute", spec));

    [Theory]
    [InlineData("https://api.example.com/v1", false, null)]
    [InlineData("http://api.example.com/v1", false, "spec.baseUrl: Prompts and the provider's key travel there; use an https:// URL. Plain http is for addresses of this machine or network that the operator has opened.")]
    [InlineData("http://8.8.8.8/v1", true, "spec.baseUrl: Prompts and the provider's key travel there; use an https:// URL. Plain http is for addresses of this machine or network that the operator has opened.")]
    [InlineData("http://127.0.0.1:11434/v1", true, null)]
    [InlineData("http://localhost:11434/v1", true, null)]
    [InlineData("http://127.0.0.1:11434/v1", false, "spec.baseUrl: The URL's address is not one that this gateway may call (Loopback).")]
    [InlineData("https://169.254.169.254/v1", true, "spec.baseUrl: The URL's address is not one that this gateway may call (LinkLocal).")]
    public void An_address_must_be_one_that_may_be_called_and_overheard_by_nobody(string url, bool opensLoopback, string? expected)
    {
        var faults = new List<ResourceFault>();
        var document = Reading.Accepted(Reading.Document("LlmProvider", "type: openai", $"baseUrl: '{url}'"));

        LlmProviderAdmission.Check(document, new AddressRules(opensLoopback, []), hasIdentity: false, _ => null, faults);

        Assert.Equal(expected, faults.Count == 0 ? null : Without(Assert.Single(faults).ToString()));
    }

    [Fact]
    public void Only_the_platform_lends_the_gateways_identity()
    {
        var document = Reading.Accepted(Reading.Document("LlmProvider", "type: azure-openai", "baseUrl: https://contoso.openai.azure.com", "auth: { managedIdentity: true }"));
        var faults = new List<ResourceFault>();
        LlmProviderAdmission.Check(document, new AddressRules(false, []), hasIdentity: false, _ => null, faults);

        Assert.Contains("has no Azure identity to lend", Assert.Single(faults).Reason, StringComparison.Ordinal);
        Assert.Null(LlmProviderAdmission.Objection(document, isByPlatform: true));
        Assert.Contains("only an administrator of the platform may set it", LlmProviderAdmission.Objection(document, isByPlatform: false)!.Reason, StringComparison.Ordinal);
    }

    private static string FaultOf(string kind, string spec) =>
        string.Join('\n', Reading.Faults($"apiVersion: gostoa.dev/v1alpha1\nkind: {kind}\nmetadata: {{ name: p }}\nspec: {{ {spec} }}\n").Split('\n').Select(Without));

    // "line 4, column 7, " stands before the path.
    private static string Without(string fault) => string.Join(", ", fault.Split(", ").Skip(2));
}
