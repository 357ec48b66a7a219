using System.Diagnostics;

namespace Stoa.Wire.Tests.FunctionsHost;

/// <summary>The published binary does not start where it would lose data, and says everything that is wrong at once.</summary>
public class StartRefusedTests(PublishedApp app)
{
    [Theory]
    [InlineData(null, "Stoa__Storage must be 'azure' here")]
    [InlineData("embedded", "Stoa__Storage must be 'azure' here")]
    [InlineData("azure", "Stoa__KeyVault must name the Key Vault")]
    [InlineData("azure", "Stoa__TablesEndpoint and Stoa__BlobsEndpoint")]
    [InlineData("azure", "Stoa__AdminKey must be set")]
    public async Task On_azure_only_settings_that_keep_data_are_taken(string? storage, string problem)
    {
        var start = new ProcessStartInfo(Path.Combine(await app.FolderAsync(), "Stoa.Functions"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["WEBSITE_INSTANCE_ID"] = "0123456789abcdef", ["FUNCTIONS_CUSTOMHANDLER_PORT"] = "1", ["Stoa__Storage"] = storage },
        };
        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(2, process.ExitCode);
        Assert.Contains(problem, errors, StringComparison.Ordinal);
    }
}
