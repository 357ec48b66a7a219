using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Stoa.Functions;
using Stoa.Gateway;
using Stoa.Gateway.Audit.Sealing;
using Stoa.Gateway.Keys;
using Stoa.Gateway.Storage;

namespace Stoa.Testing;

/// <summary>
/// The whole gateway on a real socket of this process: the code that <c>Program.cs</c> runs, over memory unless ports are given. An Error
/// in its log that the test did not expect fails the test when the gateway is disposed.
/// </summary>
internal sealed class TestGateway : IAsyncDisposable
{
    public const string AdminKey = "stoa_admin_for-tests-0123456789-0123456789";

    private readonly WebApplication _app;
    private readonly ErrorLog _errors = new();
    private readonly List<HttpClient> _clients = [];

    private TestGateway(WebApplication app) => _app = app;

    /// <summary>For example <c>http://127.0.0.1:20123/</c>.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>Carries the administrator's key.</summary>
    public HttpClient Admin { get; private set; } = null!;

    /// <summary>Set by a test that provokes faults: then Error logs are expected.</summary>
    public bool ExpectsErrors { get; set; }

    /// <param name="log">Gets what is logged, beside the watch for errors.</param>
    public static async Task<TestGateway> StartAsync(
        IReadOnlyDictionary<string, string?>? settings = null, GatewayPorts? ports = null, TimeProvider? time = null, ILoggerProvider? log = null)
    {
        var values = new Dictionary<string, string?> { ["ASPNETCORE_URLS"] = "http://127.0.0.1:0", ["Logging:Console:LogLevel:Default"] = "None", ["Stoa:AdminKey"] = AdminKey, ["Stoa:AuditPatienceSeconds"] = "30" };
        foreach (var (name, value) in settings ?? new Dictionary<string, string?>())
        {
            values[name] = value;
        }

        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        var read = GatewaySettings.Read(configuration, out var problems) ?? throw new InvalidOperationException(string.Join(" ", problems));
        var app = GatewayHost.Build(read, ports ?? InMemory(), Gateway.Tenants.AdminKey.Of(AdminKey), configuration, time ?? TimeProvider.System);
        var gateway = new TestGateway(app);
        app.Services.GetRequiredService<ILoggerFactory>().AddProvider(gateway._errors);
        if (log is not null)
        {
            app.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        }

        await app.StartAsync();
        gateway.Url = new Uri(app.Urls.Single());
        gateway.Admin = gateway.ClientFor(AdminKey);
        return gateway;
    }

    /// <summary>Ports over memory; share them to make two gateways instances of one.</summary>
    public static GatewayPorts InMemory()
    {
        var blobs = new MemoryBlobStore(TimeProvider.System);
        return new(new MemoryRowStore(), blobs, new LocalKeyWrap(KeyFiles.New("key")), ReadVaultSecret: null, new MemoryAppendStore(TimeProvider.System), blobs, new LocalCheckpointKey(KeyFiles.New("audit-key.pem")));
    }

    /// <summary>A client that sends the key as a bearer credential; without one when null.</summary>
    public HttpClient ClientFor(string? key)
    {
        var client = new HttpClient { BaseAddress = Url };
        client.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        _clients.Add(client);
        return client;
    }

    /// <summary>Applies YAML and fails unless every document was taken.</summary>
    public async Task ApplyAsync(string yaml)
    {
        using var response = await Admin.PostAsync("/manage/v1/apply", new StringContent(yaml, Encoding.UTF8, "application/yaml"));
        if (response.StatusCode != System.Net.HttpStatusCode.OK)
        {
            throw new InvalidOperationException(await response.Content.ReadAsStringAsync());
        }
    }

    /// <summary>Issues a key; <paramref name="request"/> is the JSON body, if any.</summary>
    public async Task<string> IssueKeyAsync(string tenant, string consumer, string? request = null)
    {
        using var response = await Admin.PostAsync($"/manage/v1/consumers/{tenant}/{consumer}/keys", request is null ? null : new StringContent(request, Encoding.UTF8, "application/json"));
        response.EnsureSuccessStatusCode();
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        return body.GetProperty("key").GetString()!;
    }

    /// <summary>Ends it as a host does that has time: in order. Disposing alone is a crash.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(c => c.Dispose());

        // Stops nothing in order; the host only knows then that a background service is cancelled, not broken, even one that has not begun.
        _app.Lifetime.StopApplication();
        await _app.DisposeAsync();
        if (!ExpectsErrors && _errors.Lines.FirstOrDefault() is { } line)
        {
            throw new InvalidOperationException($"The gateway logged an error that the test did not expect: {line}");
        }
    }
}
