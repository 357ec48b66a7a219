using Microsoft.Extensions.Configuration;
using Stoa.Functions;
using Stoa.Testing;
using Stoa.Testing.Streams;

namespace Stoa.Wire.Tests.Instances;

/// <summary>Settings of streams that are wrong stop the start, with what to do and without a secret.</summary>
public sealed class StreamSettingsTests
{
    private const string Canary = "canary-51c0ffee";

    [Theory]
    [InlineData("AuditOtlpEndpoint", "collector:4318", "Stoa__AuditOtlpEndpoint must be an absolute http or https URL.")]
    [InlineData("AuditOtlpEndpoint", "https://collector.example.com/v1/logs", "Stoa__AuditOtlpEndpoint must be the collector's base URL")]
    [InlineData("AuditOtlpEndpoint", "https://collector.example.com/?key=" + Canary, "Stoa__AuditOtlpEndpoint must be the collector's base URL")]
    [InlineData("AuditOtlpEndpoint", "https://me:" + Canary + "@collector.example.com", "Stoa__AuditOtlpEndpoint: The URL must not carry a user name")]
    [InlineData("AuditOtlpEndpoint", "http://93.184.216.34:4318", "Stoa__AuditOtlpEndpoint must be an https URL")]
    [InlineData("AuditOtlpEndpoint", "http://169.254.169.254", "Stoa__AuditOtlpEndpoint: The URL's address is not one")]
    [InlineData("AuditOtlpHeaders", "x-key=" + Canary, "Stoa__AuditOtlpHeaders needs Stoa__AuditOtlpEndpoint")]
    [InlineData("AuditOtlpHeaders", "a=b," + Canary, "its pair 2 is not.")]
    [InlineData("AuditOtlpHeaders", "a b=" + Canary, "its pair 1 is not.")]
    [InlineData("AuditOtlpHeaders", "a=" + Canary + "%0D%0Ab:c", "its pair 1 is not.")]
    [InlineData("AuditOtlpHeaders", "content-type=" + Canary, "its pair 1 does.")]
    [InlineData("AuditWebhook", "https://hooks.example.com", "Stoa__AuditWebhookSecret must be 'whsec_'")]
    [InlineData("AuditWebhookSecret", StreamReceiver.Secret, "Stoa__AuditWebhookSecret needs Stoa__AuditWebhook")]
    [InlineData("AuditWebhookSecret", Canary, "Stoa__AuditWebhookSecret must be 'whsec_'")]
    [InlineData("AuditWebhookSecret", "whsec_c2hvcnQ=", "Stoa__AuditWebhookSecret must be 'whsec_'")]
    public void Each_is_told_with_what_to_do(string name, string value, string expected)
    {
        Assert.Null(Read(new() { [name] = value }, out var problems));
        Assert.Contains(problems, p => p.Contains(expected, StringComparison.Ordinal));
        Assert.DoesNotContain(problems, p => p.Contains(Canary, StringComparison.Ordinal) || p.Contains(StreamReceiver.Secret, StringComparison.Ordinal));
    }

    [Fact]
    public void Values_of_headers_are_percent_decoded_and_the_path_is_added()
    {
        var otlp = Read(new() { ["AuditOtlpEndpoint"] = "https://collector.example.com/otlp/", ["AuditOtlpHeaders"] = "Authorization=Basic%20dTpw=, x-a = b" }, out _)!.Audit.Otlp!;

        Assert.Equal("https://collector.example.com/otlp/v1/logs", otlp.Logs.AbsoluteUri);
        Assert.Equal(["Authorization: Basic dTpw=", "x-a: b"], otlp.Headers.Select(h => $"{h.Key}: {h.Value.Reveal()}"));
        Assert.DoesNotContain("dTpw", $"{otlp} {string.Join(' ', otlp.Headers)}", StringComparison.Ordinal);
    }

    [Fact]
    public void In_Azure_plain_http_needs_a_network_that_is_open()
    {
        var azure = new Dictionary<string, string?> { ["Storage"] = "azure", ["StorageConnection"] = $"AccountName={Azurite.Account};AccountKey={Azurite.Key};TableEndpoint=http://127.0.0.1:1/t;BlobEndpoint=http://127.0.0.1:1/b", ["AuditOtlpEndpoint"] = "http://collector.internal:4318" };

        Assert.Null(Read(azure, out var problems));
        Assert.Contains("must be an https URL", Assert.Single(problems), StringComparison.Ordinal);
        Assert.NotNull(Read(new(azure) { ["EgressAllowedNetworks"] = "10.0.0.0/8" }, out _));
    }

    private static GatewaySettings? Read(Dictionary<string, string?> settings, out IReadOnlyList<string> problems) =>
        GatewaySettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings.Append(new("AdminKey", TestGateway.AdminKey)).Select(s => KeyValuePair.Create("Stoa:" + s.Key, s.Value))).Build(), out problems);
}
