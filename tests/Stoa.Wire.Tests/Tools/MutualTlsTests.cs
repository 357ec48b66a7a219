using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using Stoa.Testing;
using Stoa.Wire.Tests.Instances;
using Stoa.Wire.Tests.Manage;
using Stoa.Wire.Tests.Mcp;

namespace Stoa.Wire.Tests.Tools;

/// <summary>
/// Client certificates towards an endpoint that requires one: the gateway as a process of its own, which trusts the test's authority by
/// OpenSSL's own variable, so that nothing in the product is bent for the test.
/// </summary>
public sealed class MutualTlsTests
{
    [Fact]
    public async Task The_certificate_is_presented_for_its_own_tool_and_for_no_other()
    {
        using var authority = new TestAuthority();
        using var server = authority.Issue("server");
        using var client = authority.Issue("crm-client");
        using var stranger = authority.Issue("stranger");
        await using var upstream = await StartAsync(server, client.Thumbprint);
        using var data = new DataPath();
        var trusted = Path.Combine(data.Path, "authority.pem");
        Directory.CreateDirectory(data.Path);
        await File.WriteAllTextAsync(trusted, authority.RootPem);
        await using var gateway = await GatewayProcess.StartAsync(new Dictionary<string, string>
        {
            ["Stoa__DataPath"] = Path.Combine(data.Path, "data"),
            ["Stoa__AdminKey"] = TestGateway.AdminKey,
            ["SSL_CERT_FILE"] = trusted,
        });
        using var admin = gateway.ClientFor(TestGateway.AdminKey);
        var url = $"{upstream.Urls.Single()}/whoami";
        var applied = await admin.ApplyAsync(string.Join("---\n",
            Given.Tenant("acme"), Given.Consumer("agent", "scopes: [stoa:write]"),
            Secret("good", client), Secret("strange", stranger), Secret("mixed", client, keyOf: stranger),
            Given.Tool("known", url, Mutual("good")),
            Given.Tool("unknown", url, Mutual("strange")),
            Given.Tool("broken", url, Mutual("mixed")),
            Given.Tool("bare", url)));
        Assert.True(applied.Status == 200, applied.Text);
        var key = (await admin.PostAsync("/manage/v1/consumers/acme/agent/keys")).Body.GetProperty("key").GetString()!;
        using var agent = gateway.ClientFor(key);

        Assert.Contains("crm-client", await InvokeAsync(agent, "known"), StringComparison.Ordinal);
        Assert.Contains("crm-client", await InvokeAsync(agent, "known"), StringComparison.Ordinal);

        // Not over the connections that are open by now, either.
        Assert.DoesNotContain("crm-client", await InvokeAsync(agent, "bare"), StringComparison.Ordinal);
        Assert.DoesNotContain("crm-client", await InvokeAsync(agent, "unknown"), StringComparison.Ordinal);
        Assert.Contains("no private key that belongs to it", await InvokeAsync(agent, "broken"), StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", gateway.Output + gateway.Errors, StringComparison.Ordinal);
    }

    private static string Mutual(string secret) =>
        $"auth: {{ type: mtls, mtls: {{ certificateRef: {{ name: {secret}, key: cert }}, privateKeyRef: {{ name: {secret}, key: key }} }} }}";

    private static string Secret(string name, X509Certificate2 certificate, X509Certificate2? keyOf = null)
    {
        using var key = (keyOf ?? certificate).GetECDsaPrivateKey()!;
        return $$"""
            apiVersion: gostoa.dev/v1alpha1
            kind: Secret
            metadata: { name: {{name}}, namespace: acme }
            spec: { data: { cert: {{JsonSerializer.Serialize(certificate.ExportCertificatePem())}}, key: {{JsonSerializer.Serialize(key.ExportPkcs8PrivateKeyPem())}} } }

            """;
    }

    private static async Task<WebApplication> StartAsync(X509Certificate2 certificate, string allowedClient)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = certificate;
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.ClientCertificateValidation = (presented, _, _) => presented.Thumbprint == allowedClient;
        })));
        var app = builder.Build();
        app.MapGet("/whoami", (HttpContext http) => Results.Text($$"""{"subject":"{{http.Connection.ClientCertificate?.Subject}}"}""", "application/json"));
        await app.StartAsync();
        return app;
    }

    private static async Task<string> InvokeAsync(HttpClient agent, string tool) =>
        (await agent.PostAsync($"/mcp/v1/tools/{tool}/invoke", """{"arguments":{}}""")).Text;
}
