using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Stoa.Functions;
using Stoa.Gateway;
using Stoa.Testing;

namespace Stoa.Shape.Tests;

/// <summary>What the Functions host reads: one <c>function.json</c> per door and per timer, derived from the code that answers them.</summary>
internal static class FunctionFiles
{
    public const string Folder = "functions/Stoa.Functions/app";

    private static readonly string[] Methods = ["get", "post", "put", "patch", "delete", "head", "options"];
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>From a gateway that is put together and never started.</summary>
    public static IReadOnlyList<TimedWork> Timers { get; } = ReadTimers();

    public static IEnumerable<(string Path, string Content)> All() =>
        RouteTable.Functions.Select(f => (f.Function, Binding: Http(f.Route)))
            .Concat(Timers.Select(t => (t.Function, Binding: Timer(t.Schedule))))
            .Select(f => ($"{Folder}/{f.Function}/function.json", new JsonObject { ["bindings"] = f.Binding }.ToJsonString(Indented) + "\n"));

    private static IReadOnlyList<TimedWork> ReadTimers()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Stoa:AdminKey", TestGateway.AdminKey), new("Logging:Console:LogLevel:Default", "None")])
            .Build();
        var settings = GatewaySettings.Read(configuration, out _)!;
        using var app = GatewayHost.Build(
            settings, TestGateway.InMemory(), Gateway.Tenants.AdminKey.Of(TestGateway.AdminKey), configuration, TimeProvider.System);
        return app.Services.GetRequiredService<GatewayApp>().Timers;
    }

    // Keys are the gateway's affair: the host's own would be a second set that knows no tenants.
    private static JsonArray Http(string route) =>
    [
        new JsonObject
        {
            ["type"] = "httpTrigger",
            ["direction"] = "in",
            ["name"] = "request",
            ["authLevel"] = "anonymous",
            ["route"] = route,
            ["methods"] = new JsonArray([.. Methods.Select(m => JsonValue.Create(m))]),
        },
        new JsonObject
        {
            ["type"] = "http",
            ["direction"] = "out",
            ["name"] = "response",
        },
    ];

    private static JsonArray Timer(string schedule) =>
    [
        new JsonObject
        {
            ["type"] = "timerTrigger",
            ["direction"] = "in",
            ["name"] = "timer",
            ["schedule"] = schedule,
        },
    ];
}
