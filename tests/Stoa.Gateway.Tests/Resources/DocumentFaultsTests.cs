namespace Stoa.Gateway.Tests.Resources;

/// <summary>Golden faults: line, column, path and reason of what people get wrong.</summary>
public class DocumentFaultsTests
{
    [Theory]
    [InlineData("metod: GET", "line 7, column 3, spec.metod: Unknown field `metod`; did you mean `method`?")]
    [InlineData("zzz: 1", "line 7, column 3, spec.zzz: Unknown field `zzz`; use `displayName`, `description`, `version`, `tags`, `apiRef`, `endpoint`, `method`, `inputSchema`, `outputSchema`, `annotations`, `auth`, `parameters`, `requestTransform`, `responseMapping`, `responseTransform`, `reduction`, `pagination`, `retry`, `circuitBreaker`, `cache`, `rateLimit`, `quotaPolicyRef`, `requiresApproval`, `audit`, `timeout`, `maxResponseBytes` or `enabled`.")]
    [InlineData("method: LISTEN", "line 7, column 11, spec.method: Unknown value `LISTEN`; use `GET`, `POST`, `PUT`, `PATCH`, `DELETE` or `HEAD`.")]
    [InlineData("method: PSOT", "line 7, column 11, spec.method: Unknown value `PSOT`; did you mean `POST`?")]
    [InlineData("method: [GET]", "line 7, column 11, spec.method: Expected `GET`, `POST`, `PUT`, `PATCH`, `DELETE` or `HEAD`, found a list.")]
    [InlineData("enabled: yes", "line 7, column 12, spec.enabled: Expected `true` or `false`, found text.")]
    [InlineData("enabled:", "line 7, column 3, spec.enabled: `enabled` has no value; give it one or remove it.")]
    [InlineData("displayName: 1.10", "line 7, column 16, spec.displayName: Expected text: put the value in quotes if it is meant as written, found a number.")]
    [InlineData("displayName: ''", "line 7, column 16, spec.displayName: The text is empty; give it a value or remove the field.")]
    [InlineData("displayName: \"a\\x07b\"", "line 7, column 16, spec.displayName: The text holds a control character; remove it.")]
    [InlineData("tags: weather", "line 7, column 9, spec.tags: Expected a list, found text.")]
    [InlineData("tags: [a, b, a]", "line 7, column 16, spec.tags[2]: This is in the list already; remove one of the two.")]
    [InlineData("timeout: 30", "line 7, column 12, spec.timeout: Expected a duration with its unit, such as `30s`, `2m` or `500ms`, found a number.")]
    [InlineData("timeout: 1m30s", "line 7, column 12, spec.timeout: Expected a duration: a whole number and one of the units ms, s, m, h, d, such as `30s`.")]
    [InlineData("timeout: 4m", "line 7, column 12, spec.timeout: Expected a duration from `100ms` to `200s`.")]
    [InlineData("maxResponseBytes: 1MB", "line 7, column 21, spec.maxResponseBytes: Expected a size: a whole number and one of the units B, KiB, MiB, GiB, such as `512KiB`.")]
    [InlineData("maxResponseBytes: 1023", "line 7, column 21, spec.maxResponseBytes: Expected a size from `1KiB` to `10MiB`.")]
    [InlineData("inputSchema: { type: string }", "line 7, column 24, spec.inputSchema.type: The schema's root must say `type: object`.")]
    [InlineData("inputSchema: true", "line 7, column 16, spec.inputSchema: Expected a JSON Schema written as a map, found true or false.")]
    [InlineData("outputSchema: { const: .inf }", "line 7, column 26, spec.outputSchema.const: This number has no JSON form; put it in quotes, or use a number that a double can hold.")]
    [InlineData("annotations: { readOnly: true, readOnlyHint: true }", "line 7, column 34, spec.annotations.readOnlyHint: This is another spelling of `readOnlyHint`, which is given too; keep one of them.")]
    [InlineData("auth: bearer", "line 7, column 9, spec.auth: `bearer` alone does not say which secret; write `{type: bearer, bearer: {secretRef: …}}`.")]
    [InlineData("auth: { type: bearer }", "line 7, column 11, spec.auth.type: `type: bearer` needs `bearer` beside it.")]
    [InlineData("auth: { bearer: { secretRef: { name: s, key: k } } }", "line 7, column 11, spec.auth.bearer: `bearer` is given but `type` is `none`; change one of them.")]
    [InlineData("auth: { type: bearer, bearer: { secretRef: { nam: s, key: k } } }",
        "line 7, column 46, spec.auth.bearer.secretRef.name: `name` is missing. The Secret.\nline 7, column 48, spec.auth.bearer.secretRef.nam: Unknown field `nam`; did you mean `name`?")]
    [InlineData("auth: { type: apiKey, apiKey: { in: header, name: Host, secretRef: { name: s, key: k } } }",
        "line 7, column 47, spec.auth.apiKey.name: The header `Host` belongs to the HTTP client; use another.")]
    [InlineData("auth: { type: basic, basic: { passwordRef: { name: s, key: k } } }", "line 7, column 24, spec.auth.basic: Give exactly one of `username` and `usernameRef`.")]
    public void A_wrong_line_in_a_tool_is_told_exactly(string line, string expected) => Assert.Equal(expected, Reading.Faults(Reading.Tool(line)));

    [Theory]
    [InlineData("ftp://a.example/", "Expected an absolute URL that starts with https:// or http://.")]
    [InlineData("/relative", "Expected an absolute URL that starts with https:// or http://.")]
    [InlineData("https://user:pw@a.example/", "Remove the user name or password before the host; put credentials in a Secret and name it in `auth`.")]
    [InlineData("https://a.example/#x", "Remove the fragment (# and what follows); it is never sent.")]
    [InlineData("https://{host}/x", "Braces are allowed in the path only, not in the host.")]
    [InlineData("https://a.example/?q={q}", "Braces are allowed in the path only; arguments that the path does not use are sent by themselves.")]
    [InlineData("https://a.example/{a", "The braces do not match; write each parameter as {name}.")]
    [InlineData("https://a.example/a}b", "The braces do not match; write each parameter as {name}.")]
    [InlineData("https://a.example/{a{b}}", "The braces do not match; write each parameter as {name}.")]
    [InlineData("https://a.example/{}", "A parameter's name has 1 to 64 letters, digits, `_`, `.` or `-`.")]
    [InlineData("https://a.example/{a/b}", "A parameter's name has 1 to 64 letters, digits, `_`, `.` or `-`.")]
    [InlineData("https://a.example/x/../admin", "Write the path without . and .. segments.")]
    [InlineData("https://a.example/x/%2E%2e/admin", "Write the path without . and .. segments.")]
    [InlineData("https://a.example\\@evil.example/", "A URL holds visible ASCII characters only, and no backslash; percent-encode the others, as UTF-8.")]
    [InlineData("https://a.example:99999/", "This is no valid URL; check the host and port.")]
    [InlineData("https:///x", "This is no valid URL; check the host and port.")]
    [InlineData("https://a.example/{id}", "The path names `{id}`, which is no property of inputSchema; add it under `properties`.")]
    [InlineData("https://a.example/x?v=2&API_KEY=abcdef0123456789", "The query parameter `api_key` looks like a credential in plain text; put it in a Secret and name it in `auth`.")]
    public void A_wrong_endpoint_is_told_exactly(string endpoint, string reason)
    {
        var text = Reading.Tool().Replace("https://api.example.com/echo", $"'{endpoint}'", StringComparison.Ordinal);

        Assert.Equal($"line 6, column 3, spec.endpoint: {reason}", Reading.Faults(text));
    }

    [Fact]
    public void A_path_parameter_must_be_required_and_simple()
    {
        var text = Reading.Tool("inputSchema:", "  type: object", "  required: [a]", "  properties:", "    a: { type: object }", "    b: { type: string }")
            .Replace("/echo", "/{a}/{b}", StringComparison.Ordinal);

        Assert.Equal(
            """
            line 9, column 5, spec.inputSchema.required: The path of the endpoint needs `b`; list it under `required`.
            line 11, column 18, spec.inputSchema.properties.a.type: A path parameter must be text, a number or a flag, unless `parameters` says how a list or object stands in a path.
            """.ReplaceLineEndings("\n"),
            Reading.Faults(text));
    }

    [Theory]
    [InlineData("a: 1", "line 1, column 1, kind: `kind` is missing; use `Tenant`, `Consumer`, `QuotaPolicy`, `Plan`, `Subscription`, `Secret`, `Tool`, `ToolSet`, `LlmProvider` or `LlmRoute`.")]
    [InlineData("kind: [Tool]", "line 1, column 7, kind: Expected `Tenant`, `Consumer`, `QuotaPolicy`, `Plan`, `Subscription`, `Secret`, `Tool`, `ToolSet`, `LlmProvider` or `LlmRoute`, found a list.")]
    [InlineData("kind: Tol", "line 1, column 7, kind: Unknown kind `Tol`; did you mean `Tool`?")]
    [InlineData("kind: Pod", "line 1, column 7, kind: Unknown kind `Pod`; use `Tenant`, `Consumer`, `QuotaPolicy`, `Plan`, `Subscription`, `Secret`, `Tool`, `ToolSet`, `LlmProvider` or `LlmRoute`.")]
    [InlineData("kind: tools\napiVersion: v1",
        "line 1, column 7, kind: Unknown kind `tools`; did you mean `Tool`?\nline 2, column 13, apiVersion: Unknown value `v1`; use `gostoa.dev/v1alpha1`.")]
    [InlineData("just words", "line 1, column 1: Expected a map with apiVersion, kind, metadata and spec, found text.")]
    [InlineData("apiVersion: gostoa.dev/v1beta1\nkind: Tenant\nmetadata: { name: acme }",
        "line 1, column 13, apiVersion: Unknown value `gostoa.dev/v1beta1`; use `gostoa.dev/v1alpha1`.")]
    [InlineData("kind: Tenant", "line 1, column 1, apiVersion: `apiVersion` is missing. Always `gostoa.dev/v1alpha1`.\nline 1, column 1, metadata: `metadata` is missing. Names the resource.")]
    [InlineData("apiVersion: gostoa.dev/v1alpha1\nkind: Tenant\nmetadata: { name: Acme }\nspcs: {}",
        "line 3, column 19, metadata.name: Expected 3 to 40 characters of a-z, 0-9 and single hyphens, starting and ending with a letter or digit.\nline 4, column 1, spcs: Unknown field `spcs`; did you mean `spec`?")]
    [InlineData("apiVersion: gostoa.dev/v1alpha1\nkind: Tool\nmetadata: { name: a/b, labels: { 'a b': x } }\nspec: {}",
        """
        line 3, column 19, metadata.name: Expected 1 to 64 letters, digits, `_`, `.` or `-`, starting with a letter, digit or `_`.
        line 3, column 34, metadata.labels["a b"]: The key must be 1 to 128 letters, digits, `.`, `_`, `-` or `/`.
        line 4, column 7, spec.description: `description` is missing. Tells the model what the tool does and when to use it.
        line 4, column 7, spec.endpoint: `endpoint` is missing. Absolute http or https URL. `{name}` in its path stands for a required property of `inputSchema`.
        """)]
    public void A_wrong_envelope_is_told_exactly(string text, string expected) => Assert.Equal(expected.ReplaceLineEndings("\n"), Reading.Faults(text));

    [Theory]
    [InlineData("description: nothing else", "line 4, column 1, spec: A secret needs at least one key, under `data` or `keyVault`.")]
    [InlineData("data: {}", "line 5, column 9, spec.data: The map has 0 keys; 1 to 32 are allowed.")]
    [InlineData("data: hunter2", "line 5, column 9, spec.data: Expected a map, found text.")]
    [InlineData("data: { key: 12345 }", "line 5, column 16, spec.data.key: Expected text: put the value in quotes if it is meant as written, found a number.")]
    [InlineData("data: { .hidden: hunter2 }",
        "line 5, column 11, spec.data[\".hidden\"]: The key must be 1 to 63 letters, digits, `.`, `_` or `-`, starting with a letter or digit.")]
    [InlineData("{ data: { key: hunter2 }, keyVault: { key: vault-name } }", "line 5, column 41, spec.keyVault.key: The key `key` is under `data` too; keep one of them.")]
    [InlineData("keyVault: { key: not_a_vault_name }", "line 5, column 20, spec.keyVault.key: Expected the name of a Key Vault secret: 1 to 127 letters, digits or hyphens.")]
    public void A_wrong_secret_is_told_exactly(string line, string expected) => Assert.Equal(expected, Reading.Faults(Reading.Document("Secret", line)));

    [Fact]
    public void A_secret_value_of_more_than_16_KiB_is_refused_without_repeating_it()
    {
        var faults = Reading.Faults(Reading.Document("Secret", $"data: {{ key: \"{new string('s', 16 * 1024 + 1)}\" }}"));

        Assert.Equal("line 5, column 16, spec.data.key: The text has 16385 bytes; at most 16384 (16KiB) are allowed.", faults);
    }

    [Theory]
    [InlineData("scopes: [stoa:reed]", "line 5, column 12, spec.scopes[0]: Unknown value `stoa:reed`; did you mean `stoa:read`?")]
    [InlineData("role: platform-admin", "line 5, column 9, spec.role: Unknown value `platform-admin`; use `none`, `viewer` or `tenant-admin`.")]
    [InlineData("tools: ['a*b']", "line 5, column 11, spec.tools[0]: Expected a tool name, or the beginning of one followed by `*`.")]
    [InlineData("tools:", "line 5, column 3, spec.tools: `tools` has no value; give it one or remove it.")]
    public void A_wrong_consumer_is_told_exactly(string line, string expected) => Assert.Equal(expected, Reading.Faults(Reading.Document("Consumer", line)));

    [Theory]
    [InlineData("https://acme.example/")]
    [InlineData("https://ACME.example")]
    [InlineData("https://acme.example:443")]
    [InlineData("https://u@acme.example")]
    [InlineData("*")]
    [InlineData("null")]
    public void An_origin_that_no_browser_sends_is_refused(string origin) =>
        Assert.StartsWith("line 5, column 20, spec.allowedOrigins[0]: Expected a browser origin", Reading.Faults(Reading.Document("Tenant", $"allowedOrigins: ['{origin}']")), StringComparison.Ordinal);

    [Fact]
    public void All_faults_of_a_document_are_reported_together_in_the_order_of_the_text()
    {
        var faults = Reading.Faults(Reading.Tool("timeout: 1", "enabled: on", "auth: { type: basic }", "foo: bar", "method: GETS"));

        Assert.Equal(5, faults.Split('\n').Length);
        Assert.Equal([7, 8, 9, 10, 11], faults.Split('\n').Select(f => int.Parse(f.Split(' ', ',')[1], System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void A_document_made_of_mistakes_costs_a_hundred_faults_and_a_note()
    {
        var lines = Enumerable.Range(0, 500).Select(i => $"unknown{i}: 1").ToArray();

        var faults = Assert.Single(Reading.All(Reading.Tool(lines))).Faults;

        Assert.Equal(101, faults.Count);
        Assert.Equal("There are more than 100 faults; the rest is not listed. Correct these first.", faults[^1].Reason);
    }

    [Fact]
    public void Without_a_tenant_of_its_own_a_caller_must_name_one()
    {
        var document = Assert.Single(Reading.Reader.Read(System.Text.Encoding.UTF8.GetBytes(Reading.Tool()), null));

        Assert.Equal(
            "line 3, column 1, metadata.namespace: `namespace` is missing: name the tenant, as your credential belongs to none.",
            Assert.Single(document.Faults).ToString());
        Assert.Equal(("Tool", "echo"), (document.Kind, document.Name));
    }

    [Fact]
    public void A_fault_cannot_forge_a_second_line()
    {
        var faults = Reading.Faults(Reading.Tool("\"a\\nline 1, column 1: all is well\\u2028\": 1"));

        Assert.Single(faults.Split('\n', '\u2028'));
    }
}
