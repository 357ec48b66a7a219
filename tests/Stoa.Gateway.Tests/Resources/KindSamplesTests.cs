using System.Text.Json;
using System.Text.RegularExpressions;
using Stoa.Gateway.Kernel;
using Stoa.Gateway.Models;
using Stoa.Gateway.Quotas;
using Stoa.Gateway.Resources;
using Stoa.Gateway.Resources.Shapes;
using Stoa.Gateway.Secrets;
using Stoa.Gateway.Tenants;
using Stoa.Gateway.Tools;
using Stoa.Gateway.Tools.Credentials;

namespace Stoa.Gateway.Tests.Resources;

/// <summary>One accepted document per shape of each kind, every field in it, read back through the typed records.</summary>
public class KindSamplesTests
{
    private const string Tenant = """
        apiVersion: gostoa.dev/v1alpha1
        kind: Tenant
        metadata: { name: acme, labels: { tier: gold }, annotations: { owner: ops }, resourceVersion: "3" }
        spec:
          displayName: Acme
          description: The first one.
          suspended: true
          quotaPolicyRef: { name: q }
          consumerQuotaPolicyRef: { name: r }
          plan: pro
          requireSubscription: true
          audit: { capture: [arguments, results] }
          allowedOrigins: [https://console.acme.example, "http://localhost:8080"]
        """;

    private const string ToolSet = """
        apiVersion: gostoa.dev/v1alpha1
        kind: ToolSet
        metadata: { name: pets, namespace: acme, labels: {}, annotations: {}, resourceVersion: "3" }
        spec:
          displayName: Pets
          description: The pet shop.
          source: { type: openapi, url: https://pets.example.com/openapi.json }
          baseURL: https://api.pets.example.com
          filters:
            includePaths: [/pets/**]
            excludePaths: ["**/internal"]
            pathPrefix: /pets
            includeMethods: [GET, POST]
            excludeMethods: [DELETE]
            includeTags: [pets]
            excludeTags: [beta]
            operationIds: [listPets]
          naming: { prefix: pets_, suffix: _v1, useOperationId: false }
          outputSchemas: true
          toolDefaults:
            version: "1"
            tags: [pets]
            annotations: { readOnly: true }
            auth: { type: bearer, bearer: { secretRef: { name: s, key: k } } }
            requestTransform: { headers: [{ name: X-A, value: b }] }
            responseMapping: { include: [a] }
            responseTransform: { template: "{}" }
            reduction: moderate
            pagination: { type: link }
            retry: { attempts: 2 }
            circuitBreaker: { failures: 3 }
            cache: { ttl: 10s }
            rateLimit: { requestsPerMinute: 10 }
            quotaPolicyRef: { name: q }
            requiresApproval: true
            audit: closed
            timeout: 5s
            maxResponseBytes: 64KiB
            enabled: false
          overrides: [{ operationId: listPets, name: pets, description: Lists pets., timeout: 7s }, { operation: "GET /pets/{id}", enabled: true }]
        """;

    private const string Consumer = """
        apiVersion: gostoa.dev/v1alpha1
        kind: Consumer
        metadata: { name: Support.assistant-1, namespace: acme, labels: {}, annotations: {}, resourceVersion: "3" }
        spec:
          displayName: Support
          description: Answers customers.
          type: app
          scopes: [stoa:read, stoa:write]
          role: tenant-admin
          tools: [crm_*, weather, "*"]
          models: [smart, "gpt-4o*", "*"]
          quotaPolicyRef: { name: q }
          suspended: true
        """;

    private const string QuotaPolicy = """
        apiVersion: gostoa.dev/v1alpha1
        kind: QuotaPolicy
        metadata: { name: q, namespace: acme, labels: {}, annotations: {}, resourceVersion: "3" }
        spec:
          requests: { perSecond: 1, perMinute: 2, perHour: 3, perDay: 4, perMonth: 5 }
          tokens: { perMinute: 6, perHour: 7, perDay: 8, perMonth: 9, maxPerRequest: 10 }
          budget: { usdPerDay: 0.5, usdPerMonth: 11 }
          maxConcurrentRequests: 10
          maxConcurrentStreams: 3
          maxRequestDuration: 2m
          weights: { stream: 10, tools: { export_*: 4 }, models: { gpt-4o: 5 } }
          warnAt: 90
          warnWebhook: { url: "https://ops.example.com/quota", secretRef: { name: s, key: k } }
          borrow: { percent: 20, payback: 1h }
          whenStorageIsDown: { action: open-with-local-cap, requestsPerMinute: 6 }
        """;

    private const string Plan = """
        apiVersion: gostoa.dev/v1alpha1
        kind: Plan
        metadata: { name: pro, namespace: acme, labels: {}, annotations: {}, resourceVersion: "3" }
        spec:
          displayName: Pro
          description: For teams.
          quota: { tokens: { perMinute: 6 } }
          models: [smart, "gpt-4o*"]
          tools: [crm_*]
          allowProviderOverride: true
          requiresApproval: true
          trial: { days: 30 }
        """;

    private static readonly string PlanByRef = Plan.Replace("quota: { tokens: { perMinute: 6 } }", "quotaPolicyRef: { name: q }", StringComparison.Ordinal);

    private const string Subscription = """
        apiVersion: gostoa.dev/v1alpha1
        kind: Subscription
        metadata: { name: bot-pro, namespace: acme, labels: {}, annotations: {}, resourceVersion: "3" }
        spec: { consumer: bot, plan: pro, state: active, reason: Paid., expiresAt: "2027-01-31T00:00:00Z", trialEndsAt: "2026-12-31T00:00:00.5+01:00" }
        """;

    private const string Secret = """
        apiVersion: gostoa.dev/v1alpha1
        kind: Secret
        metadata: { name: weather, namespace: acme, labels: {}, annotations: {}, resourceVersion: "3" }
        spec:
          description: Keys of the weather API.
          stringData: { key: "hunter2\0", other.key: "12" }
          keyVault: { token: weather-token }
        """;

    private const string LlmProvider = """
        apiVersion: gostoa.dev/v1alpha1
        kind: LlmProvider
        metadata: { name: p, namespace: acme, labels: {}, annotations: {}, resourceVersion: "3" }
        spec:
          displayName: Ours
          type: azure-openai
          baseUrl: https://contoso.openai.azure.com
          auth: { secretRef: { name: s, key: k } }
          apiVersion: 2024-10-21
          deployments: { gpt-4o: our-4o }
          headers: { X-Team: blue }
          prices: [{ model: gpt-4o*, input: 2.5, output: 10, cacheRead: 1.25, cacheWrite: 3, cacheWriteHour: 5, audioInput: 40, audioOutput: 80 }]
          unknownPrice: refuse
          onDisconnect: drain
          timeouts: { firstByte: 30s, idle: 20s, total: 5m }
          circuitBreaker: { enabled: true, failures: 3, window: 30s, openFor: 10s }
          enabled: false
        """;

    private const string LlmRoute = """
        apiVersion: gostoa.dev/v1alpha1
        kind: LlmRoute
        metadata: { name: smart, namespace: acme, labels: {}, annotations: {}, resourceVersion: "3" }
        spec:
          displayName: Smart
          description: The best there is.
          models: [smart, "gpt-*"]
          strategy: weighted
          targets:
            - { provider: p, model: gpt-4o, weight: 3, when: { consumers: [bot], plans: [gold], tags: { team: blue }, headers: { X-Region: eu } } }
            - { provider: q }
          maxOutputTokens: 1000
          retry: { attempts: 3, backoff: 100ms }
          quotaPolicyRef: { name: q }
          audit: closed
          enabled: false
        """;

    private const string Tool = """
        apiVersion: gostoa.dev/v1alpha1
        kind: Tool
        metadata: { name: weather.current_1-a, namespace: acme, labels: {}, annotations: {}, resourceVersion: "3" }
        spec:
          displayName: Weather
          description: Current weather.
          version: 1.2.0
          tags: [weather, demo]
          apiRef: { name: weather, operationId: current, version: "2" }
          endpoint: http://api.example.com:8080/v1/{town}/now.json?units=metric&v=2
          method: PUT
          inputSchema: { type: object, properties: { city: { type: string } }, required: [city] }
          outputSchema: { type: object, properties: { temp: { type: number } } }
          annotations: { title: Weather now, readOnly: true, destructive: false, idempotent: true, openWorldHint: true }
          auth: AUTH
          parameters: { city: { in: path, name: town, style: simple, explode: false } }
          requestTransform:
            queryParams: [{ name: units, value: metric }]
            headers: [{ name: X-Request-Id, valueFrom: .context.requestId }]
            body: '{"city": {{.input.city}}}'
          responseMapping: { include: [temp, "days[].low"], exclude: [raw] }
          responseTransform: { template: '{"temp": {{.response.temp}}}' }
          reduction: moderate
          pagination:
            type: cursor
            itemsPath: data.items
            limitParam: limit
            cursorParam: after
            cursorPath: meta.next
            firstPage: 0
            defaultLimit: 20
            maxLimit: 50
            maxPages: 5
            maxItems: 100
          retry: { maxAttempts: 2, backoff: 50ms, attemptTimeout: 1s }
          circuitBreaker: { enabled: true, failures: 3, window: 30s, openFor: 10s }
          cache: { ttl: 5m, scope: public }
          rateLimit: { requestsPerMinute: 100, burst: 10 }
          quotaPolicyRef: { name: standard }
          requiresApproval: true
          audit: closed
          timeout: 200s
          maxResponseBytes: 10MiB
          enabled: false
        """;

    private static string ToolWith(string auth) => Tool.Replace("AUTH", auth, StringComparison.Ordinal);

    private static string ToolWithPages(string type, string start) => ToolWith("{}")
        .Replace("type: cursor", $"type: {type}", StringComparison.Ordinal).Replace("cursorParam: after", start, StringComparison.Ordinal).Replace("cursorPath: meta.next", "", StringComparison.Ordinal);

    private static ToolSpec ReadTool(string auth) => JsonSerializer.Deserialize(Reading.Accepted(ToolWith(auth)).Spec.Span, ToolJson.Default.ToolSpec)!;

    [Fact]
    public void A_tenant_is_read_whole()
    {
        var spec = JsonSerializer.Deserialize(Reading.Accepted(Tenant).Spec.Span, TenantJson.Default.TenantSpec)!;

        Assert.Equal(("Acme", "The first one.", true), (spec.DisplayName, spec.Description, spec.Suspended));
        Assert.Equal(["https://console.acme.example", "http://localhost:8080"], spec.AllowedOrigins);
    }

    [Fact]
    public void A_consumer_is_read_whole()
    {
        var spec = JsonSerializer.Deserialize(Reading.Accepted(Consumer).Spec.Span, TenantJson.Default.ConsumerSpec)!;

        Assert.Equal(("Support", "Answers customers.", ConsumerType.App, Role.TenantAdmin, true), (spec.DisplayName, spec.Description, spec.Type, spec.Role, spec.Suspended));
        Assert.Equal(Scopes.Write, ScopeNames.Parse(spec.Scopes));
        Assert.Equal(["crm_*", "weather", "*"], spec.Tools);
    }

    [Fact]
    public void A_consumer_without_tools_has_all_and_one_with_an_empty_list_none()
    {
        Assert.Null(JsonSerializer.Deserialize(Reading.Accepted(Reading.Document("Consumer", "type: agent")).Spec.Span, TenantJson.Default.ConsumerSpec)!.Tools);
        Assert.Equal([], JsonSerializer.Deserialize(Reading.Accepted(Reading.Document("Consumer", "tools: []")).Spec.Span, TenantJson.Default.ConsumerSpec)!.Tools!);
    }

    [Fact]
    public void A_secret_is_read_whole_and_prints_nothing()
    {
        var spec = JsonSerializer.Deserialize(Reading.Accepted(Secret).Spec.Span, SecretJson.Default.SecretSpec)!;

        Assert.Equal("hunter2\0", spec.Data!["key"].Reveal());
        Assert.Equal("12", spec.Data["other.key"].Reveal());
        Assert.Equal("weather-token", spec.KeyVault!["token"]);
        Assert.DoesNotContain("hunter2", $"{spec} {spec.Data["key"]} {Reading.Accepted(Secret)} {Reading.All(Secret)[0]}", StringComparison.Ordinal);
    }

    [Fact]
    public void A_tool_is_read_whole()
    {
        var spec = ReadTool("{ type: apikey, apiKey: { location: Header, name: X-Api-Key, secretRef: { name: weather, key: key } } }");

        Assert.Equal(("Weather", "Current weather.", "PUT", false), (spec.DisplayName, spec.Description, spec.Method, spec.Enabled));
        Assert.Equal(["weather", "demo"], spec.Tags);
        Assert.Equal("http://api.example.com:8080/v1/{town}/now.json?units=metric&v=2", spec.Endpoint);
        Assert.Equal(new("Weather now", true, false, true, true), spec.Annotations);
        Assert.Equal((TimeSpan.FromSeconds(200), 10L << 20), (spec.Timeout, spec.MaxResponseBytes));
        Assert.Equal("""{"properties":{"city":{"type":"string"}},"required":["city"],"type":"object"}""", spec.InputSchema.GetRawText());
        Assert.Equal("object", spec.OutputSchema!.Value.GetProperty("type").GetString());
        Assert.Equal(new(ToolAuthType.ApiKey, new(ApiKeyPlace.Header, "X-Api-Key", new("weather", "key")), null, null, null, null), spec.Auth);
    }

    [Fact]
    public void Every_form_of_auth_is_read()
    {
        Assert.Equal(new(ToolAuthType.None, null, null, null, null, null), ReadTool("{}").Auth);
        Assert.Equal(new(ToolAuthType.Bearer, null, new(new("s", "k")), null, null, null), ReadTool("{ type: bearer, bearer: { secretRef: { name: s, key: k } } }").Auth);
        Assert.Equal(
            new(ToolAuthType.Basic, null, null, new("me", null, new("s", "k")), null, null), ReadTool("{ type: BASIC, basic: { username: me, secretRef: { name: s, key: k } } }").Auth);
        Assert.Equal(
            new(ToolAuthType.Basic, null, null, new(null, new("s", "u"), new("s", "k")), null, null),
            ReadTool("{ type: basic, basic: { usernameRef: { name: s, key: u }, passwordRef: { name: s, key: k } } }").Auth);
    }

    [Fact]
    public void Records_write_the_canonical_bytes_they_were_read_from()
    {
        var tool = Reading.Accepted(ToolWith("{ type: bearer, bearer: { secretRef: { name: s, key: k } } }")).Spec;
        var tenant = Reading.Accepted(Tenant).Spec;
        var consumer = Reading.Accepted(Consumer).Spec;
        var policy = Reading.Accepted(QuotaPolicy).Spec;
        var plan = Reading.Accepted(Plan).Spec;

        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(tool.Span), JsonSerializer.SerializeToElement(JsonSerializer.Deserialize(tool.Span, ToolJson.Default.ToolSpec)!, ToolJson.Default.ToolSpec)));
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(tenant.Span), JsonSerializer.SerializeToElement(JsonSerializer.Deserialize(tenant.Span, TenantJson.Default.TenantSpec)!, TenantJson.Default.TenantSpec)));
        var provider = Reading.Accepted(LlmProvider).Spec;
        var route = Reading.Accepted(LlmRoute).Spec;
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(provider.Span), JsonSerializer.SerializeToElement(ModelJson.Provider(provider), ModelJson.Default.LlmProviderSpec)));
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(route.Span), JsonSerializer.SerializeToElement(ModelJson.Route(route), ModelJson.Default.LlmRouteSpec)));
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(policy.Span), JsonSerializer.SerializeToElement(JsonSerializer.Deserialize(policy.Span, QuotaJson.Default.QuotaPolicySpec)!, QuotaJson.Default.QuotaPolicySpec)));
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(plan.Span), JsonSerializer.SerializeToElement(JsonSerializer.Deserialize(plan.Span, QuotaJson.Default.PlanSpec)!, QuotaJson.Default.PlanSpec)));
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(consumer.Span), JsonSerializer.SerializeToElement(JsonSerializer.Deserialize(consumer.Span, TenantJson.Default.ConsumerSpec)!, TenantJson.Default.ConsumerSpec)));
    }

    [Fact]
    public void The_samples_hold_every_declared_field()
    {
        string[] documents =
        [
            Tenant, Consumer, QuotaPolicy, Plan, PlanByRef, Subscription, Secret, ToolWith("{ type: apiKey, apiKey: { in: query, name: q, secretRef: { name: s, key: k } } }"), ToolWith("{ type: bearer, bearer: { secretRef: { name: s, key: k } } }"),
            ToolWith("{ type: oauth2, oauth2: { tokenURL: https://login.example.com/token, clientId: me, secretRef: { name: s, key: k }, clientAuthentication: post, scopes: [a], audience: b, resource: c } }"),
            ToolWith("{ type: oauth2, oauth2: { tokenUrl: https://login.example.com/token, clientIdRef: { name: s, key: i }, clientSecretRef: { name: s, key: k } } }"),
            ToolWith("{ type: mtls, mtls: { certificateRef: { name: s, key: c }, privateKeyRef: { name: s, key: k } } }").Replace("http://api.", "https://api.", StringComparison.Ordinal),
            ToolWith("{ type: basic, basic: { username: me, passwordRef: { name: s, key: k } } }"), ToolWith("{ type: basic, basic: { usernameRef: { name: s, key: u }, passwordRef: { name: s, key: k } } }"),
            LlmProvider, LlmProvider.Replace("secretRef: { name: s, key: k }", "managedIdentity: true", StringComparison.Ordinal),
            LlmProvider.Replace("type: azure-openai", "type: openai-compatible", StringComparison.Ordinal).Replace("apiVersion: 2024-10-21", "responses: true", StringComparison.Ordinal).Replace("deployments: { gpt-4o: our-4o }", "", StringComparison.Ordinal),
            LlmRoute,
            ToolSet, ToolSet.Replace("url: https://pets.example.com/openapi.json", "inline: { openapi: 3.1.0 }", StringComparison.Ordinal),
            ToolWithPages("offset", "offsetParam: skip"), ToolWithPages("page", "pageParam: page"),
        ];
        var accepted = documents.Select(Reading.Accepted).ToArray();

        foreach (var kind in Kinds.Registry.All)
        {
            Assert.All(Paths(kind.Document, ""), path => Assert.Contains(accepted, d => d.Kind == kind.Kind && d.TryLocate(path, out _)));
        }
    }

    [Fact]
    public void Kinds_are_found_by_name_and_by_plural()
    {
        Assert.Same(ToolKind.Schema, Kinds.Registry.Find("Tool"));
        Assert.Same(SecretKind.Schema, Kinds.Registry.FindPlural("secrets"));
        Assert.Null(Kinds.Registry.Find("tools"));
        Assert.Null(Kinds.Registry.FindPlural("Secret"));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("_a")]
    [InlineData(".a")]
    [InlineData("..")]
    [InlineData("-a")]
    [InlineData("a-b")]
    [InlineData("a--b")]
    [InlineData("abc")]
    [InlineData("abc-")]
    [InlineData("a/b")]
    [InlineData("A.B_c")]
    [InlineData("a*")]
    [InlineData("*")]
    [InlineData("a*b")]
    [InlineData("")]
    [InlineData("é")]
    [InlineData("a b")]
    [InlineData("X-Api-Key")]
    [InlineData("a:b")]
    [InlineData("a234567890a234567890a234567890a234567890")]
    [InlineData("a234567890a234567890a234567890a2345678901")]
    [InlineData("a234567890a234567890a234567890a234567890a234567890a234567890abc")]
    [InlineData("a234567890a234567890a234567890a234567890a234567890a234567890abcd")]
    [InlineData("a234567890a234567890a234567890a234567890a234567890a234567890abc*")]
    [InlineData("a234567890a234567890a234567890a234567890a234567890a234567890abcde")]
    public void What_editors_accept_as_a_name_the_gateway_accepts_and_the_other_way_round(string text)
    {
        foreach (var rule in (TextRule[])[TextRule.Name, TextRule.ToolName, TextRule.ToolPattern, TextRule.TenantName, TextRule.LabelKey, TextRule.HttpToken, TextRule.ModelName, TextRule.ModelPattern])
        {
            Assert.True(Regex.IsMatch(text, rule.Pattern!) == rule.Accepts(text), $"{text} by {rule.Words}");
        }
    }

    [Theory]
    [InlineData("metod", "method")]
    [InlineData("mehtod", "method")]
    [InlineData("Method", "method")]
    [InlineData("maxResponse", "maxResponseBytes")]
    [InlineData("timeoutSeconds", "timeout")]
    [InlineData("tag", "tags")]
    [InlineData("to", null)]
    [InlineData("responseSomething", null)]
    public void A_near_miss_is_suggested_and_a_far_one_is_not(string unknown, string? expected) =>
        Assert.Equal(expected, Nearest.Among(unknown, ToolKind.Schema.Spec.Fields.Select(f => f.Name)));

    private static IEnumerable<string> Paths(ObjectShape shape, string prefix) =>
        shape.Fields.Where(f => !f.ReadOnly).SelectMany(f => (f.Shape is SpellingShape other ? other.Main : f.Shape) is ObjectShape inner ? Paths(inner, $"{prefix}{f.Name}.").Prepend(prefix + f.Name) : [prefix + f.Name]);
}
