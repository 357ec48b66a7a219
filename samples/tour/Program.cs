// The main job in one go: a REST API, the gateway in front of it, and an agent that calls it over MCP.
// `dotnet run --project samples/tour` tells the story; with `-- --keep` everything stays up for a client of your own.
using System.Text.Json;
using Stoa.Samples.Tour;

var keep = args.Contains("--keep");
if (args.Except(["--keep"]).FirstOrDefault() is { } unknown)
{
    Console.Error.WriteLine($"Unknown argument '{unknown}'. Usage: dotnet run --project samples/tour [-- --keep]");
    return 2;
}

var data = Directory.CreateTempSubdirectory("stoa-tour-").FullName;
try
{
    await using var crm = await Child.StartAsync("Stoa.Samples.CrmApi.dll", "listening on", new() { ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{(keep ? 7080 : 0)}" });
    await using var gateway = await Child.StartAsync("Stoa.Functions.dll", "listens on", new()
    {
        ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{(keep ? 7071 : 0)}",
        ["Stoa__DataPath"] = data,
        ["Stoa__AdminKey"] = Management.NewAdminKey(),
        ["Stoa__AuditPatienceSeconds"] = "30", // a disk on which all this was just built may be slow to flush
        ["Logging__LogLevel__Default"] = "Warning",
        ["Logging__LogLevel__Stoa.Gateway.Audit"] = "Warning",
    });

    Say.Title("An agent calls a real API through the gateway");
    Say.Step($"A REST API runs at {crm.Url} (samples/crm-api). It knows nothing of MCP or agents.");
    Say.Step($"The gateway runs at {gateway.Url} in embedded mode.");

    using var management = new Management(gateway.Url, gateway.AdminKey);
    var yaml = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "crm.yaml"));
    Say.Step("samples/tools/crm.yaml is applied: it describes the API's endpoints as tools.");
    Say.Lines(await management.ApplyAsync(yaml.Replace("http://127.0.0.1:7080", crm.Url, StringComparison.Ordinal)));

    var readKey = await management.IssueKeyAsync("acme", "support-agent");
    var writeKey = await management.IssueKeyAsync("acme", "ops-agent");
    Say.Step("Two agents get a key each: support-agent may read (stoa:read), ops-agent may also write (stoa:write).");

    await using (var reader = await Agent.ConnectAsync(gateway.Url, readKey))
    {
        Say.Step($"support-agent connects over MCP {reader.ProtocolVersion} and lists its tools.");
        Say.Lines(await reader.ListAsync());

        Say.Step("""It calls crm_search_customers {"q": "logistics"}. The gateway calls the API with the API's own key.""");
        Say.Lines(await reader.CallAsync("crm_search_customers", """{"q": "logistics", "limit": 1}"""));

        Say.Step("""It calls crm_get_customer {"id": 42}. The argument does not fit the schema: refused, the API hears nothing.""");
        Say.Lines(await reader.CallAsync("crm_get_customer", """{"id": 42}"""));

        Say.Step("It calls crm_add_note, which writes. Its key lacks the scope: refused, the API hears nothing.");
        Say.Lines(await reader.CallAsync("crm_add_note", """{"id": "cus_1001", "text": "Call back on Monday."}"""));
    }

    await using (var writer = await Agent.ConnectAsync(gateway.Url, writeKey))
    {
        Say.Step("ops-agent makes the same call with its own key.");
        Say.Lines(await writer.CallAsync("crm_add_note", """{"id": "cus_1001", "text": "Call back on Monday."}"""));
    }

    if (keep)
    {
        Say.Connect(gateway.Url, readKey);
        var stopped = new TaskCompletionSource();
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = true;
            stopped.TrySetResult();
        };
        await stopped.Task;
    }
    else
    {
        Say.Title("Done. Run it with `-- --keep` to connect a client of your own.");
    }

    return 0;
}
catch (Exception e) when (e is InvalidOperationException or HttpRequestException or IOException or JsonException)
{
    Console.Error.WriteLine($"The tour cannot go on: {e.Message}");
    return 1;
}
finally
{
    Directory.Delete(data, recursive: true);
}
