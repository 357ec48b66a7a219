using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Stoa.Samples.CrmApi;

namespace Stoa.Wire.Tests.Samples;

/// <summary>The sample CRM as a newcomer starts it: a process of its own, on a free port, that says its address first.</summary>
public sealed class RunningCrm : IAsyncLifetime
{
    public const string Key = "crm-demo-key";

    private readonly Process _process = new()
    {
        StartInfo = new("dotnet", [typeof(CrmData).Assembly.Location, "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
            Environment = { ["CRM_API_KEY"] = null },
        },
    };

    private readonly HttpClient _http = new();

    public string FirstLine { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        _process.Start();
        FirstLine = await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? "";
        _http.BaseAddress = new(FirstLine.Split(' ')[^1]);
    }

    public Task<HttpResponseMessage> SendAsync(string method, string path, string? body = null, string? key = Key)
    {
        var request = new HttpRequestMessage(new(method), path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        if (key is not null)
        {
            request.Headers.Add("X-Api-Key", key);
        }

        return _http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>The id of a customer that no other test touches.</summary>
    public async Task<string> NewCustomerAsync()
    {
        const string Body = """{"name":"N","contact":"C","email":"c@n.example","segment":"smb","city":"X"}""";
        using var response = await SendAsync("POST", "/customers", Body);
        return (await JsonOf(response))["id"]!.GetValue<string>();
    }

    public static async Task<JsonNode> JsonOf(HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        _process.Kill(entireProcessTree: true);
        _process.Dispose();
        return ValueTask.CompletedTask;
    }
}
