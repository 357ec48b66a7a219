using System.Text.Json;
using Stoa.Gateway.Tests.Resources;

namespace Stoa.Gateway.Tests.Tools;

/// <summary>The other ways in which people write a tool's auth and rate limit.</summary>
public sealed class AuthSpellingTests
{
    private const string Ref = "secretRef: { name: s, key: k }";

    [Theory]
    [InlineData("auth: none", "auth: { type: none }")]
    [InlineData("auth: None", "auth: {}")]
    [InlineData($"authentication: {{ type: bearer, {Ref} }}", $"auth: {{ type: bearer, bearer: {{ {Ref} }} }}")]
    [InlineData($"authentication: {{ type: Bearer, headerName: authorization, {Ref} }}", $"auth: {{ type: bearer, bearer: {{ {Ref} }} }}")]
    [InlineData($"authentication: {{ type: apiKey, headerName: X-Key, {Ref} }}", $"auth: {{ type: apiKey, apiKey: {{ in: header, name: X-Key, {Ref} }} }}")]
    [InlineData($"auth: {{ {Ref}, location: query, name: q, type: apikey }}", $"auth: {{ type: apiKey, apiKey: {{ in: query, name: q, {Ref} }} }}")]
    [InlineData($"auth: {{ type: basic, username: me, {Ref} }}", "auth: { type: basic, basic: { username: me, passwordRef: { name: s, key: k } } }")]
    [InlineData("auth: { type: basic, secretRef: { name: s } }", "auth: { type: basic, basic: { usernameRef: { name: s, key: username }, passwordRef: { name: s, key: password } } }")]
    [InlineData(
        $"auth: {{ type: oauth2, tokenURL: 'https://a.example/t', clientId: me, scopes: [x], {Ref} }}",
        "auth: { type: oauth2, oauth2: { tokenUrl: 'https://a.example/t', clientId: me, scopes: [x], clientSecretRef: { name: s, key: k } } }")]
    [InlineData("rateLimit: 100/min", "rateLimit: { requestsPerMinute: 100 }")]
    [InlineData("rateLimit: 2/s", "rateLimit: { requestsPerMinute: 120 }")]
    public void Another_spelling_is_stored_like_the_main_one(string other, string main) =>
        Assert.Equal(JsonElement.Parse(Reading.Spec(Reading.Tool(main))).GetRawText(), Reading.Spec(Reading.Tool(other)));

    [Theory]
    [InlineData("auth: bearer", "line 7, column 9, spec.auth: `bearer` alone does not say which secret; write `{type: bearer, bearer: {secretRef: …}}`.")]
    [InlineData("auth: apiKey", "write `{type: apiKey, apiKey: {in: …, name: …, secretRef: …}}`")]
    [InlineData("auth: service_account", "line 7, column 9, spec.auth: Expected `none`, or a map with `type`")]
    [InlineData("auth: [none]", "spec.auth: Expected a map with")]
    [InlineData($"auth: {{ type: bearer, bearer: {{ {Ref} }}, {Ref} }}", "spec.auth.secretRef: `bearer` is given too; move `secretRef` into it.")]
    [InlineData($"auth: {{ type: bearer, headerName: X-Token, {Ref} }}", "Unknown field `headerName`")]
    [InlineData($"auth: {{ type: apiKey, {Ref} }}", "spec.auth.apiKey.name: `name` is missing.")]
    [InlineData($"auth: {{ type: none, {Ref} }}", "Unknown field `secretRef`")]
    [InlineData("auth: { type: bearer, secretRef: { name: s } }", "`key` is missing")]
    [InlineData("rateLimit: 100", "spec.rateLimit: Expected a map")]
    [InlineData("rateLimit: 100/h", "line 7, column 14, spec.rateLimit: Expected calls per minute or per second, such as `100/min`")]
    [InlineData("rateLimit: 1000000000/s", "Expected a whole number from 1 to 10000.")]
    [InlineData("rateLimit: 0/min", "Expected a whole number from 1 to 10000.")]
    public void What_another_spelling_leaves_unsaid_is_asked_for_where_it_stands(string line, string fault) =>
        Assert.Contains(fault, Reading.Faults(Reading.Tool(line)), StringComparison.Ordinal);

    [Fact]
    public void A_client_certificate_needs_a_secure_endpoint()
    {
        var yaml = Reading.Tool("auth: { type: mtls, certificateRef: { name: s, key: c }, privateKeyRef: { name: s, key: k } }");

        Assert.Equal("", Reading.Faults(yaml));
        Assert.Contains("use an https:// endpoint", Reading.Faults(yaml.Replace("https://", "http://", StringComparison.Ordinal)), StringComparison.Ordinal);
    }
}
