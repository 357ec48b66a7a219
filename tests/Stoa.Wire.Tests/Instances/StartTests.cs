using System.Net;
using System.Net.Sockets;
using Stoa.Testing;

namespace Stoa.Wire.Tests.Instances;

/// <summary>Starts that must fail: every reason at once, in words, with exit code 2 and without a stack trace.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task All_wrong_settings_are_listed_at_once()
    {
        var (exitCode, output, errors) = await GatewayProcess.RefusedAsync(new Dictionary<string, string>
        {
            ["Stoa__Storage"] = "cloud",
            ["Stoa__AdminKey"] = "stoa_admin_tooshort",
            ["Stoa__PublicUrl"] = "gateway.example",
            ["Stoa__MaxStaleSeconds"] = "-1",
            ["Stoa__CallsPerInstance"] = "0",
            ["Stoa__CallsPerTenant"] = "many",
            ["Stoa__EgressAllowedNetworks"] = "10.0.0.0/99",
            ["FUNCTIONS_CUSTOMHANDLER_PORT"] = "70000",
        });

        Assert.Equal(2, exitCode);
        Assert.Equal("", output.Trim());
        var lines = errors.Trim().Split('\n').Select(l => l.Trim()).ToArray();
        Assert.Equal("The gateway cannot start:", lines[0]);
        Assert.Equal(
            [
                "- FUNCTIONS_CUSTOMHANDLER_PORT must be a whole number from 1 to 65535.",
                "- Stoa__AdminKey must start with 'stoa_admin_' and have 32 to 400 characters.",
                "- Stoa__CallsPerInstance must be a whole number from 1 to 100000.",
                "- Stoa__CallsPerTenant must be a whole number from 1 to 100000.",
                "- Stoa__EgressAllowedNetworks must be a comma-separated list of networks in CIDR notation, such as 10.1.0.0/16.",
                "- Stoa__MaxStaleSeconds must be a whole number from 0 to 3600.",
                "- Stoa__PublicUrl must be an absolute http or https URL.",
                "- Stoa__Storage must be 'embedded' or 'azure'.",
            ],
            lines[1..].Order(StringComparer.Ordinal));
        Assert.DoesNotContain("tooshort", errors);
    }

    [Theory]
    [InlineData("")]
    [InlineData("embedded")]
    public async Task Embedded_mode_does_not_start_in_Azure(string storage)
    {
        var (exitCode, _, errors) = await GatewayProcess.RefusedAsync(new Dictionary<string, string> { ["WEBSITE_INSTANCE_ID"] = "0123", ["Stoa__Storage"] = storage });

        Assert.Equal(2, exitCode);
        Assert.Contains("Stoa__Storage must be 'azure' here", errors);
    }

    [Fact]
    public async Task Azure_mode_says_all_that_it_needs()
    {
        var (exitCode, _, errors) = await GatewayProcess.RefusedAsync(new Dictionary<string, string> { ["WEBSITE_INSTANCE_ID"] = "0123", ["Stoa__Storage"] = "azure" });

        Assert.Equal(2, exitCode);
        Assert.Contains("needs Stoa__TablesEndpoint and Stoa__BlobsEndpoint", errors);
        Assert.Contains("Stoa__AdminKey must be set", errors);
        Assert.Contains("Stoa__KeyVault must name the Key Vault", errors);
    }

    [Fact]
    public async Task A_connection_string_that_cannot_be_read_is_not_repeated()
    {
        var (exitCode, _, errors) = await GatewayProcess.RefusedAsync(new Dictionary<string, string>
        {
            ["Stoa__Storage"] = "azure",
            ["Stoa__AdminKey"] = TestGateway.AdminKey,
            ["Stoa__StorageConnection"] = "AccountName=someone;AccountKey=c2VjcmV0LXNlY3JldA",
        });

        Assert.Equal(2, exitCode);
        Assert.Contains("- Stoa__StorageConnection: ", errors);
        Assert.DoesNotContain("c2VjcmV0", errors);
        Assert.DoesNotContain("   at ", errors);
    }

    [Fact]
    public async Task A_second_process_on_the_same_folder_is_refused_and_the_first_goes_on()
    {
        using var data = new DataPath();
        var settings = new Dictionary<string, string> { ["Stoa__DataPath"] = data.Path, ["Stoa__AdminKey"] = TestGateway.AdminKey };
        await using var first = await GatewayProcess.StartAsync(settings);

        var (exitCode, _, errors) = await GatewayProcess.RefusedAsync(settings);

        Assert.Equal(2, exitCode);
        Assert.Equal($"The gateway cannot start: The data folder '{data.Path}' is in use by another process; embedded storage serves one. Stop it or choose another folder.", errors.Trim());
        using var anyone = first.ClientFor(null);
        Assert.Equal(HttpStatusCode.OK, (await anyone.GetAsync("/readyz")).StatusCode);
    }

    [Theory]
    [InlineData("port", "address already in use")]
    [InlineData("https", "ASPNETCORE_URLS must be http:// URLs")]
    [InlineData("address", "ASPNETCORE_URLS must be http:// URLs")]
    [InlineData("file", "file")]
    [InlineData("journal", "Line 1 of ")]
    [InlineData("key", "must hold the SHA-256 of the administrator's key")]
    [InlineData("empty key", "must hold the SHA-256 of the administrator's key")]
    public async Task What_stands_in_the_way_is_said_without_a_stack_trace(string what, string said)
    {
        using var data = new DataPath();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var settings = new Dictionary<string, string> { ["Stoa__DataPath"] = data.Path };
        switch (what)
        {
            case "port":
                settings["ASPNETCORE_URLS"] = $"http://{taken.LocalEndpoint}";
                break;
            case "https":
                settings["ASPNETCORE_URLS"] = "https://127.0.0.1:0";
                break;
            case "address":
                settings["ASPNETCORE_URLS"] = "7071";
                break;
            case "file":
                settings["Stoa__DataPath"] = Path.Combine(data.Path, "file");
                await File.WriteAllTextAsync(settings["Stoa__DataPath"], "");
                break;
            case "journal":
                await File.WriteAllTextAsync(Path.Combine(data.Path, "rows.journal"), "nonsense\nnonsense\n");
                break;
            default:
                await File.WriteAllTextAsync(Path.Combine(data.Path, "admin-key.sha256"), what is "key" ? "nonsense" : "");
                break;
        }

        var (exitCode, _, errors) = await GatewayProcess.RefusedAsync(settings);

        Assert.Equal(2, exitCode);
        Assert.StartsWith("The gateway cannot start:", errors);
        Assert.Contains(said, errors);
        Assert.DoesNotContain("   at ", errors);
    }
}
